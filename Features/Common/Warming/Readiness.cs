using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ECommerce.Features.Common.Warming;

/// <summary>
/// Whether a balancer may send requests: the tables are there, and the warming of the start is done or has taken ten
/// seconds. Once true it stays so: without MySQL or Redis a node serves what it can, and removing all nodes at once
/// from a balancer would turn an outage of one of them into one of the API.
/// </summary>
internal sealed class Readiness(SchemaState schema, CacheWarmer warmer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
            !schema.IsReady ? HealthCheckResult.Unhealthy("The database is not migrated yet.")
            : warmer.IsStartOver ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The caches are being filled."));
}
