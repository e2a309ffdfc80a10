using ECommerce.Caching.Inspection;

namespace ECommerce.Caching.Tests.Diagnostics;

/// <summary>Why a factory ran, as the statistics report it.</summary>
public class MissCausesTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly TimeSpan PastFresh = CacheNode.Product.Fresh + TimeSpan.FromSeconds(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_read_finds_nothing_and_later_ones_run_no_factory()
    {
        await using var node = await CacheNode.StartAsync(null);
        for (var i = 0; i < 3; i++)
            await node.ReadAsync(Key, () => "value");

        Assert.Equal(MissCauses.None with { NotCached = 1 }, await CausesAsync(node));
    }

    [Fact]
    public async Task An_entry_whose_lifetimes_are_over_has_expired()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "value");
        node.Clock.Advance(PastFresh + CacheNode.Product.Stale);
        await node.ReadAsync(Key, () => "value");

        Assert.Equal(MissCauses.None with { NotCached = 1, Expired = 1 }, await CausesAsync(node));
    }

    [Fact]
    public async Task A_stale_entry_is_refreshed()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "value");
        node.Clock.Advance(PastFresh);
        await node.ReadAsync(Key, () => "value");

        await Eventually.TrueAsync(
            async () => await CausesAsync(node) == MissCauses.None with { NotCached = 1, Refreshed = 1 },
            "the refresh is counted");
        Assert.Equal(1, (await FillsAsync(node)).StaleServed);
    }

    [Fact]
    public async Task An_invalidated_entry_is_one_on_a_node_that_has_it_in_memory_and_on_one_that_reads_redis()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "value");
        await one.Invalidator.InvalidateAsync([CacheNode.Product.All("acme")], Ct);
        await two.ReadAsync(Key, () => "value");
        await one.Invalidator.InvalidateAsync([CacheNode.Product.All("acme")], Ct);
        await one.ReadAsync(Key, () => "value");

        Assert.Equal(MissCauses.None with { NotCached = 1, Invalidated = 1 }, await CausesAsync(one));
        Assert.Equal(1, (await CausesAsync(two)).Invalidated + (await CausesAsync(two)).NotCached);
    }

    [Fact]
    public async Task Without_redis_what_memory_has_not_is_counted_as_its_outage()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await redis.KillAsync();
        await Eventually.TrueAsync(
            async () => (await node.Inspector.StatisticsAsync(cancellationToken: Ct)).Node.TrustsRedis == false,
            "the node has noticed");

        await node.ReadAsync(Key, () => "value");

        Assert.Equal(MissCauses.None with { RedisUnavailable = 1 }, await CausesAsync(node));
        await redis.StartAgainAsync();
    }

    [Fact]
    public async Task What_redis_has_and_cannot_be_read_is_counted_as_unreadable()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await client.GetDatabase().StringSetAsync(Key, "of another program", TimeSpan.FromMinutes(1));

        await node.ReadAsync(Key, () => "value");

        Assert.Equal(MissCauses.None with { Unreadable = 1 }, await CausesAsync(node));
    }

    [Fact]
    public async Task Callers_that_join_a_run_are_counted_and_have_no_cause()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var first = gate.ReadAsync(node, Key, "value", Ct);
        await gate.Entered;
        var second = gate.ReadAsync(node, Key, "value", Ct);
        gate.Open();
        await Task.WhenAll(first, second);

        var fills = await FillsAsync(node);

        Assert.Equal((1, 1), (fills.Succeeded, fills.Joined));
        Assert.Equal(MissCauses.None with { NotCached = 1 }, fills.Causes);
    }

    private static async Task<FillStatistics> FillsAsync(CacheNode node) =>
        (await node.Inspector.StatisticsAsync(cancellationToken: Ct)).Policies
        .Single(static policy => policy.Pattern == CacheNode.Product.Pattern).Fills;

    private static async Task<MissCauses> CausesAsync(CacheNode node) => (await FillsAsync(node)).Causes;
}
