using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>
/// One run of a factory over all nodes, and what happens when the node that runs it fails, dies or is overtaken.
/// </summary>
public class DistributedSingleFlightTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly string LockKey = "fl:{" + Key + "}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Concurrent_misses_on_three_nodes_run_the_factory_once()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await using var three = await CacheNode.StartAsync(redis);
        var gate = new Gate();

        var readers = new[] { one, two, three }.SelectMany(
            node => Enumerable.Range(0, 100).Select(_ => gate.ReadAsync(node, Key, "value", Ct))).ToArray();
        await gate.Entered;
        await Eventually.TrueAsync(
            () => new[] { one, two, three }.Sum(
                node => node.Count("cache_single_flight_joined_total", "scope=cluster")) == 2,
                "two nodes wait for the third");
        gate.Open();

        Assert.All(await Task.WhenAll(readers), value => Assert.Equal("value", value));
        Assert.Equal(1, gate.Runs);
    }

    [Fact]
    public async Task Waiting_nodes_are_woken_and_do_not_only_poll()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var gate = new Gate();
        var leads = gate.ReadAsync(one, Key, "value", Ct);
        await gate.Entered;
        var waits = two.ReadAsync(Key, () => "own").AsTask();
        await Eventually.TrueAsync(
            async () => ((string?)await client.GetDatabase().StringGetAsync(LockKey))?.EndsWith('w') == true,
            "the other node waits");
        var signal = new TaskCompletionSource<string>();
        await client.GetSubscriber().SubscribeAsync(
            RedisNames.Default.Fills, (_, message) => signal.TrySetResult(message!));

        gate.Open();

        Assert.Equal("value", await waits);
        Assert.Equal("value", await leads);
        Assert.Equal(Key, await signal.Task.WaitAsync(TimeSpan.FromSeconds(5), Ct));
    }

    [Fact]
    public async Task The_signal_that_a_run_has_ended_wakes_a_waiter_on_another_node()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var gate = new Gate();
        var leads = gate.ReadAsync(one, Key, "value", Ct);
        await gate.Entered;
        await client.GetDatabase().StringAppendAsync(LockKey, "w");

        var waits = two.Services.GetRequiredService<FillSignals>()
            .WaitAsync(Key, TimeSpan.FromMinutes(1), TimeProvider.System, Ct);
        gate.Open();

        Assert.True(await waits.WaitAsync(TimeSpan.FromSeconds(10), Ct));
        Assert.Equal("value", await leads);
    }

    [Fact]
    public async Task A_leader_that_began_before_an_invalidation_is_not_waited_for()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        var before = gate.ReadAsync(one, Key, "old", Ct);
        await gate.Entered;

        await two.Cache.RemoveAsync(Key, Ct);

        Assert.Equal("new", await two.ReadAsync(Key, () => "new").AsTask().WaitAsync(TimeSpan.FromSeconds(2), Ct));
        gate.Open();
        Assert.Equal("old", await before);
        Assert.Equal("new", await one.ReadAsync(Key, () => "factory must not run"));
    }

    [Fact]
    public async Task A_failing_leader_lets_the_others_try_at_once()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        var fails = gate.ReadAsync(one, Key, null, Ct, new InvalidOperationException("the source fails"));
        await gate.Entered;
        var waits = two.ReadAsync(Key, () => "own").AsTask();
        await Eventually.TrueAsync(
            () => two.Count("cache_single_flight_joined_total", "scope=cluster") == 1, "the other node waits");
        gate.Open();

        await Assert.ThrowsAsync<InvalidOperationException>(() => fails);
        Assert.Equal("own", await waits.WaitAsync(TimeSpan.FromSeconds(2), Ct));
    }

    [Fact]
    public async Task A_cancelled_caller_releases_the_lock()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var gate = new Gate();
        var leads = gate.ReadAsync(one, Key, "value", leaving.Token);
        await gate.Entered;

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leads);
        Assert.Equal("own", await two.ReadAsync(Key, () => "own").AsTask().WaitAsync(TimeSpan.FromSeconds(2), Ct));
    }

    [Fact]
    public async Task A_refresh_runs_once_over_all_nodes()
    {
        await using var redis = await StartRedisAsync();
        await using (var maker = await CacheNode.StartAsync(redis))
            await maker.ReadAsync(Key, () => "old");
        using var client = redis.Connect();
        // Fresh time is over, stale time is not; nodes that saw the value would go by the end they saw.
        await client.GetDatabase().KeyExpireAsync(Key, TimeSpan.FromMinutes(10));
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var runs = 0;

        await Task.WhenAll(
            one.ReadAsync(Key, Refreshed).AsTask(), two.ReadAsync(Key, Refreshed).AsTask());

        await Eventually.TrueAsync(
            async () => await one.ReadAsync(Key, Refreshed) == "new" && await two.ReadAsync(Key, Refreshed) == "new",
            "both have the refreshed value");
        Assert.Equal(1, runs);

        string Refreshed()
        {
            Interlocked.Increment(ref runs);
            return "new";
        }
    }
}
