using ECommerce.ServiceDefaults.Redis;
using ECommerce.ServiceDefaults.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

#pragma warning disable IDE0130 // Aspire's namespace for client integrations: every Program.cs has it in scope.
namespace Microsoft.Extensions.Hosting;
#pragma warning restore IDE0130

public static class RedisExtensions
{
    internal const string HealthCheckName = "StackExchange.Redis";

    /// <summary>
    /// Aspire's <c>AddRedisClient</c> with the options of this system: the connection string may be a <c>redis://</c>
    /// or <c>rediss://</c> URL and is also read from <c>REDIS_URL</c>; an absent Redis neither stops the start nor
    /// makes the service unhealthy, it degrades it.
    /// </summary>
    public static void AddRedis(this IHostApplicationBuilder builder, string connectionName)
    {
        RedisUrl? url = null;
        builder.AddRedisClient(
            connectionName,
            settings =>
            {
                if (string.IsNullOrEmpty(settings.ConnectionString))
                    settings.ConnectionString = builder.Configuration["REDIS_URL"];
                url = RedisUrl.Parse(settings.ConnectionString);
                settings.ConnectionString = url?.EndPoint ?? settings.ConnectionString;
                // Tracing without an exporter would profile every command for nothing.
                settings.DisableTracing |= !builder.Configuration.HasOtlpEndpoint();
            },
            options =>
            {
                options.Defaults = new RedisDefaults();
                // A command that cannot be sent now fails now: a queued write would arrive after the caller has taken
                // another path. Not in RedisDefaults, because Aspire's binding has already stored the client's own
                // default.
                options.BacklogPolicy = BacklogPolicy.FailFast;
                url?.Apply(options);
            });

        // The client's log of its connection is one line per step and endpoint.
        builder.Logging.AddFilter("StackExchange.Redis", LogLevel.Warning);
        builder.Services.PostConfigure<HealthCheckServiceOptions>(static health =>
        {
            foreach (var check in health.Registrations.Where(static check => check.Name == HealthCheckName))
                check.FailureStatus = HealthStatus.Degraded;
        });
    }
}

/// <summary>The options of the client where neither connection string nor configuration sets them.</summary>
internal sealed class RedisDefaults : DefaultOptionsProvider
{
    // An absent Redis must neither stop the start nor delay the first request for long.
    public override bool AbortOnConnectFail => false;

    public override TimeSpan? ConnectTimeout => TimeSpan.FromSeconds(2);

    public override int ConnectRetry => 1;

    // INFO and CLUSTER NODES count as administration: the cache reads the topology and the eviction policy. It sends no
    // other such command.
    public override bool AllowAdmin => true;

    // RESP2 gives subscriptions a connection of their own, so that the loss of messages can be detected by it.
    public override RedisProtocol? Protocol => RedisProtocol.Resp2;
}
