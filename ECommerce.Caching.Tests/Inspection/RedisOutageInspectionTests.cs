using System.Diagnostics;
using ECommerce.Caching.Inspection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Inspection;

/// <summary>What is explained while Redis is not there.</summary>
public class RedisOutageInspectionTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_redis_memory_is_explained()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "value");
        await node.Invalidator.InvalidateAsync([Key], Ct);

        var listing = await node.Inspector.ListKeysAsync("product:*", limit: 1, cancellationToken: Ct);
        var row = Assert.Single(listing.Keys);
        var explained = await node.Inspector.ExplainAsync(Key, Ct);

        Assert.Equal((RedisAvailability.NotUsed, (string?)null), (listing.Redis, listing.NextCursor));
        Assert.True(row is { Memory: MemoryState.Invalidated, InRedis: null });
        Assert.Equal(
            (MemoryState.Invalidated, Key, RedisState.NotUsed),
            (explained.Memory.State, explained.Memory.DroppedBy, explained.Redis.State));
        Assert.True(explained is { Node: { Lease: null, TrustsRedis: null }, Policy.MayShare: false });
    }

    [Fact]
    public async Task A_redis_that_does_not_reply_is_given_up_within_its_timeout()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var node = await CacheNode.StartOnAsync(
            () => ConnectionMultiplexer.Connect($"{redis.ConnectionString},abortConnect=false,syncTimeout=30000"),
                configuration => new CacheSettings(configuration));
        await node.ReadAsync(Key, () => "value");
        await redis.PauseAsync();
        try
        {
            var started = Stopwatch.GetTimestamp();
            var explained = await node.Inspector.ExplainAsync(Key, Ct);
            var listing = await node.Inspector.ListKeysAsync("product:*", cancellationToken: Ct);
            await node.Inspector.StatisticsAsync(cancellationToken: Ct);

            // Each within a fifth of a second; the client itself would wait for half a minute.
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
            Assert.Equal(RedisState.Unavailable, explained.Redis.State);
            Assert.NotEqual(MemoryState.Absent, explained.Memory.State);
            Assert.Equal(RedisAvailability.Unavailable, listing.Redis);
            Assert.Null(await node.Administration.CountAsync("product:*", cancellationToken: Ct));
            Assert.Equal(CircuitState.Closed, node.Metrics.Circuit("redis"));
        }
        finally
        {
            await redis.ResumeAsync();
        }
    }

    [Fact]
    public async Task A_redis_that_is_down_is_reported()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");
        await redis.KillAsync();
        await node.Invalidator.InvalidateAsync(["customer:acme:42"], Ct);
        node.Clock.Advance(TimeSpan.FromSeconds(2));

        var explained = await node.Inspector.ExplainAsync(Key, Ct);
        var listing = await node.Inspector.ListKeysAsync("order:*", cancellationToken: Ct);

        Assert.Empty(listing.Keys);
        Assert.Equal(RedisAvailability.Unavailable, listing.Redis);
        Assert.Equal((MemoryState.Unleased, RedisState.Unavailable), (explained.Memory.State, explained.Redis.State));
        Assert.True(explained.Node is { TrustsRedis: false, KeepsInvalidations: true });
        Assert.Equal(TimeSpan.Zero, explained.Node.Lease);
        Assert.Equal(1, (await node.Inspector.StatisticsAsync(cancellationToken: Ct)).PendingInvalidations);
    }
}
