using System.Data.Common;
using Dapper;
using ECommerce.Features.Common.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Retention;

/// <summary>
/// Deletes what is older than the retention of its table, every hour, on one node at a time, in small batches. Nothing
/// of it is cached. The outbox of invalidations is cleaned by its relay.
/// </summary>
internal sealed partial class RetentionSweep(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source, BusinessLocks locks, TenantSettings settings,
    SchemaState schema, TimeProvider time, ILogger<RetentionSweep> logger) : BackgroundService
{
    public const string LockName = "lock:retention";

    // Rows that one statement locks; a writer waits for one batch at most.
    internal const int BatchSize = 500;

    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Sweeps all tables once.</summary>
    /// <returns>The deleted rows by table; null when another node is at it.</returns>
    public async Task<IReadOnlyDictionary<string, int>?> RunAsync(CancellationToken ct)
    {
        await using var held = await locks.TryAcquireAsync(LockName, Lease, Environment.MachineName, ct);
        if (held is null)
            return null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(held.Lost, ct);
        var deleted = new Dictionary<string, int>();
        var tenants = await TenantsAsync(either.Token);
        foreach (var table in RetainedTable.All)
        {
            var rows = table.Days is { } days
                ? await SweepTenantsAsync(table, days, tenants, either.Token)
                : await DeleteAsync(table, "", null, table.Age, either.Token);
            deleted[table.Name] = rows;
            if (rows > 0)
                LogDeleted(rows, table.Name);
        }
        return deleted;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (schema.IsReady)
                        await RunAsync(stoppingToken);
                }
                catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
                {
                    // The lease was lost: another node goes on.
                }
                catch (Exception exception) when (DatabaseErrors.IsDriverError(exception))
                {
                    LogFailed(exception.GetBaseException().Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process is stopping.
        }
    }

    private async Task<int> SweepTenantsAsync(
        RetainedTable table, WholeNumberSetting days, IReadOnlyList<string> tenants, CancellationToken ct)
    {
        var rows = 0;
        foreach (var tenant in tenants)
        {
            var age = TimeSpan.FromDays((await settings.GetAsync(new Tenant(tenant), days, ct))!.Value);
            rows += await DeleteAsync(table, "tenant_id = @tenant AND ", tenant, age, ct);
        }
        if (table.HasRowsOfNoTenant)
        {
            rows += await DeleteAsync(
                table, "tenant_id IS NULL AND ", null, TimeSpan.FromDays(days.Default!.Value), ct);
        }
        return rows;
    }

    private async Task<int> DeleteAsync(
        RetainedTable table, string ofTenant, string? tenant, TimeSpan age, CancellationToken ct)
    {
        var sql = $"DELETE FROM {table.Name} WHERE {ofTenant}{table.Condition} LIMIT {BatchSize}";
        var parameters = new DynamicParameters();
        parameters.Add("cutoff", (time.GetUtcNow() - age).UtcDateTime);
        if (tenant is not null)
            parameters.Add("tenant", tenant);
        var all = 0;
        while (true)
        {
            int rows;
            await using (var connection = await source.OpenConnectionAsync(ct))
                rows = await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));
            all += rows;
            if (rows < BatchSize)
                return all;
            await Task.Delay(Pause, time, ct);
        }
    }

    private async Task<IReadOnlyList<string>> TenantsAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<string>(
            new CommandDefinition("SELECT slug FROM tenants", cancellationToken: ct))];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Count} rows of {Table} that were past retention.")]
    private partial void LogDeleted(int count, string table);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Rows past retention could not be deleted ({Reason}); the next round does.")]
    private partial void LogFailed(string reason);
}
