using System.Text.Json;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Inspection;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tests.Serialization;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Inspection;

/// <summary>What the inspector reports about the cache, and that an inspection changes nothing.</summary>
public class CacheInspectorTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly string OrderKey = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_value_is_explained_in_both_layers()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");

        var explained = await node.Inspector.ExplainAsync(Key, Ct);

        Assert.Equal((KeyFault.None, Key), (explained.Fault, explained.DataKey));
        Assert.Equal(
            new ExplainedPolicy(
                "product:{tenant}:{id}", TimeSpan.FromHours(6), TimeSpan.FromMinutes(
                    15), false, SingleFlightScope.Cluster, null, true, true), explained.Policy);
        Assert.Equal((MemoryState.Fresh, (string?)null), (explained.Memory.State, explained.Memory.DroppedBy));
        Assert.Equal(
            (RedisState.Fresh, (string?)null, (string?)null), (
                explained.Redis.State, explained.Redis.OutdatedBy, explained.Redis.Fault));
        string[] tags = [Key, "product:acme:*", "tenant:acme", "*"];
        Assert.Equal(tags, explained.Memory.Tags.Select(tag => tag.Tag));
        Assert.Equal(tags, explained.Redis.Tags.Select(tag => tag.Tag));
        Assert.All(
            explained.Redis.Tags, tag =>
                Assert.True(tag is { IsOutdated: false, Version: > 0 } && tag.Version <= tag.Sequence));
        Assert.Equal(node.Memory.Bytes, explained.Memory.Bytes);
        using var client = redis.Connect();
        Assert.Equal(await client.GetDatabase().StringLengthAsync(Key), explained.Redis.Bytes);
        foreach (var (
            fresh, lives) in new[] { (explained.Memory.FreshFor, explained.Memory.LivesFor), (
                explained.Redis.FreshFor, explained.Redis.LivesFor) })
        {
            Assert.InRange(fresh!.Value, TimeSpan.FromHours(6) - TimeSpan.FromMinutes(1), TimeSpan.FromHours(6));
            Assert.InRange(
                lives!.Value - fresh.Value, TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(
                    15) + TimeSpan.FromSeconds(1));
        }
        Assert.Equal(new ExplainedFill(FillState.None, null, false), explained.Fill);
        Assert.True(
            explained.Node is
            {
                TrustsRedis: true, KeepsInvalidations: false, Circuit: CircuitState.Closed,
                IsEnabled: true
            });
        Assert.InRange(explained.Node.Lease!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task An_encrypted_entry_shows_that_it_is_and_nothing_of_its_content()
    {
        await using var redis = await StartRedisAsync();
        var setting = ("CACHE_ENCRYPTION_KEY", EncryptionTests.Key("k1", 1));
        await using var node = await CacheNode.StartAsync(redis, setting);
        await using var other = await CacheNode.StartAsync(redis, setting);
        await using var keyless = await CacheNode.StartAsync(redis);
        await node.ReadAsync(OrderKey, () => $"Rossi {new string('!', 5000)}", CacheNode.Order);

        var here = await node.Inspector.ExplainAsync(OrderKey, Ct);
        var there = await other.Inspector.ExplainAsync(OrderKey, Ct);
        var without = await keyless.Inspector.ExplainAsync(OrderKey, Ct);

        Assert.True(there.Redis is { State: RedisState.Fresh, EncryptedWith: "k1", IsCompressed: true, Tags.Count: 4 });
        Assert.Equal(MemoryState.Absent, there.Memory.State);
        Assert.True(
            without is
            {
                Redis:
                {
                    State: RedisState.Unusable, Fault: nameof(EntryFault.UnknownKey),
                    EncryptedWith: "k1", Tags.Count: 0
                }, Policy.MayShare: false
            });
        foreach (var explained in new[] { here, there, without })
            Assert.DoesNotContain("Rossi", JsonSerializer.Serialize(explained) + explained);
        var row = Assert.Single(await other.KeysAsync("order:*"));
        Assert.True(row is { Memory: MemoryState.Absent, InRedis: true, RedisBytes: > 0 });
        Assert.InRange(row.FreshFor!.Value, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(120));
        Assert.DoesNotContain("Rossi", JsonSerializer.Serialize(row));
    }

    [Fact]
    public async Task Plaintext_under_a_sensitive_key_is_reported_as_unusable()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(
            redis, ("CACHE_ENCRYPTION_KEY", EncryptionTests.Key("k1", 1)));
        using var client = redis.Connect();
        var planted = EntryFormat.Write(
            OrderKey, new StoredEntry(
                1, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), [(OrderKey, 1)], "\"Rossi\""u8.ToArray()));
        await client.GetDatabase().StringSetAsync(OrderKey, planted, TimeSpan.FromMinutes(1));
        await client.GetDatabase().StringSetAsync(Key, "ECC2 and nonsense", TimeSpan.FromMinutes(1));

        Assert.Equal((RedisState.Unusable, nameof(EntryFault.NotEncrypted)), await StateAsync(OrderKey));
        Assert.Equal((RedisState.Unusable, nameof(EntryFault.Malformed)), await StateAsync(Key));

        async Task<(RedisState, string?)> StateAsync(string key) =>
            await node.Inspector.ExplainAsync(key, Ct) is var explained
                ? (explained.Redis.State, explained.Redis.Fault)
                : default;
    }

    [Fact]
    public async Task Asking_counts_as_no_hit_and_no_miss_and_leaves_no_trace()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await using var cold = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await node.ReadAsync(Key, () => "value");
        var (before, coldBefore, tags) = (Counts(node), Counts(cold), cold.Tags.Count);
        var life = await client.GetDatabase().KeyTimeToLiveAsync(Key);

        foreach (var asked in new[] { node, cold })
        {
            await asked.Inspector.ExplainAsync(Key, Ct);
            await asked.Inspector.ExplainAsync(CacheNode.Product.Key("acme", 2), Ct);
            await asked.KeysAsync("*");
            await asked.Inspector.StatisticsAsync(cancellationToken: Ct);
        }

        Assert.Equal(before, Counts(node));
        Assert.Equal(coldBefore, Counts(cold));
        Assert.Equal(tags, cold.Tags.Count);
        Assert.Equal(0, cold.Memory.Count);
        Assert.False(
            await client.GetDatabase().KeyExistsAsync(RedisNames.Default.FillLock(CacheNode.Product.Key("acme", 2))));
        Assert.True(await client.GetDatabase().KeyTimeToLiveAsync(Key) <= life);

        static (long, long, long) Counts(CacheNode node) =>
            (node.Count("cache_hit_total"), node.Count("cache_miss_total"), node.Count("cache_error_total"));
    }

    [Fact]
    public async Task Asking_saves_no_entry_from_eviction()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_MAX_MEM_ITEMS", "2"));
        string[] keys = [.. Enumerable.Range(1, 3).Select(id => CacheNode.Product.Key("acme", id))];
        await node.ReadAsync(keys[0], () => "asked about");
        await node.ReadAsync(keys[1], () => "not asked about");

        // About this one alone: were all of them marked, it would be as if none were.
        await node.Inspector.ExplainAsync(keys[0], Ct);
        await node.KeysAsync(keys[0]);
        await node.Inspector.StatisticsAsync(cancellationToken: Ct);
        await node.ReadAsync(keys[2], () => "new");

        Assert.Equal(MemoryState.Absent, (await node.Inspector.ExplainAsync(keys[0], Ct)).Memory.State);
        Assert.Equal(MemoryState.Fresh, (await node.Inspector.ExplainAsync(keys[1], Ct)).Memory.State);
        Assert.Equal(1, (await node.Inspector.StatisticsAsync(cancellationToken: Ct)).Evictions);
    }

    [Fact]
    public async Task A_response_falls_under_the_policy_of_the_data_it_shows()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        var response = "out:" + Key + ":admin";
        CacheTrace.Begin();
        await node.ReadAsync(Key, () => "value");
        await node.ReadAsync(Key, () => "value");
        await node.Services.GetRequiredService<IOutputCacheStore>()
            .SetAsync(response, "body"u8.ToArray(), null, TimeSpan.FromMinutes(1), Ct);

        var explained = await node.Inspector.ExplainAsync(response, Ct);

        Assert.Equal(
            (KeyFault.None, Key, "product:{tenant}:{id}"),
            (explained.Fault, explained.DataKey, explained.Policy?.Pattern));
        Assert.Equal((MemoryState.Fresh, RedisState.Fresh), (explained.Memory.State, explained.Redis.State));
        string[] both = [response, Key];
        Assert.Equal(
            both, (await node.KeysAsync("product:acme:1*")).Select(row => row.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            both, (await node.KeysAsync("*acme*")).Select(row => row.Key).Order(StringComparer.Ordinal));
        await node.Invalidator.InvalidateAsync([Key], Ct);
        Assert.Equal(Key, (await node.Inspector.ExplainAsync(response, Ct)).Redis.OutdatedBy);
    }

    [Fact]
    public async Task Statistics_are_reported_by_policy_and_layer()
    {
        await using var redis = await StartRedisAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var node = await CacheNode.StartAsync(redis);
        await writer.ReadAsync(Key, () => "value");
        await node.ReadAsync(Key, () => "factory must not run");
        await node.ReadAsync(Key, () => "factory must not run");
        await node.ReadAsync(Key, () => "factory must not run");
        await node.ReadAsync(CacheNode.Product.Key("acme", 2), () => "value");
        await node.Flags.SetAsync("lists", false, Ct);

        var statistics = await node.Inspector.StatisticsAsync(cancellationToken: Ct);

        var product = statistics.Policies.Single(policy => policy.Pattern == "product:{tenant}:{id}");
        Assert.Equal(
            [("memory", 2L, 2L, 2L), ("redis", 1, 1, 2), ("output", 0, 0, 0)],
            product.Layers.Select(layer => (layer.Layer, layer.Hits, layer.Misses, layer.Timed)));
        Assert.Equal([true, true, false], product.Layers.Select(layer => layer.Seconds > 0));
        Assert.Equal((1, 0), (product.Fills.Succeeded, product.Fills.Failed));
        Assert.Equal(MissCauses.None with { NotCached = 1 }, product.Fills.Causes);
        Assert.Equal([(Key, 3L), ("product:acme:2", 1)], statistics.TopKeys.Select(key => (key.Key, key.Reads)));
        Assert.Equal([0.5, 0.5, null], product.Layers.Select(layer => layer.HitRate));
        Assert.Equal((0.75, 2, node.Memory.Bytes), (product.HitRate, product.Entries, product.Bytes));
        Assert.Equal(
            (0.75, 2, node.Memory.Bytes, 0L, 0, 0),
            (statistics.HitRate, statistics.Entries, statistics.Bytes, statistics.Evictions, statistics.FillsRunning,
                statistics.PendingInvalidations));
        Assert.False(statistics.Policies.Single(policy => policy.Pattern == "products:list:{tenant}:{qhash}").IsOn);
        Assert.Equal(
            [
                "(none)",
                "basket:{tenant}:{user_id}:{id}",
                "cheap:{tenant}:{id}",
                "order:{tenant}:{id}",
                "page:{tenant}:{id}",
                "product:{tenant}:{id}",
                "products:list:{tenant}:{qhash}",
                "report:{tenant}:{id}",
                "tagged:{tenant}:{id}",
                "visit:{tenant}:{id}",
            ],
            statistics.Policies.Select(policy => policy.Pattern));
        Assert.True(
            statistics.Node is { TrustsRedis: true, Backend: CacheBackend.Hybrid, Circuit: CircuitState.Closed });
    }
}
