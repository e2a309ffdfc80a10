using ECommerce.Caching;

namespace ECommerce.Api.Tests.Caching;

/// <summary>Acknowledged invalidations, missed messages, and a Redis that is not the one it was.</summary>
public class BackplaneTests : RedisTests
{
    private static readonly string Key = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invalidation_answers_when_every_live_node_has_applied_it()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await using var three = await CacheNode.StartAsync(redis);

        for (var round = 0; round < 200; round++)
        {
            await two.ReadAsync(Key, () => $"{round}", CacheNode.Order);
            await three.ReadAsync(Key, () => $"{round}", CacheNode.Order);

            Assert.Equal(InvalidationOutcome.Applied, await one.Invalidator.InvalidateAsync([Key], Ct));

            Assert.Equal($"{round + 1}", await two.ReadAsync(Key, () => $"{round + 1}", CacheNode.Order));
            Assert.Equal($"{round + 1}", await three.ReadAsync(Key, () => $"{round + 1}", CacheNode.Order));
            await two.Invalidator.InvalidateAsync([Key], Ct);
        }
    }

    [Fact]
    public async Task A_registered_node_that_does_not_answer_makes_it_deferred()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await client.GetDatabase().SortedSetAddAsync(ClusterScripts.NodesKey, "hung", DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds());

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync([Key], Ct));

        await client.GetDatabase().SortedSetRemoveAsync(ClusterScripts.NodesKey, "hung");
        Assert.Equal(InvalidationOutcome.Applied, await node.Invalidator.InvalidateAsync([Key], Ct));
    }

    [Fact]
    public async Task Nobody_waits_for_a_node_that_has_said_good_bye()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await (await CacheNode.StartAsync(redis)).DisposeAsync();

        Assert.Equal(InvalidationOutcome.Applied, await node.Invalidator.InvalidateAsync([Key], Ct));
    }

    [Fact]
    public async Task A_message_that_was_missed_is_found_in_the_log()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "old", CacheNode.Order);
        await node.ReadAsync(CacheNode.Order.Key("acme", 2), () => "kept", CacheNode.Order);
        using var client = redis.Connect();
        var db = client.GetDatabase();

        // What another node's publication leaves behind when the message itself is lost.
        var index = await db.StringIncrementAsync(ClusterScripts.IndexKey);
        await db.ListRightPushAsync(ClusterScripts.LogKey, $"other\n1\n{index}\n{long.MaxValue / 2}\n{Key}");

        await Eventually.TrueAsync(async () => await node.ReadAsync(Key, () => "new", CacheNode.Order) == "new", "the next heartbeat shows the gap");
        Assert.Equal("kept", await node.ReadAsync(CacheNode.Order.Key("acme", 2), () => "made anew", CacheNode.Order));
    }

    [Fact]
    public async Task A_gap_that_the_log_does_not_explain_drops_all_of_memory()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "old", CacheNode.Order);
        using var client = redis.Connect();

        await client.GetDatabase().StringIncrementAsync(ClusterScripts.IndexKey, 7);

        await Eventually.TrueAsync(async () => await node.ReadAsync(Key, () => "new", CacheNode.Order) == "new", "memory is dropped");
    }
}
