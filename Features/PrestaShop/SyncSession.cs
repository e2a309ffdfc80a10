using System.Data.Common;
using Dapper;
using ECommerce.Features.PrestaShop.Import;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop;

/// <summary>A sync in progress: the shop it reads, the lease it writes under, and its progress.</summary>
internal sealed class SyncSession(
    WriteTransactions transactions, DbDataSource source, BusinessLock lease, PrestaShopClient shop, Tenant tenant,
    int shopId, long runId, SyncMode mode)
{
    private const int MaxAttempts = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    // The lease is checked where the progress is written, in the transaction of the page: a run that lost it writes
    // nothing more.
    private const string SaveProgress = $"""
        UPDATE sync_runs
        SET phase = @phase, done = @Done, total = @Total, created_rows = @Created, updated_rows = @Updated,
            unchanged_rows = @Unchanged, deleted_rows = @Deleted, failed_rows = @failed
        WHERE id = @runId AND {BusinessLock.StillHeld}
        """;

    private const string Dates = """
        SELECT origin_id, date_upd
        FROM orders
        WHERE tenant_id = @tenant AND shop_id = @shopId AND origin_id IN @origins
        """;

    public PrestaShopClient Shop => shop;
    public Tenant Tenant => tenant;
    public int ShopId => shopId;
    public long RunId => runId;
    public SyncMode Mode => mode;
    public bool IsIncremental => mode == SyncMode.Incremental;
    public string Phase { get; set; } = "starting";
    public SyncCounts Counts { get; private set; }
    public SyncReport Report { get; } = new();

    /// <summary>The language of the shop whose texts are taken.</summary>
    public long Language { get; set; }

    /// <summary>The names of the customer groups, by their ids in the shop.</summary>
    public IReadOnlyDictionary<long, string> Groups { get; set; } = new Dictionary<long, string>();

    private readonly HashSet<string> _skipped = [];

    /// <summary>Whether the run left a resource out, which the key of the shop may not read.</summary>
    public bool IsSkipped(string resource) => _skipped.Contains(resource);

    /// <summary>Leaves a resource out, with a warning; what is stored of it stays.</summary>
    public void Skip(string resource, string reason)
    {
        _skipped.Add(resource);
        Report.Warn(resource, 0, $"{reason}: it is not imported, and what is here of it stays.");
        Report.Commit();
    }

    public void Reject(string entity, long originId, string message) => Report.Reject(entity, originId, message);

    public void Warn(string entity, long originId, string message) => Report.Warn(entity, originId, message);

    /// <summary>Adds what is still to be read to the total of the run.</summary>
    public void Expect(int rows) => Counts = Counts with { Total = Counts.Total + rows };

    /// <summary>Writes one page: its rows, their invalidation and the progress are committed together.</summary>
    public Task WritePageAsync(int rows, Func<WriteTransaction, Task<ImportResult>> write, CancellationToken ct) =>
        RepeatAsync(async () =>
        {
            await using var tx = await transactions.BeginAsync(tenant, ct);
            var result = await write(tx);
            var counts = Counts.Add(rows, result, Report.RejectedInPage);
            if (result.Changes > 0)
                tx.Invalidate($"prestashop:*:{tenant}:{shopId}:*");
            await SaveAsync(tx, counts, ct);
            await tx.CommitAsync(ct);
            Counts = counts;
            Report.Commit();
        }, ct);

    /// <summary>When the stored orders were last changed in the shop, in UTC, by their ids in the shop.</summary>
    public async Task<IReadOnlyDictionary<long, DateTime>> OrderDatesAsync(
        IEnumerable<long> origins, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(long Origin, DateTime Changed)>(
            new CommandDefinition(Dates, new { tenant, shopId, origins }, cancellationToken: ct));
        return rows.ToDictionary(row => row.Origin, row => DateTime.SpecifyKind(row.Changed, DateTimeKind.Utc));
    }

    /// <summary>Runs statements that belong to no page, as long as the lease is held.</summary>
    public Task WriteAsync(Func<WriteTransaction, Task> write, CancellationToken ct) => RepeatAsync(async () =>
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        await write(tx);
        await SaveAsync(tx, Counts, ct);
        await tx.CommitAsync(ct);
    }, ct);

    public Task SaveProgressAsync(CancellationToken ct) => WriteAsync(static _ => Task.CompletedTask, ct);

    /// <summary>Reads rows outside of a transaction.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: ct))];
    }

    // A transaction that is the victim of a deadlock, or meets a database that is away for a moment, is written again:
    // all of it can be repeated, also after a COMMIT whose outcome is unknown.
    private async Task RepeatAsync(Func<Task> write, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            Report.BeginPage();
            try
            {
                await write();
                return;
            }
            catch (Exception failure)
            {
                Report.RollBackPage();
                if (attempt == MaxAttempts || ct.IsCancellationRequested || !DatabaseErrors.IsUnavailable(failure))
                    throw;
            }
            // Not all victims at once again.
            await Task.Delay(FirstPause * (Math.Pow(2, attempt - 1) * (1 + Random.Shared.NextDouble())), ct);
        }
    }

    private async Task SaveAsync(WriteTransaction tx, SyncCounts counts, CancellationToken ct)
    {
        var progress = lease.Guard(new
        {
            runId,
            phase = Phase,
            counts.Done,
            counts.Total,
            counts.Created,
            counts.Updated,
            counts.Unchanged,
            counts.Deleted,
            failed = Report.FailedSoFar,
        });
        if (await tx.ExecuteAsync(SaveProgress, progress, ct) == 0)
            throw new SyncAbortedException("The lock of this sync was lost; another sync may be running.");
    }
}

/// <summary>How much of a shop a run reads.</summary>
internal enum SyncMode
{
    /// <summary>Everything; rows that are missing are marked as deleted, unless implausibly many are.</summary>
    Full,

    /// <summary>As <see cref="Full"/>, however many rows are missing.</summary>
    FullWithDeletions,

    /// <summary>What changed since the last complete run, all stock, and rows that were rejected before.</summary>
    Incremental,
}

/// <summary>The rows of a run. Done and total count rows of the shop.</summary>
internal readonly record struct SyncCounts(
    int Done, int Total, int Created, int Updated, int Unchanged, int Deleted)
{
    public SyncCounts Add(int rows, ImportResult result, int rejected) => new(
        Done + rows, Math.Max(Total, Done + rows), Created + result.Created.Count, Updated + result.Updated.Count,
        Unchanged + Math.Max(0, rows - result.Created.Count - result.Updated.Count - rejected),
        Deleted + result.Deleted);
}

internal sealed class SyncAbortedException(string message) : Exception(message);
