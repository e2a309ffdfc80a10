using System.Data.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ECommerce.ServiceDefaults.MySql;

/// <summary>
/// One query on the small pool. Concurrent checks share it: a flood of them uses one session.
/// </summary>
internal sealed class MySqlHealthCheck(DbDataSource source) : IHealthCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task<HealthCheckResult>? _running;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            // Without the token of one of the callers that share it.
            if (_running is not { IsCompleted: false })
                _running = Task.Run(QueryAsync, CancellationToken.None);
            return _running.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> QueryAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(Deadline);
            await using var connection = await source.OpenConnectionAsync(deadline.Token);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync(deadline.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"MySQL does not respond: {exception.Message}");
        }
    }
}
