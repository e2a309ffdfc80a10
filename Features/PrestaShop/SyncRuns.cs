using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace ECommerce.Features.PrestaShop;

/// <summary>
/// The progress of a sync. Done and total count rows of the shop; total is complete when the counting phase has ended.
/// </summary>
internal sealed record SyncProgress(
    long Id, int ShopId, string Mode, string Status, string? Phase, int Done, int Total, int Created, int Updated,
    int Unchanged, int Deleted, int Failed, int Warned, IReadOnlyList<SyncError> Errors,
    IReadOnlyList<SyncError> Warnings, DateTime StartedAt, DateTime? FinishedAt)
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
        INSERT INTO sync_runs (tenant_id, shop_id, lock_fence, mode, status, phase, started_by, started_at)
        VALUES (@tenant, @shopId, @fence, @mode, 'running', 'starting', @startedBy, UTC_TIMESTAMP(6))
        """;

    // The lease of a run: the fence of a lock only grows, so it identifies one holder.
    private const string HoldsLease = """
        EXISTS (SELECT 1 FROM locks l
                WHERE l.name = CONCAT('lock:prestashop:sync:', r.tenant_id, ':', r.shop_id)
                  AND l.fence = r.lock_fence AND l.expires_at > UTC_TIMESTAMP(6))
        """;

    // A run whose process was killed keeps the status "running" in its row; without its lease it has failed.
    private const string Select = $"""
        SELECT r.id, r.shop_id, r.mode, r.phase, r.done, r.total, r.created_rows, r.updated_rows, r.unchanged_rows,
               r.deleted_rows, r.failed_rows, r.warned_rows, r.errors, r.warnings, r.started_at, r.finished_at,
               CASE WHEN r.status = 'running' AND NOT {HoldsLease} THEN 'failed' ELSE r.status END AS status
        FROM sync_runs r
        WHERE r.tenant_id = @tenant AND r.id = @id
        """;

    private const string SelectRunning = $"""
        SELECT r.id
        FROM sync_runs r
        WHERE r.tenant_id = @tenant AND r.shop_id = @shopId AND r.status = 'running' AND {HoldsLease}
        ORDER BY r.id DESC
        LIMIT 1
        """;

    private const string Finish = $"""
        UPDATE sync_runs
        SET status = @status, phase = @phase, finished_at = UTC_TIMESTAMP(6), done = @Done, total = @Total,
            created_rows = @Created, updated_rows = @Updated, unchanged_rows = @Unchanged, deleted_rows = @Deleted,
            failed_rows = @failed, warned_rows = @warned, errors = @errors, warnings = @warnings
        WHERE id = @id;

        UPDATE shops
        SET sync_failures = IF(@status = 'failed', LEAST(sync_failures + 1, 100), 0)
        WHERE tenant_id = @Tenant AND id = @ShopId;

        {BusinessLock.ReleaseWith}
        """;

    private sealed record Row(
        long Id, int ShopId, string Mode, string? Phase, int Done, int Total, int CreatedRows, int UpdatedRows,
        int UnchangedRows, int DeletedRows, int FailedRows, int WarnedRows, string? Errors,
        string? Warnings, DateTime StartedAt, DateTime? FinishedAt, string Status);

    /// <summary>The lock that allows one sync per shop.</summary>
    public static string LockName(Tenant tenant, int shopId) => $"lock:prestashop:sync:{tenant}:{shopId}";

    /// <summary>Inserts the row of a run that holds the lock with this fence.</summary>
    public static Task<long> CreateAsync(
        WriteTransaction tx, Tenant tenant, int shopId, long fence, string mode, int? startedBy,
        CancellationToken ct) =>
        tx.InsertAsync(Insert, new { tenant, shopId, fence, mode, startedBy }, ct);

    /// <summary>The run that holds the lock of a shop; null when none does, or its row is not inserted yet.</summary>
    public async Task<long?> FindRunningAsync(Tenant tenant, int shopId, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long?>(
            new CommandDefinition(SelectRunning, new { tenant, shopId }, cancellationToken: ct));
    }

    /// <summary>
    /// Ends a run and releases its lease in one transaction: a run that has ended never blocks the next one.
    /// </summary>
    public async Task FinishAsync(BusinessLock lease, SyncSession session, string status, CancellationToken ct)
    {
        var (report, counts) = (session.Report, session.Counts);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            Finish,
            lease.Guard(new
            {
                id = session.RunId,
                session.Tenant,
                session.ShopId,
                status,
                phase = session.Phase,
                counts.Done,
                counts.Total,
                counts.Created,
                counts.Updated,
                counts.Unchanged,
                counts.Deleted,
                failed = report.Failed,
                warned = report.Warned,
                errors = report.Errors,
                warnings = report.Warnings,
            }),
            transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
    }

    public async Task<SyncProgress?> FindAsync(Tenant tenant, long id, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Select, new { tenant, id }, cancellationToken: ct));
        if (row is null)
            return null;
        return new SyncProgress(
            row.Id, row.ShopId, row.Mode, row.Status, row.Phase, row.Done, row.Total, row.CreatedRows, row.UpdatedRows,
            row.UnchangedRows, row.DeletedRows, row.FailedRows, row.WarnedRows, Parse(row.Errors), Parse(row.Warnings),
            Utc(row.StartedAt), row.FinishedAt is { } end ? Utc(end) : null);

        static SyncError[] Parse(string? json) =>
            json is null ? [] : JsonSerializer.Deserialize<SyncError[]>(json, JsonSerializerOptions.Web)!;

        static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
    }
}
