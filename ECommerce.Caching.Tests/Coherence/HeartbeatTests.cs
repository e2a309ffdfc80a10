using ECommerce.Caching.Coherence;
using ECommerce.Caching.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>
/// The times of nodes and writers: how often a node sends a heartbeat, for how long it counts as alive, how long a
/// write waits, how much is kept.
/// </summary>
public class HeartbeatTests
{
    private static readonly string Key = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_sends_a_heartbeat_to_itself_every_half_second()
    {
        var (time, received) = (new ManualTime(), 0);
        await using var redis = await RedisServer.StartAsync();
        await using var node =
            await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<TimeProvider>(time));
        var heartbeat = $"{node.Services.GetRequiredService<Backplane>().Node}\nheartbeat\n";
        using var client = redis.Connect();
        await client.GetSubscriber().SubscribeAsync(
            RedisNames.Default.Node(node.Services.GetRequiredService<Backplane>().Node),
            (_, message) => received += ((string)message!).StartsWith(heartbeat, StringComparison.Ordinal) ? 1 : 0);

        for (var beats = 1; beats <= 4; beats++)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Eventually.TrueAsync(() => Volatile.Read(ref received) == beats, "there is one more");
        }
    }

    [Fact]
    public async Task Heartbeats_reach_no_other_node()
    {
        var received = 0;
        await using var redis = await RedisServer.StartAsync();
        using var client = redis.Connect();
        await client.GetSubscriber().SubscribeAsync(
            RedisNames.Default.Backplane,
            (_, message) => received += ((string)message!).Contains("heartbeat", StringComparison.Ordinal) ? 1 : 0);
        await using var node = await CacheNode.StartAsync(redis);
        var leased = node.LeaseUntil();

        await Eventually.TrueAsync(() => node.LeaseUntil() > leased + 1000, "two more heartbeats came back");

        Assert.Equal(0, received);
    }

    [Fact]
    public async Task A_node_counts_as_alive_for_longer_than_it_may_trust_its_memory()
    {
        // Its first heartbeat is its only one.
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartWithAsync(
            redis.Connect, services => services.AddSingleton<TimeProvider>(new ManualTime()));
        using var client = redis.Connect();
        var backplane = node.Services.GetRequiredService<Backplane>();

        var trusted = backplane.LeaseUntil - node.Clock.Now;
        var now = new DateTimeOffset(client.GetServer(client.GetEndPoints()[0]).Time(), TimeSpan.Zero)
            .ToUnixTimeMilliseconds();
        var alive = (await client.GetDatabase()
            .SortedSetScoreAsync(RedisNames.Default.Nodes, backplane.Node))!.Value - now;

        Assert.True(alive > trusted,
            $"A writer waits for it for {alive} ms, and it trusts its memory for {trusted} ms.");
    }

    [Fact]
    public async Task A_write_waits_for_a_node_that_does_not_acknowledge_until_its_timeout()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(250), new CacheSettings().AcknowledgementTimeout);
        var patience = TimeSpan.FromSeconds(2); // As nodes have it in tests.
        var time = new ManualTime();
        await using var redis = await RedisServer.StartAsync();
        await using var node =
            await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<TimeProvider>(time));
        using var client = redis.Connect();
        await client.GetDatabase().SortedSetAddAsync(
            RedisNames.Default.Nodes, "hung", DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds());

        var writing = node.Invalidator.InvalidateAsync([Key], Ct).AsTask();
        await time.WaitForTimerAsync(patience);
        Assert.False(writing.IsCompleted);
        time.Advance(patience);

        Assert.Equal(InvalidationOutcome.Deferred, await writing.WaitAsync(TimeSpan.FromSeconds(10), Ct));
    }

    [Fact]
    public async Task The_log_keeps_the_last_512_messages()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();

        for (var i = 0; i < 520; i++)
            await node.Invalidator.InvalidateAsync([$"tag{i}"], Ct);

        var kept = await client.GetDatabase().ListRangeAsync(RedisNames.Default.Log);
        Assert.Equal(512, kept.Length);
        Assert.EndsWith("\ntag519", (string?)kept[^1]);
    }
}
