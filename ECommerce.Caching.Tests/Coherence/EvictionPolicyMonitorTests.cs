using ECommerce.Caching.Coherence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ECommerce.Caching.Tests.Coherence;

public class EvictionPolicyMonitorTests
{
    [Theory]
    [InlineData("allkeys-lru", true)]
    [InlineData("allkeys-random", true)]
    [InlineData("volatile-lru", false)]
    [InlineData("noeviction", false)]
    public async Task A_redis_that_evicts_any_key_is_a_configuration_error_in_health_and_log(
        string policy, bool isError)
    {
        await using var redis = await RedisServer.StartAsync();
        using var client = redis.Connect();
        await client.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory-policy", policy);
        await using var node = await CacheNode.StartAsync(redis);
        var watch = node.Services.GetRequiredService<EvictionPolicyMonitor>();
        var health = node.Services.GetRequiredService<CacheHealth>();

        await watch.LookAsync();
        await watch.LookAsync();

        var report = await health.ReportAsync(TestContext.Current.CancellationToken);
        Assert.Equal(isError, report.ConfigurationError?.Contains(policy, StringComparison.Ordinal) ?? false);
        Assert.Equal(isError ? "degraded" : "healthy", report.Status);
        Assert.Equal(
            isError ? [LogLevel.Warning] : [], node.Log.Lines("cache_configuration").Select(line => line.Level));

        await client.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await watch.LookAsync();
        Assert.Equal("healthy", (await health.ReportAsync(TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task A_node_looks_by_itself()
    {
        await using var redis = await RedisServer.StartAsync();
        using var client = redis.Connect();
        await client.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");

        await using var node = await CacheNode.StartAsync(redis);

        await Eventually.TrueAsync(() => node.Log.Lines("cache_configuration").Length == 1, "the node has warned");
    }
}
