using ECommerce.Caching.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Redis;

/// <summary>
/// Reads while Redis is away, or goes away in between: they cost no more runs, and bring what they bring.
/// </summary>
public class RedisOutageReadTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Concurrent_misses_run_the_factory_once_on_each_node()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await redis.KillAsync();
        await Eventually.TrueAsync(
            () => !node.Services.GetRequiredService<RedisLayer>().IsTrusted, "Redis is not trusted");
        var gate = new Gate();

        var readers = Enumerable.Range(0, 20).Select(_ => gate.ReadAsync(node, Key, "value", Ct)).ToArray();
        await gate.Entered;
        await Eventually.TrueAsync(
            () => node.Count("cache_single_flight_joined_total") == 19 || gate.Runs > 1, "the others have joined");
        gate.Open();

        Assert.All(await Task.WhenAll(readers), value => Assert.Equal("value", value));
        Assert.Equal(1, gate.Runs);
    }

    [Fact]
    public async Task A_value_that_could_not_be_stored_goes_to_its_caller_and_stays_in_memory()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));

        // Redis has replied to the look-up and fails before the store.
        Assert.Equal("value", await node.ReadAsync(Key, () =>
        {
            faulty.Failures = 1;
            return "value";
        }));

        Assert.Equal(0, faulty.Failures);
        Assert.Equal("value", await node.ReadAsync(Key, () => "factory must not run"));
    }
}
