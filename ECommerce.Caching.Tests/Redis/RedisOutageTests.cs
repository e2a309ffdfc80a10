using ECommerce.Caching.Redis;

namespace ECommerce.Caching.Tests.Redis;

/// <summary>Redis goes away, comes back, or was never there.</summary>
public class RedisOutageTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_and_removals_survive_a_redis_outage_and_redis_is_used_again_afterwards()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");

        await redis.KillAsync();
        await one.Cache.RemoveAsync(Key, Ct);
        Assert.Equal("new", await one.ReadAsync(Key, () => "new"));
        Assert.True(one.Count("cache_invalidation_deferred_total") > 0);
        await redis.StartAgainAsync();

        var id = 100;
        await Eventually.TrueAsync(async () =>
        {
            // A key of its own each time, or memory would serve it.
            var key = CacheNode.Product.Key("acme", ++id);
            await one.ReadAsync(key, () => "shared");
            return await two.ReadAsync(key, () => "own") == "shared";
        }, "values travel through Redis again");
    }

    [Fact]
    public async Task Redis_may_be_absent_at_the_start()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        var starting = CacheNode.StartAsync(redis);
        await redis.StartAgainAsync();

        await using var node = await starting;
        Assert.Equal("value", await node.ReadAsync(Key, () => "value"));
    }

    [Fact]
    public async Task Numbers_go_on_from_the_highest_a_node_has_seen()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var seen = (long)await db.StringGetAsync(RedisNames.Default.Sequence) + TimeSpan.FromHours(1).Ticks / 10;
        await db.StringSetAsync(RedisNames.Default.Sequence, seen);
        await node.Invalidator.InvalidateAsync([Key], Ct);

        // As by a Redis that has forgotten it, and whose clock is an hour behind the one that was lost.
        await db.KeyDeleteAsync(RedisNames.Default.Sequence);
        await node.Invalidator.InvalidateAsync([Key], Ct);

        Assert.True((long)await db.StringGetAsync(RedisNames.Default.Sequence) > seen);
    }

    [Fact]
    public async Task Numbers_are_not_below_the_time_of_redis()
    {
        await using var redis = await RedisServer.StartAsync();
        using var client = redis.Connect();
        var started = new DateTimeOffset(client.GetServer(client.GetEndPoints()[0]).Time(), TimeSpan.Zero);

        await using var node = await CacheNode.StartAsync(redis);

        // One that has lost its own, and that no node remembers, so still issues higher ones than before.
        Assert.True((long)await client.GetDatabase()
            .StringGetAsync(RedisNames.Default.Sequence) >= (started - DateTimeOffset.UnixEpoch).Ticks / 10);
    }

    [Theory]
    [InlineData("true", "shared")]
    [InlineData("false", "own")]
    public async Task A_read_that_timed_out_is_tried_once_more_if_that_is_wanted(string retry, string expected)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        var faulty = new FaultyRedis();
        await using var reader =
            await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()), ("REDIS_RETRY_ON_TIMEOUT", retry));
        await writer.ReadAsync(Key, () => "shared");
        faulty.Failures = 1;

        Assert.Equal(expected, await reader.ReadAsync(Key, () => "own"));
    }
}
