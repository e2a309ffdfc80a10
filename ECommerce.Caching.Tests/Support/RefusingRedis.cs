using ECommerce.Caching.Coherence;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Support;

/// <summary>Makes a Redis refuse, and reads what the health check shows of it.</summary>
internal static class RefusingRedis
{
    public static async Task ConfigureAsync(this RedisServer redis, string name, string value)
    {
        using var admin = redis.Connect();
        await admin.GetServers()[0].ConfigSetAsync(name, value);
    }

    /// <summary>Sends a command as text, its parts separated by spaces.</summary>
    public static async Task<RedisResult> SendAsync(this RedisServer redis, params string[] parts)
    {
        using var admin = redis.Connect();
        return await admin.GetDatabase().ExecuteAsync(parts[0], parts[1..]);
    }

    /// <summary>Connects as a user who has the password <c>pw</c>.</summary>
    public static ConnectionMultiplexer ConnectAs(this RedisServer redis, string user) =>
        ConnectionMultiplexer.Connect($"{redis.Configuration},user={user},password=pw");

    public static Task<CacheHealthReport> HealthAsync(this CacheNode node) =>
        node.Services.GetRequiredService<CacheHealth>().ReportAsync(TestContext.Current.CancellationToken);

    public static long LeaseUntil(this CacheNode node) => node.Services.GetRequiredService<Backplane>().LeaseUntil;

    public static Task UntilWithoutLeaseAsync(this CacheNode node) => Eventually.TrueAsync(
        () => node.LeaseUntil() <= node.Clock.Now, "the lease has ended");
}
