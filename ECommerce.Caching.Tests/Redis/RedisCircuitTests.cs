using System.Diagnostics;
using ECommerce.Caching.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Redis;

public class RedisCircuitTests
{
    private static int _next;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 16)]
    [InlineData(9, 300)]
    [InlineData(1_000, 300)]
    public void The_pause_doubles_up_to_its_ceiling(int failedProbes, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RedisCircuit.PauseAfter(failedProbes, TimeSpan.FromSeconds(300)));

    [Fact]
    public async Task A_redis_that_does_not_reply_opens_the_circuit_and_one_that_does_closes_it()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var node = await CacheNode.StartOnAsync(
            () => StackExchange.Redis.ConnectionMultiplexer.Connect(redis.ConnectionString + ",abortConnect=false"),
                configuration => new CacheSettings(configuration));
        await redis.PauseAsync();

        // Side by side, before the node notices by its heartbeats that Redis is silent.
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ReadAsync(node))),
            value => Assert.Equal("value", value));

        Assert.Equal(CircuitState.Open, node.Metrics.Circuit("redis"));
        Assert.NotEmpty(node.Log.Lines("circuit_open"));
        var clock = Stopwatch.StartNew();
        await ReadAsync(node);
        Assert.True(clock.Elapsed < TimeSpan.FromMilliseconds(150),
            $"An open circuit must not cost the time-out of a call; it took {clock.Elapsed}.");

        await redis.ResumeAsync();
        await Eventually.TrueAsync(async () =>
        {
            await ReadAsync(node);
            return node.Metrics.Circuit("redis") == CircuitState.Closed;
        }, "a probe succeeded");
        Assert.NotEmpty(node.Log.Lines("circuit_closed"));
    }

    [Fact]
    public async Task A_lock_granted_by_a_reply_that_came_too_late_is_released()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var node = await CacheNode.StartOnAsync(
            () => StackExchange.Redis.ConnectionMultiplexer.Connect(redis.ConnectionString + ",abortConnect=false"),
            configuration => new CacheSettings(configuration) { FillLockLifetime = TimeSpan.FromMinutes(1) });
        using var client = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(
            redis.ConnectionString + ",allowAdmin=true");
        var key = CacheNode.Product.Key("acme", 1);
        var db = client.GetDatabase();
        await db.ExecuteAsync("CONFIG", "SET", "notify-keyspace-events", "KA");
        var events = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await client.GetSubscriber().SubscribeAsync(
            StackExchange.Redis.RedisChannel.Literal("__keyspace@0__:fl:{" + key + "}"),
            (_, what) => events.Enqueue(what!));
        await redis.PauseAsync();

        // Both attempts time out; Redis runs them afterwards, and grants the lock to a caller that has gone on without
        // it.
        Assert.Equal("own", await node.ReadAsync(key, () => "own"));
        await redis.ResumeAsync();

        await Eventually.TrueAsync(
            async () => events.Contains("set") && events.Contains("del")
                && !await db.KeyExistsAsync("fl:{" + key + "}"),
            "the lock was granted and has been given back");
    }

    [Fact]
    public async Task A_few_failures_among_many_calls_do_not_open_it()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var node = await CacheNode.StartOnAsync(
            () => StackExchange.Redis.ConnectionMultiplexer.Connect(redis.ConnectionString + ",abortConnect=false"),
                configuration => new CacheSettings(configuration));
        for (var i = 0; i < 20; i++)
            await ReadAsync(node);
        await redis.PauseAsync();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ReadAsync(node)));

        Assert.Equal(CircuitState.Closed, node.Metrics.Circuit("redis"));
        await redis.ResumeAsync();
    }

    [Fact]
    public async Task An_open_circuit_is_not_passed_by_invalidations_either()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        await OpenAsync(node, faulty);
        faulty.Calls = 0;

        Assert.Equal(
            InvalidationOutcome.Deferred,
            await node.Invalidator.InvalidateAsync(["tag"], TestContext.Current.CancellationToken));

        Assert.Equal(0, faulty.Calls);
    }

    [Fact]
    public async Task Half_open_it_lets_one_call_through()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        await OpenAsync(node, faulty);
        var reply = new TaskCompletionSource();
        (faulty.Calls, faulty.Failures, faulty.Until) = (0, 0, reply.Task);
        var circuit = node.Services.GetRequiredService<RedisCircuit>();
        await Eventually.TrueAsync(() => circuit.LetsThrough, "the pause is over");

        var reads = Enumerable.Range(0, 10).Select(_ => ReadAsync(node)).ToArray();

        await Eventually.TrueAsync(
            () => faulty.Calls > 0 && reads.Count(read => read.IsCompleted) == 9, "the others go on without it");
        Assert.Equal(1, faulty.Calls);
        reply.SetResult();
        Assert.All(await Task.WhenAll(reads), value => Assert.Equal("value", value));
    }

    [Fact]
    public async Task A_call_that_began_before_it_opened_is_not_its_probe()
    {
        var time = new ManualTime();
        await using var redis = await RedisServer.StartAsync();
        await using var node =
            await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<TimeProvider>(time));
        var circuit = node.Services.GetRequiredService<RedisCircuit>();
        var reply = new TaskCompletionSource<int>();
        var early = circuit.CallAsync(static reply => reply.Task, reply).AsTask();
        for (var call = 0; call < 10; call++)
            await FailAsync(circuit);
        time.Advance(TimeSpan.FromSeconds(1));

        reply.SetResult(1);
        await early;

        Assert.Equal(CircuitState.Open, node.Metrics.Circuit("redis"));
    }

    [Fact]
    public async Task Fewer_than_ten_calls_do_not_open_it_though_all_fail()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        await using var node =
            await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()), ("REDIS_RETRY_ON_TIMEOUT", "false"));
        (faulty.Calls, faulty.Failures) = (0, int.MaxValue);

        for (var i = 0; i < 9; i++)
            await ReadAsync(node);
        Assert.Equal((9, CircuitState.Closed), (faulty.Calls, node.Metrics.Circuit("redis")));
        await ReadAsync(node);

        Assert.Equal(CircuitState.Open, node.Metrics.Circuit("redis"));
    }

    [Fact]
    public async Task With_each_probe_that_fails_the_pause_is_twice_as_long()
    {
        var time = new ManualTime();
        await using var redis = await RedisServer.StartAsync();
        await using var node =
            await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<TimeProvider>(time));
        var circuit = node.Services.GetRequiredService<RedisCircuit>();
        for (var call = 0; call < 10; call++)
            await FailAsync(circuit);

        foreach (var pause in (int[])[1, 2, 4, 8])
        {
            time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            Assert.False(circuit.LetsThrough, $"before {pause} s");
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(circuit.LetsThrough, $"after {pause} s");
            await FailAsync(circuit);
        }
    }

    [Fact]
    public async Task Failures_of_more_than_thirty_seconds_ago_do_not_count()
    {
        var time = new ManualTime();
        await using var redis = await RedisServer.StartAsync();
        await using var node =
            await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<TimeProvider>(time));
        var circuit = node.Services.GetRequiredService<RedisCircuit>();
        for (var call = 0; call < 9; call++)
            await FailAsync(circuit);
        time.Advance(TimeSpan.FromSeconds(31));

        for (var call = 0; call < 9; call++)
            await FailAsync(circuit);
        Assert.True(circuit.LetsThrough);
        await FailAsync(circuit);

        Assert.False(circuit.LetsThrough);
    }

    [Fact]
    public async Task A_reconnection_closes_it_at_once()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        using var client = redis.Connect();
        await OpenAsync(node, faulty);

        await client.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

        // There was no call meanwhile, so none was let through as a probe.
        await Eventually.TrueAsync(() => node.Metrics.Circuit("redis") == CircuitState.Closed, "it is closed");
    }

    [Fact]
    public async Task While_it_is_open_memory_goes_on()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        var key = CacheNode.Product.Key("acme", "kept");
        await node.ReadAsync(key, () => "value");

        await OpenAsync(node, faulty);

        Assert.Equal("value", await node.ReadAsync(key, () => "factory must not run"));
    }

    private static Task<TimeoutException> FailAsync(RedisCircuit circuit) =>
        Assert.ThrowsAsync<TimeoutException>(
            async () =>
            await circuit.CallAsync<int, int>(static _ => Task.FromException<int>(new TimeoutException()), 0));

    private static async Task OpenAsync(CacheNode node, FaultyRedis faulty)
    {
        faulty.Failures = int.MaxValue;
        for (var i = 0; i < 10; i++)
            await ReadAsync(node);
        Assert.Equal(CircuitState.Open, node.Metrics.Circuit("redis"));
    }

    private static Task<string?> ReadAsync(CacheNode node) =>
        node.ReadAsync(CacheNode.Product.Key("acme", Interlocked.Increment(ref _next)), () => "value").AsTask();
}
