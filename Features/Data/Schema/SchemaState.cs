using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ECommerce.Features.Data.Schema;

/// <summary>Whether the tables are there yet. Unhealthy until then, so that no load balancer sends requests.</summary>
public sealed class SchemaState : IHealthCheck
{
    private volatile bool _ready;

    public bool IsReady => _ready;

    internal void Ready() => _ready = true;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            _ready ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The database is not migrated yet."));
}
