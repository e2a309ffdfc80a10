using System.Diagnostics;
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
            var explained = await node.Inspector.ExplainAsync(Key, Ct);
            Assert.Equal(
                (MemoryState.Invalidated, "product:acme:*"), (explained.Memory.State, explained.Memory.DroppedBy));
            Assert.Equal(
                "product:acme:*",
                Assert.Single(explained.Memory.Tags, tag => tag.DroppedAt > explained.Memory.AsOf).Tag);
            Assert.Equal(
                (RedisState.Invalidated, "product:acme:*"), (explained.Redis.State, explained.Redis.OutdatedBy));
            Assert.Equal("product:acme:*", Assert.Single(explained.Redis.Tags, tag => tag.IsOutdated).Tag);
            Assert.Equal(
                MemoryState.Invalidated, (await node.KeysAsync("product:*"))
                    .Single().Memory);
        }
    }

    [Fact]
    public async Task The_node_of_a_write_names_it_and_each_node_why_it_last_filled_the_key()
    {
        await using var redis = await StartRedisAsync();
        await using var reader = await CacheNode.StartAsync(redis);
        await using var writer = await CacheNode.StartAsync(redis);
        await reader.ReadAsync(Key, () => "old");
        var first = await reader.Inspector.ExplainAsync(Key, Ct);

        using (var write = new Activity("PATCH").Start())
        {
            using (new Activity("UPDATE").Start())
                await writer.Invalidator.InvalidateAsync(["product:acme:*", "product:globex:*"], Ct);
            write.DisplayName = "PATCH /products/{id}";
        }
        await reader.ReadAsync(Key, () => "new");

        var (there, here) = (
            await writer.Inspector.ExplainAsync(Key, Ct), await reader.Inspector.ExplainAsync(Key, Ct));
        Assert.Equal(("not_cached", null), (first.LastFill!.Cause, first.LastDrop));
        Assert.Equal("invalidated", here.LastFill!.Cause);
        Assert.Null(there.LastFill);
        Assert.InRange(here.Reads, 1, 100);
        Assert.Equal((true, "PATCH /products/{id}"), (there.LastDrop!.IsLocal, there.LastDrop.Write));
        Assert.NotNull(there.LastDrop.TraceId);
        Assert.Equal((false, null, null), (here.LastDrop!.IsLocal, here.LastDrop.Write, here.LastDrop.TraceId));
        Assert.All([there, here], node => Assert.Equal(["product:acme:*"], node.LastDrop!.Tags));
    }

    [Fact]
    public async Task A_key_that_cannot_be_cached_is_explained_with_its_fault()
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

        Assert.Equal((KeyFault.Empty, RedisState.NotAsked, null), await ExplainAsync(""));
        Assert.Equal((KeyFault.Empty, RedisState.NotAsked, null), await ExplainAsync("  "));
        Assert.Equal(
            (KeyFault.TooLong, RedisState.NotAsked, null), await ExplainAsync("product:acme:" + new string('x', 1024)));
        Assert.Equal((KeyFault.ControlCharacter, RedisState.NotAsked, null), await ExplainAsync("product:acme\n"));
        Assert.Equal((KeyFault.HalfOfAPair, RedisState.NotAsked, null), await ExplainAsync("any \ud800"));
        Assert.Equal((KeyFault.NoPolicy, RedisState.Foreign, null), await ExplainAsync("queue"));
        Assert.Equal((KeyFault.NoPolicy, RedisState.Absent, null), await ExplainAsync("product:acme:1:2"));
        Assert.Equal((KeyFault.NoPolicy, RedisState.Absent, "(none)"), await ExplainAsync("any"));
        Assert.Equal((KeyFault.None, RedisState.Foreign, "product:{tenant}:{id}"), await ExplainAsync(Key));

        async Task<(KeyFault, RedisState, string?)> ExplainAsync(string key) =>
            await node.Inspector.ExplainAsync(key, Ct) is var explained
                ? (explained.Fault, explained.Redis.State, explained.Policy?.Pattern)
                : default;
    }

    [Fact]
    public async Task Stale_and_expired_entries_in_memory_are_distinguished()
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
    public async Task A_stale_entry_in_redis_is_recognised_by_its_remaining_time()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await node.ReadAsync(Key, () => "value");

        await client.GetDatabase().KeyExpireAsync(Key, CacheNode.Product.Stale - TimeSpan.FromSeconds(1));
        var explained = (await node.Inspector.ExplainAsync(Key, Ct)).Redis;

        Assert.Equal((RedisState.Stale, TimeSpan.Zero), (explained.State, explained.FreshFor));
        Assert.InRange(explained.LivesFor!.Value, TimeSpan.FromMinutes(14), CacheNode.Product.Stale);
    }

    [Fact]
    public async Task A_node_that_missed_messages_reports_its_entries_as_forgotten()
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
    public async Task An_entry_whose_version_redis_has_lost_is_invalid_on_a_node_without_it()
    {
        await using var redis = await StartRedisAsync();
        await using var maker = await CacheNode.StartAsync(redis);
        await maker.ReadAsync(Key, () => "value");
        await using var late = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();

        await client.GetDatabase().KeyDeleteAsync(RedisNames.Default.Version("tenant:acme"));
        var explained = await late.Inspector.ExplainAsync(Key, Ct);

        Assert.Equal((RedisState.Forgotten, "tenant:acme"), (explained.Redis.State, explained.Redis.OutdatedBy));
        Assert.Equal("own", await late.ReadAsync(Key, () => "own"));
    }

    [Fact]
    public async Task A_run_is_reported_on_its_node_and_as_a_lock_on_all_nodes()
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
        Assert.Equal(1, (await one.Inspector.StatisticsAsync(cancellationToken: Ct)).FillsRunning);

        var waits = two.ReadAsync(Key, () => "own").AsTask();
        await Eventually.TrueAsync(
            async () => (await one.Inspector.ExplainAsync(Key, Ct)).Fill.IsAwaited, "the other node waits");
        gate.Open();
        await leads;
        Assert.Equal("value", await waits);
        Assert.Equal(new ExplainedFill(FillState.None, null, false), (await one.Inspector.ExplainAsync(Key, Ct)).Fill);
    }

    [Fact]
    public async Task A_run_that_has_just_failed_is_reported()
    {
        await using var node = await CacheNode.StartAsync(null);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await node.ReadAsync(Key, () => throw new InvalidOperationException("The source is away.")));

        Assert.Equal(FillState.Failed, (await node.Inspector.ExplainAsync(Key, Ct)).Fill.Here);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(FillState.None, (await node.Inspector.ExplainAsync(Key, Ct)).Fill.Here);
    }
}
