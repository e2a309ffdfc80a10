using ECommerce.Caching.Redis;

namespace ECommerce.Caching.Tests.Refusals;

/// <summary>
/// A Redis that responds and is not ready: it cannot write snapshots, loads its data, or misses a part of its Cluster.
/// </summary>
public class UnreadyRedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_redis_that_cannot_write_snapshots_is_told_apart_and_trusted_again_when_it_can()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        // Redis renames its snapshot to a name that is a folder's.
        var folder = Directory.CreateDirectory(
            Path.Combine(((string[])(await redis.SendAsync("CONFIG", "GET", "dir"))!)[1], "dump.rdb"));
        File.Create(Path.Combine(folder.FullName, "occupied")).Dispose();
        await redis.ConfigureAsync("save", "3600 1000000");
        await redis.SendAsync("BGSAVE");

        await ShowsAsync(node, "MISCONF");
        await node.UntilWithoutLeaseAsync();
        Assert.Equal("value", await node.ReadAsync(Key, () => "value"));
        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync([Key], Ct));

        folder.Delete(recursive: true);
        await redis.SendAsync("BGSAVE");
        await AcceptsAsync(node);
        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_redis_that_loads_its_data_is_told_apart_and_trusted_again_when_it_has_them()
    {
        await using var primary = await RedisServer.StartAsync();
        using var filling = primary.Connect();
        await filling.GetDatabase().ScriptEvaluateAsync(
            "for i = 1, 3000 do redis.call('SET', 'other-program:' .. i, string.rep('x', 1000)) end");
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await redis.ConfigureAsync("loading-process-events-interval-bytes", "1024");
        // Microseconds: three seconds for all keys.
        await redis.ConfigureAsync("key-load-delay", "1000");

        await redis.SendAsync("REPLICAOF", "127.0.0.1", primary.Port.ToString());
        await ShowsAsync(node, "LOADING");
        Assert.Equal("value", await node.ReadAsync(Key, () => "value"));
        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync([Key], Ct));

        await Eventually.TrueAsync(
            async () => (await RedisCluster.AskAsync(redis.Port, "INFO", "persistence")).Contains("\nloading:0"),
            "it has them");
        await redis.SendAsync("REPLICAOF", "NO", "ONE");
        await AcceptsAsync(node);
        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_cluster_without_the_slot_of_the_control_keys_is_told_apart_and_trusted_again_with_it()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var redis = await cluster.CleanAsync();
        await using var node = await CacheNode.StartAsync(redis);
        var (master, _) = await cluster.OwnersAsync(RedisNames.Default.Nodes!);
        var slot = (await RedisCluster.AskAsync(master, "CLUSTER", "KEYSLOT", RedisNames.Default.Nodes!)).Trim();

        await RedisCluster.AskAsync(master, "CLUSTER", "DELSLOTS", slot);
        await ShowsAsync(node, "CLUSTERDOWN");
        Assert.Equal("value", await node.ReadAsync(Key, () => "value"));
        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync([Key], Ct));

        await RedisCluster.AskAsync(master, "CLUSTER", "ADDSLOTS", slot);
        await AcceptsAsync(node);
        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    private static Task ShowsAsync(CacheNode node, string kind) => Eventually.TrueAsync(
        async () => (await node.HealthAsync()).RedisErrors?.Any(
            error => error.StartsWith(kind, StringComparison.Ordinal)) == true,
        $"the health check shows {kind}");

    private static async Task AcceptsAsync(CacheNode node)
    {
        await Eventually.TrueAsync(
            async () => await node.HealthAsync() is { Status: "healthy", RedisErrors: null },
            "Redis accepts, and the circuit is closed");
        await Eventually.TrueAsync(
            async () => await node.Invalidator.InvalidateAsync([Key], Ct) == InvalidationOutcome.Applied,
            "an invalidation is applied");
    }
}
