using ECommerce.Caching.Inspection;
using ECommerce.Caching.Redis;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.Tests.Inspection;

/// <summary>Why a key would be served or not.</summary>
public class KeyExplanationTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invalidated_entry_names_the_tag_in_memory_and_in_redis()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        await two.ReadAsync(Key, () => "old");

        await two.Invalidator.InvalidateAsync(["product:acme:*"], Ct);

        foreach (var node in new[] { one, two })
        {
            var told = await node.Inspector.ExplainAsync(Key, Ct);
            Assert.Equal((MemoryState.Invalidated, "product:acme:*"), (told.Memory.State, told.Memory.DroppedBy));
            Assert.Equal(
                "product:acme:*", Assert.Single(told.Memory.Tags, tag => tag.DroppedAt > told.Memory.AsOf).Tag);
            Assert.Equal((RedisState.Invalidated, "product:acme:*"), (told.Redis.State, told.Redis.OutdatedBy));
            Assert.Equal("product:acme:*", Assert.Single(told.Redis.Tags, tag => tag.IsOutdated).Tag);
            Assert.Equal(
                MemoryState.Invalidated, (await ListAsync(node.Inspector.FindKeys("product:*", cancellationToken: Ct)))
                    .Single().Memory);
        }
    }

    [Fact]
    public async Task Keys_that_nothing_is_kept_under_are_told_why()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await client.GetDatabase().ListRightPushAsync("queue", "theirs");
        await client.GetDatabase().ListRightPushAsync(Key, "theirs, under a key of ours");
        await node.Cache.GetOrCreateAsync(
            "any", static _ =>
                new ValueTask<string>("value"), new HybridCacheEntryOptions { Expiration = TimeSpan.FromMinutes(1) },
                cancellationToken: Ct);

        Assert.Equal((KeyFault.Empty, RedisState.NotAsked, null), await TellAsync(""));
        Assert.Equal(
            (KeyFault.TooLong, RedisState.NotAsked, null), await TellAsync("product:acme:" + new string('x', 1024)));
        Assert.Equal((KeyFault.ControlCharacter, RedisState.NotAsked, null), await TellAsync("product:acme\n"));
        Assert.Equal((KeyFault.HalfOfAPair, RedisState.NotAsked, null), await TellAsync("any \ud800"));
        Assert.Equal((KeyFault.NoPolicy, RedisState.Foreign, null), await TellAsync("queue"));
        Assert.Equal((KeyFault.NoPolicy, RedisState.Absent, null), await TellAsync("product:acme:1:2"));
        Assert.Equal((KeyFault.NoPolicy, RedisState.Absent, "(none)"), await TellAsync("any"));
        Assert.Equal((KeyFault.None, RedisState.Foreign, "product:{tenant}:{id}"), await TellAsync(Key));

        async Task<(KeyFault, RedisState, string?)> TellAsync(string key) =>
            await node.Inspector.ExplainAsync(key, Ct) is var told
                ? (told.Fault, told.Redis.State, told.Policy?.Pattern)
                : default;
    }

    [Fact]
    public async Task What_is_stale_in_memory_is_told_from_what_ran_out_of_time()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "value");

        node.Clock.Advance(CacheNode.Product.Fresh + TimeSpan.FromSeconds(1));
        var stale = (await node.Inspector.ExplainAsync(Key, Ct)).Memory;
        node.Clock.Advance(CacheNode.Product.Stale);
        var expired = (await node.Inspector.ExplainAsync(Key, Ct)).Memory;

        Assert.Equal((MemoryState.Stale, TimeSpan.Zero), (stale.State, stale.FreshFor));
        Assert.InRange(stale.LivesFor!.Value, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        Assert.InRange(stale.Age!.Value, CacheNode.Product.Fresh, CacheNode.Product.Fresh + TimeSpan.FromMinutes(1));
        Assert.Equal((MemoryState.Expired, TimeSpan.Zero), (expired.State, expired.LivesFor));
    }

    [Fact]
    public async Task What_is_stale_in_redis_is_told_by_how_long_it_stays_there()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await node.ReadAsync(Key, () => "value");

        await client.GetDatabase().KeyExpireAsync(Key, CacheNode.Product.Stale - TimeSpan.FromSeconds(1));
        var told = (await node.Inspector.ExplainAsync(Key, Ct)).Redis;

        Assert.Equal((RedisState.Stale, TimeSpan.Zero), (told.State, told.FreshFor));
        Assert.InRange(told.LivesFor!.Value, TimeSpan.FromMinutes(14), CacheNode.Product.Stale);
    }

    [Fact]
    public async Task A_node_that_lost_track_of_the_others_says_that_it_forgot_all_it_had()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");

        node.Clock.Advance(TimeSpan.FromSeconds(10));

        await Eventually.TrueAsync(
            async () =>
                (await node.Inspector.ExplainAsync(Key, Ct)).Memory is
                {
                    State: MemoryState.Forgotten,
                    DroppedBy: null
                }, "it follows the messages again");
    }

    [Fact]
    public async Task An_entry_whose_version_redis_has_lost_is_no_longer_valid_for_who_must_ask()
    {
        await using var redis = await StartRedisAsync();
        await using var maker = await CacheNode.StartAsync(redis);
        await maker.ReadAsync(Key, () => "value");
        await using var late = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();

        await client.GetDatabase().KeyDeleteAsync(RedisLayer.VersionKey("tenant:acme"));
        var told = await late.Inspector.ExplainAsync(Key, Ct);

        Assert.Equal((RedisState.Forgotten, "tenant:acme"), (told.Redis.State, told.Redis.OutdatedBy));
        Assert.Equal("own", await late.ReadAsync(Key, () => "own"));
    }

    [Fact]
    public async Task A_flight_is_seen_here_and_as_a_lock_from_everywhere()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        var leads = gate.ReadAsync(one, Key, "value", Ct);
        await gate.Entered;

        var (here, there) = (await one.Inspector.ExplainAsync(Key, Ct), await two.Inspector.ExplainAsync(Key, Ct));
        Assert.Equal((FillState.Running, false), (here.Fill.Here, here.Fill.IsAwaited));
        Assert.Equal((FillState.None, false), (there.Fill.Here, there.Fill.IsAwaited));
        Assert.InRange(there.Fill.LockedFor!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5));
        Assert.Equal(1, (await one.Inspector.StatisticsAsync(Ct)).FillsRunning);

        var waits = two.ReadAsync(Key, () => "own").AsTask();
        await Eventually.TrueAsync(
            async () => (await one.Inspector.ExplainAsync(Key, Ct)).Fill.IsAwaited, "the other node waits");
        gate.Open();
        await leads;
        Assert.Equal("value", await waits);
        Assert.Equal(new ExplainedFill(FillState.None, null, false), (await one.Inspector.ExplainAsync(Key, Ct)).Fill);
    }

    [Fact]
    public async Task A_flight_that_has_just_failed_is_told()
    {
        await using var node = await CacheNode.StartAsync(null);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await node.ReadAsync(Key, () => throw new InvalidOperationException("The source is away.")));

        Assert.Equal(FillState.Failed, (await node.Inspector.ExplainAsync(Key, Ct)).Fill.Here);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(FillState.None, (await node.Inspector.ExplainAsync(Key, Ct)).Fill.Here);
    }

    private static async Task<List<CachedKey>> ListAsync(CachedKeys listing)
    {
        var rows = new List<CachedKey>();
        await foreach (var row in listing.WithCancellation(Ct))
            rows.Add(row);
        return rows;
    }
}
