using System.Diagnostics;
using ECommerce.Caching.Redis;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>A master of a Redis Cluster is replaced by its replica.</summary>
public class RedisFailoverTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_fail_over_to_a_synced_replica_the_nodes_go_on()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var redis = await cluster.CleanAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var key = CacheNode.Product.Key("acme", 1);
        await one.ReadAsync(key, () => "old");
        await one.Cache.RemoveAsync(key, Ct);
        var (master, replica) = await cluster.OwnersAsync(key);
        await RedisCluster.SyncedAsync(master, replica);

        await cluster.KillAsync(master);

        await Eventually.TrueAsync(
            async () => (await RedisCluster.AskAsync(replica, "ROLE")).Contains("master"), "the replica is the master");
        Assert.Equal("new", await one.ReadAsync(key, () => "new"));
        var clock = Stopwatch.StartNew();
        await Eventually.TrueAsync(async () =>
        {
            var fresh = CacheNode.Product.Key("acme", Random.Shared.Next());
            await one.ReadAsync(fresh, () => "shared");
            return await two.ReadAsync(fresh, () => "own") == "shared";
        }, "values travel through Redis again");
        await Eventually.TrueAsync(
            async () => await one.Invalidator.InvalidateAsync([key], Ct) == InvalidationOutcome.Applied,
            "invalidations are acknowledged again");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public async Task After_a_fail_over_that_lost_an_invalidation_the_generation_rises()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var redis = await cluster.CleanAsync();
        await using var one = await CacheNode.StartAsync(redis);
        var key = await KeyAwayFromTheGenerationAsync(cluster);
        await one.ReadAsync(key, () => "old");
        var (master, replica) = await cluster.OwnersAsync(key);
        await RedisCluster.SyncedAsync(master, replica);
        using var client = redis.Connect();
        var generation = (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Generation);

        await cluster.PauseAsync(replica);
        await one.Cache.RemoveAsync(key, Ct);
        await cluster.KillAsync(master);
        await cluster.ResumeAsync(replica);
        await Eventually.TrueAsync(
            async () => (await RedisCluster.AskAsync(replica, "ROLE")).Contains("master"), "the replica is the master");

        // It has the value and knows nothing of the removal, and neither does a node that comes now.
        Assert.NotEqual("", (await RedisCluster.AskAsync(replica, "GET", key)).Trim());
        await using var two = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await two.ReadAsync(key, () => "new"));
        await Eventually.TrueAsync(
            async () => (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Generation) > generation,
            "the generation has risen");
    }

    private static async Task<string> KeyAwayFromTheGenerationAsync(RedisCluster cluster)
    {
        var (issuer, _) = await cluster.OwnersAsync("{cache}");
        for (var id = 1; ; id++)
        {
            var key = CacheNode.Product.Key("acme", id);
            if ((await cluster.OwnersAsync(key)).Master != issuer)
                return key;
        }
    }
}
