using System.Data.Common;
using System.Text.Json;
using Dapper;
using ECommerce.Features.PrestaShop.Import;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop;

/// <summary>A sync in progress: the shop it reads, the lease it writes under, and its progress.</summary>
internal sealed class SyncSession(
    WriteTransactions transactions, DbDataSource source, BusinessLock lease, PrestaShopClient shop, Tenant tenant,
    int shopId, long runId,
    bool incremental)
{
    private const int MaxErrorsKept = 100;

    // The lease is checked where the progress is written, in the transaction of the page: a run that lost it writes
    // nothing more.
    private const string SaveProgress = $"""
        UPDATE sync_runs
        SET phase = @phase, done = @Done, total = @Total, created_rows = @Created, updated_rows = @Updated,
            unchanged_rows = @Unchanged, failed_rows = @Failed, errors = @errors
        WHERE id = @runId AND {BusinessLock.StillHeld}
        """;

    private const string Dates = """
        SELECT origin_id, date_upd
        FROM orders
        WHERE tenant_id = @tenant AND shop_id = @shopId AND origin_id IN @origins
        """;

    private const string Watermarks = """
        SELECT watermark_products, watermark_customers, watermark_addresses, watermark_orders
        FROM shops
        WHERE tenant_id = @tenant AND id = @shopId
        """;

    private readonly List<SyncError> _errors = [];
    private int _failedInPage;

    public PrestaShopClient Shop => shop;
    public Tenant Tenant => tenant;
    public int ShopId => shopId;
    public bool IsIncremental => incremental;
    public string Phase { get; set; } = "lookups";
    public int Done { get; private set; }
    public int Total { get; set; }
    public int Created { get; private set; }
    public int Updated { get; private set; }
    public int Unchanged { get; private set; }
    public int Failed { get; private set; }

    /// <summary>The language of the shop whose texts are taken.</summary>
    public long Language { get; set; }

    public void Reject(string entity, long originId, string message)
    {
        Failed++;
        _failedInPage++;
        if (_errors.Count < MaxErrorsKept)
            _errors.Add(new SyncError(entity, originId, message));
    }

    /// <summary>
    /// Begins the transaction of one page: its rows, their invalidation and the progress are committed together.
    /// </summary>
    public Task<WriteTransaction> BeginPageAsync(CancellationToken ct)
    {
        _failedInPage = 0;
        return transactions.BeginAsync(tenant, ct);
    }

    /// <summary>Counts the rows of a page, saves the progress and commits.</summary>
    public async Task CompletePageAsync(WriteTransaction tx, int rows, ImportResult result, CancellationToken ct)
    {
        var changed = result.Created.Count + result.Updated.Count;
        if (changed > 0)
            tx.Invalidate($"prestashop:*:{tenant}:{shopId}:*");
        Done += rows;
        Created += result.Created.Count;
        Updated += result.Updated.Count;
        Unchanged += rows - changed - _failedInPage;
        Total = Math.Max(Total, Done);
        await SaveAsync(tx, ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>When the stored orders were last changed in the shop, in UTC, by their ids in the shop.</summary>
    public async Task<IReadOnlyDictionary<long, DateTime>> OrderDatesAsync(
        IEnumerable<long> origins, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(long Origin, DateTime Changed)>(
            new CommandDefinition(Dates, new { tenant, shopId, origins }, cancellationToken: ct));
        return rows.ToDictionary(row => row.Origin, row => DateTime.SpecifyKind(row.Changed, DateTimeKind.Utc));
    }

    /// <summary>Where the last complete run ended for each resource, in the shop's local time.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> WatermarksAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<(
            string? Products, string? Customers, string? Addresses, string? Orders)>(
            new CommandDefinition(Watermarks, new { tenant, shopId }, cancellationToken: ct));
        return new Dictionary<string, string?>
        {
            ["products"] = row.Products,
            ["customers"] = row.Customers,
            ["addresses"] = row.Addresses,
            ["orders"] = row.Orders,
        };
    }

    /// <summary>The watermark is no setting of the shop: its row_version stays.</summary>
    public async Task SaveWatermarkAsync(string resource, string? watermark, CancellationToken ct)
    {
        var sql = $"""
            UPDATE shops SET watermark_{resource} = @watermark, last_sync_at = UTC_TIMESTAMP(6)
            WHERE tenant_id = @tenant AND id = @shopId AND {BusinessLock.StillHeld}
            """;
        await using var tx = await transactions.BeginAsync(ct);
        await tx.ExecuteAsync(sql, lease.Guard(new { watermark, tenant, shopId }), ct);
        await tx.CommitAsync(ct);
    }

    public async Task SaveProgressAsync(CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        await SaveAsync(tx, ct);
        await tx.CommitAsync(ct);
    }

    private async Task SaveAsync(WriteTransaction tx, CancellationToken ct)
    {
        var errors = JsonSerializer.Serialize(_errors, JsonSerializerOptions.Web);
        var progress = lease.Guard(
            new { runId, phase = Phase, Done, Total, Created, Updated, Unchanged, Failed, errors });
        if (await tx.ExecuteAsync(SaveProgress, progress, ct) == 0)
            throw new SyncAbortedException("The lock of this sync was lost; another sync may be running.");
    }
}

/// <summary>A row of the shop that was rejected.</summary>
internal sealed record SyncError(string Entity, long OriginId, string Message);

internal sealed class SyncAbortedException(string message) : Exception(message);
