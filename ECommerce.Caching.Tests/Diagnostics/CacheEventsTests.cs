using System.Globalization;
using ECommerce.Caching.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Diagnostics;

public class CacheEventsTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invalidation_is_reported_once_by_each_node_whether_it_was_announced_or_not()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var here = EventsOf(one).Subscribe();
        using var there = EventsOf(two).Subscribe();

        await one.Invalidator.InvalidateAsync([Key], Ct);
        var announced = one.Invalidator.Announce(["order:acme:7"]);
        await announced.CompleteAsync();
        await announced.Completion;
        await one.Invalidator.InvalidateAsync(["order:acme:last"], Ct);

        string[] expected = [Key, "order:acme:7", "order:acme:last"];
        Assert.Equal(expected.Select(tag => (tag, true)), await TagsAsync(here));
        Assert.Equal(expected.Select(tag => (tag, false)), await TagsAsync(there));
    }

    [Fact]
    public async Task A_circuit_that_opens_and_closes_is_reported()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var node = await CacheNode.StartOnAsync(
            () => StackExchange.Redis.ConnectionMultiplexer.Connect(redis.ConnectionString + ",abortConnect=false"),
            configuration => new CacheSettings(configuration));
        using var events = EventsOf(node).Subscribe();
        await redis.PauseAsync();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(
            id => node.ReadAsync(CacheNode.Product.Key("acme", id), () => "value").AsTask()));

        Assert.Equal(CircuitState.Open, (await NextCircuitAsync(events)).State);
        await redis.ResumeAsync();
        var id = 100;
        await Eventually.TrueAsync(async () =>
        {
            // A key of its own each time, or memory would serve it.
            await node.ReadAsync(CacheNode.Product.Key("acme", ++id), () => "value");
            return node.Metrics.Circuit("redis") == CircuitState.Closed;
        }, "the circuit is closed");
        while ((await NextCircuitAsync(events)).State != CircuitState.Closed)
        {
            // Half open in between, perhaps several times.
        }
    }

    [Fact]
    public void A_slow_subscriber_loses_the_oldest_events_and_one_that_left_receives_none()
    {
        var events = new CacheEvents(TimeProvider.System);
        var gone = events.Subscribe();
        using var slow = events.Subscribe();
        gone.Dispose();

        for (var i = 0; i < 1000; i++)
            events.Invalidated([i.ToString(CultureInfo.InvariantCulture)], isLocal: true);

        Assert.False(gone.Reader.TryRead(out _));
        Assert.True(slow.Reader.TryRead(out var first));
        Assert.Equal(["744"], Assert.IsType<TagsInvalidated>(first).Tags);
        Assert.Equal(255, slow.Reader.Count);
    }

    private static CacheEvents EventsOf(CacheNode node) => node.Services.GetRequiredService<CacheEvents>();

    /// <summary>The tags up to the last one of the test.</summary>
    private static async Task<List<(string Tag, bool IsLocal)>> TagsAsync(CacheSubscription events)
    {
        var tags = new List<(string Tag, bool IsLocal)>();
        do
        {
            var one = await events.Reader.ReadAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Ct);
            if (one is TagsInvalidated dropped)
                tags.AddRange(dropped.Tags.Select(tag => (tag, dropped.IsLocal)));
        }
        while (!tags.Exists(static one => one.Tag == "order:acme:last"));
        return tags;
    }

    private static async Task<CircuitChanged> NextCircuitAsync(CacheSubscription events)
    {
        while (true)
        {
            var one = await events.Reader.ReadAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Ct);
            if (one is CircuitChanged circuit)
                return circuit;
        }
    }
}
