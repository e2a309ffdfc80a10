using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace ECommerce.Features.PrestaShop;

/// <summary>How far a sync is. Done and total count rows of the shop; total is known when the phase of counting is over.</summary>
internal sealed record SyncProgress(
    long Id, int ShopId, string Mode, string Status, string? Phase, int Done, int Total, int Created, int Updated, int Unchanged, int Failed,
    IReadOnlyList<SyncError> Errors, DateTime StartedAt, DateTime? FinishedAt)
{
    public bool IsOver => Status != SyncStatus.Running;
}

internal static class SyncStatus
{
    public const string Running = "running";
    public const string Succeeded = "succeeded";
    public const string Partial = "partial";
    public const string Failed = "failed";
}

/// <summary>The rows of sync_runs.</summary>
internal sealed class SyncRuns(DbDataSource source)
{
    private const string Insert = """
        INSERT INTO sync_runs (tenant_id, shop_id, mode, status, phase, started_by, started_at)
        VALUES (@tenant, @shopId, @mode, 'running', 'starting', @startedBy, UTC_TIMESTAMP(6));
        SELECT LAST_INSERT_ID()
        """;

    // A run whose process has died says "running" for ever; what tells is that nobody holds its lease any more.
    private const string Find = """
        SELECT r.id, r.shop_id, r.mode, r.phase, r.done, r.total, r.created_rows, r.updated_rows, r.unchanged_rows, r.failed_rows, r.errors, r.started_at, r.finished_at,
               CASE WHEN r.status = 'running' AND NOT EXISTS (
                        SELECT 1 FROM locks l
                        WHERE l.name = CONCAT('lock:prestashop:sync:', r.tenant_id, ':', r.shop_id) AND l.expires_at > UTC_TIMESTAMP(6)
                          AND l.owner LIKE CONCAT('sync-run-', r.id, '#%'))
                    THEN 'failed' ELSE r.status END AS status
        FROM sync_runs r
        WHERE r.tenant_id = @tenant AND r.id = @id
        """;

    private sealed record Row(
        long Id, int ShopId, string Mode, string? Phase, int Done, int Total, int CreatedRows, int UpdatedRows, int UnchangedRows, int FailedRows, string? Errors,
        DateTime StartedAt, DateTime? FinishedAt, string Status);

    public static string Owner(long run) => $"sync-run-{run}";

    public static long RunOf(string owner) => long.Parse(owner["sync-run-".Length..], System.Globalization.CultureInfo.InvariantCulture);

    public async Task<long> CreateAsync(Tenant tenant, int shopId, string mode, int startedBy, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(Insert, new { tenant, shopId, mode, startedBy }, cancellationToken: ct));
    }

    public async Task DeleteAsync(long id, CancellationToken ct) => await RunAsync("DELETE FROM sync_runs WHERE id = @id", new { id }, ct);

    public async Task FinishAsync(long id, string status, string? error, CancellationToken ct)
    {
        const string Sql = """
            UPDATE sync_runs
            SET status = @status, finished_at = UTC_TIMESTAMP(6),
                errors = IF(@error IS NULL, errors, JSON_ARRAY_APPEND(COALESCE(errors, '[]'), '$', JSON_OBJECT('entity', phase, 'originId', 0, 'message', @error)))
            WHERE id = @id
            """;
        await RunAsync(Sql, new { id, status, error }, ct);
    }

    public async Task<SyncProgress?> FindAsync(Tenant tenant, long id, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Find, new { tenant, id }, cancellationToken: ct));
        return row is null
            ? null
            : new SyncProgress(
                row.Id, row.ShopId, row.Mode, row.Status, row.Phase, row.Done, row.Total, row.CreatedRows, row.UpdatedRows, row.UnchangedRows, row.FailedRows,
                row.Errors is null ? [] : JsonSerializer.Deserialize<SyncError[]>(row.Errors, JsonSerializerOptions.Web)!,
                DateTime.SpecifyKind(row.StartedAt, DateTimeKind.Utc), row.FinishedAt is { } end ? DateTime.SpecifyKind(end, DateTimeKind.Utc) : null);
    }

    private async Task RunAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }
}
