using System.Diagnostics;
using ECommerce.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>
/// Situations in which caches of this kind are known to go wrong, as far as the tests of single behaviours do not meet
/// them.
/// </summary>
public class BehaviourTableTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // P5. Elsewhere: a node that has just started reads the value before it has read the times of its tags, and serves
    // what was removed.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cold_node_over_a_slow_redis_does_not_serve_what_was_removed_before_it_came(bool byTag)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        await one.Cache.RemoveByTagAsync(byTag ? CacheNode.Product.All("acme") : Key, Ct);
        var slow = new FaultyRedis { Latency = TimeSpan.FromMilliseconds(20) };

        await using var cold = await CacheNode.StartOnAsync(() => slow.Around(redis.Connect()));

        Assert.Equal("new", await cold.ReadAsync(Key, () => "new"));
        Assert.True(slow.Calls > 0);
    }

    // P10. Elsewhere: no time-out by default, so a cold key waits for as long as the second layer hangs, or twice that.
    [Fact]
    public async Task While_redis_hangs_a_cold_key_is_read_in_well_under_a_second()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var node =
            await CacheNode.StartOnAsync(() => Connect(redis), configuration => new CacheSettings(configuration));
        await node.ReadAsync(CacheNode.Product.Key("acme", 2), () => "warm up");
        await redis.PauseAsync();
        try
        {
            var clock = Stopwatch.StartNew();

            Assert.Equal("value", await node.ReadAsync(Key, () => "value"));

            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }
        finally
        {
            await redis.ResumeAsync();
        }
    }

    // P10b. Elsewhere: every cold key calls the failing layer twice or more, for as long as it fails.
    [Fact]
    public async Task While_redis_fails_it_is_spared()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        (faulty.Calls, faulty.Failures) = (0, int.MaxValue);

        for (var id = 0; id < 50; id++)
            Assert.Equal("value", await node.ReadAsync(CacheNode.Product.Key("acme", id), () => "value"));

        Assert.InRange(faulty.Calls, 1, 11);
        Assert.Equal(CircuitState.Open, node.Metrics.Circuit("redis"));
    }

    // P13. Elsewhere: a value over the limit is kept all the same, in memory as the very instance that its callers may
    // change.
    [Fact]
    public async Task A_value_of_two_megabytes_goes_to_its_callers_and_no_layer_has_it()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var runs = 0;
        async Task<List<string>> ReadAsync() => await node.Cache.GetOrCreateAsync(Key, _ =>
        {
            runs++;
            return new ValueTask<List<string>>([.. Enumerable.Repeat(new string('x', 1024), 2 * 1024)]);
        }, CacheNode.Product.Options, cancellationToken: Ct);

        var first = await ReadAsync();
        first.Clear();

        Assert.Equal(2 * 1024, (await ReadAsync()).Count);
        Assert.Equal(2, runs);
        Assert.Equal(0, node.Memory.Count);
        Assert.False(await client.GetDatabase().KeyExistsAsync(Key));
    }

    // P14. Elsewhere: a removal is a time of the remover's clock, and one that is behind removes nothing.
    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task A_removal_by_a_node_with_a_wrong_clock_takes_effect(int minutes)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        var clock = new CacheClock();
        clock.Advance(TimeSpan.FromMinutes(minutes));
        await using var wrong = await CacheNode.StartWithAsync(redis.Connect, services => services
            .AddSingleton(clock)
            .AddSingleton<TimeProvider>(new WrongTime(TimeSpan.FromMinutes(minutes))));
        await node.ReadAsync(Key, () => "old");
        Assert.Equal("old", await wrong.ReadAsync(Key, () => "factory must not run"));

        Assert.Equal(
            InvalidationOutcome.Applied, await wrong.Invalidator.InvalidateAsync([CacheNode.Product.All("acme")], Ct));

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        await using var cold = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await cold.ReadAsync(Key, () => "factory must not run"));
        Assert.Equal("new", await wrong.ReadAsync(Key, () => "factory must not run"));
    }

    // P20. Elsewhere: a removal throws while the second layer is away, or the value it could not remove is served again
    // once the layer is back.
    [Fact]
    public async Task A_value_removed_while_redis_hung_does_not_come_back_with_it()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var node = await CacheNode.StartOnAsync(() => Connect(redis));
        await node.ReadAsync(Key, () => "old");
        await redis.PauseAsync();

        await node.Cache.RemoveAsync(Key, Ct);
        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        await redis.ResumeAsync();

        await Eventually.TrueAsync(async () =>
        {
            node.Memory.RemoveWhere(static _ => true);
            Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
            return node.Log.Lines("cache_invalidate_replayed").Length > 0;
        }, "the kept removal was applied");
        await using var cold = await CacheNode.StartOnAsync(() => Connect(redis));
        Assert.Equal("new", await cold.ReadAsync(Key, () => "new"));
    }

    // P22. Elsewhere: a caller whose timeout ends leaves the factory running behind it, and what that brings is
    // stored, whatever was removed meanwhile.
    [Fact]
    public async Task A_run_that_outlives_its_caller_is_not_stored_if_a_tag_was_dropped_meanwhile()
    {
        await using var node = await CacheNode.StartAsync(null);
        using var patience = new CancellationTokenSource();
        var gate = new Gate();
        var impatient = gate.ReadAsync(node, Key, "old", patience.Token);
        await gate.Entered;
        var patient = gate.ReadAsync(node, Key, "never", Ct);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        await node.Cache.RemoveByTagAsync(CacheNode.Product.All("acme"), Ct);
        gate.Open();

        Assert.Equal("old", await patient);
        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        Assert.Equal(1, gate.Runs);
    }

    private static ConnectionMultiplexer Connect(LocalRedis redis) =>
        ConnectionMultiplexer.Connect(redis.ConnectionString + ",abortConnect=false");

    private sealed class WrongTime(TimeSpan off) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + off;
    }
}
