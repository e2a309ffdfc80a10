using ECommerce.ServiceDefaults;
using ECommerce.ServiceDefaults.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

#pragma warning disable IDE0130 // Aspire's namespace for client integrations: the call stays the same with the real package.
namespace Microsoft.Extensions.Hosting;
#pragma warning restore IDE0130

public static class RedisClientExtensions
{
    internal const string HealthCheckName = "StackExchange.Redis";

    /// <summary>
    /// Registers a singleton <see cref="IConnectionMultiplexer"/> for <c>ConnectionStrings:{name}</c> or REDIS_URL, and its health check.
    /// An absent Redis holds the first use for 2 s at most, and is found as soon as it comes.
    /// </summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        builder.Services.TryAddSingleton<IConnectionMultiplexer>(services =>
        {
            var settings = StackExchangeRedisSettings.Read(services.GetRequiredService<IConfiguration>(), connectionName, configureSettings);
            if (string.IsNullOrEmpty(settings.ConnectionString))
                throw new InvalidOperationException($"Redis has no address: set ConnectionStrings:{connectionName} or REDIS_URL.");

            var options = RedisConnectionString.Parse(settings.ConnectionString);
            configureOptions?.Invoke(options);
            return ConnectionMultiplexer.Connect(options);
        });

        builder.Services.AddHealthCheckOnce(
            configuration => !StackExchangeRedisSettings.Read(configuration, connectionName, configureSettings).DisableHealthChecks,
            new HealthCheckRegistration(
                HealthCheckName, services => new RedisHealthCheck(services), HealthStatus.Degraded, tags: null, timeout: TimeSpan.FromSeconds(2)));
    }
}
