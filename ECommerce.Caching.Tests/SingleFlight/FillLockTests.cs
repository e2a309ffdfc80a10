using ECommerce.Caching.Redis;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>The lock of the node that runs a factory for all: for how long, and for which policies.</summary>
public class FillLockTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly string LockKey = RedisNames.Default.FillLock(Key);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_lock_lasts_five_seconds_unless_it_is_renewed()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var gate = new Gate();
        var leads = gate.ReadAsync(node, Key, "value", Ct);
        await gate.Entered;

        // A node that dies now delays the others by that much.
        Assert.InRange(
            (await client.GetDatabase().KeyTimeToLiveAsync(LockKey))!.Value, TimeSpan.FromSeconds(
                1), TimeSpan.FromSeconds(5));
        gate.Open();
        await leads;
    }

    [Fact]
    public async Task A_node_that_misses_the_end_of_a_run_finds_its_value_by_polling()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await two.Services.GetRequiredService<IConnectionMultiplexer>().GetSubscriber()
            .UnsubscribeAsync(RedisNames.Default.Fills);
        var gate = new Gate();
        var leads = gate.ReadAsync(one, Key, "value", Ct);
        await gate.Entered;
        var waits = two.ReadAsync(Key, () => "own").AsTask();
        await Eventually.TrueAsync(
            () => two.Count("cache_single_flight_joined_total", "scope=cluster") == 1, "the other node waits");

        gate.Open();

        Assert.Equal("value", await leads);
        Assert.Equal("value", await waits.WaitAsync(TimeSpan.FromSeconds(10), Ct));

        Task<CacheNode> StartAsync() =>
            CacheNode.StartOnAsync(
                redis.Connect, configuration =>
                    new CacheSettings(
                        configuration)
                    {
                        RedisTimeout = TimeSpan.FromSeconds(
                            2),
                        FillLockLifetime = TimeSpan.FromMinutes(1)
                    });
    }

    [Fact]
    public async Task With_process_scope_no_node_waits_for_another()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var (key, gate) = (CacheNode.Cheap.Key("acme", 1), new Gate());
        var slow = gate.ReadAsync(one, key, "one's", Ct, policy: CacheNode.Cheap);
        await gate.Entered;

        Assert.Equal(
            "two's", await two.ReadAsync(key, () => "two's", CacheNode.Cheap).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(10), Ct));

        gate.Open();
        Assert.Equal("one's", await slow);
    }
}
