using System.Text.Json;

namespace ECommerce.Features.PrestaShop;

/// <summary>One run of a sync under way: what it reads from, what it may write under, and how far it is.</summary>
internal sealed class SyncSession(WriteTransactions transactions, BusinessLock held, PrestaShopClient shop, Tenant tenant, int shopId, long runId, bool incremental)
{
    private const int MaxErrorsKept = 100;

    // The lease is checked where the progress is written, in the transaction of the page: a run that lost it writes nothing more.
    private const string SaveProgress = $"""
        UPDATE sync_runs
        SET phase = @phase, done = @Done, total = @Total, created_rows = @Created, updated_rows = @Updated, unchanged_rows = @Unchanged,
            failed_rows = @Failed, errors = @errors
        WHERE id = @runId AND {BusinessLock.StillHeld}
        """;

    private readonly List<SyncError> _errors = [];

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
        if (_errors.Count < MaxErrorsKept)
            _errors.Add(new SyncError(entity, originId, message));
    }

    /// <summary>One page, one transaction: its rows, what the caches forget, and how far we are.</summary>
    public async Task WritePageAsync(int rows, Func<WriteTransaction, Task<ImportResult>> write, CancellationToken ct)
    {
        var failedBefore = Failed;
        await using var tx = await transactions.BeginAsync(ct);
        var result = await write(tx);
        if (result.Created.Count + result.Updated.Count > 0)
            tx.Invalidate($"prestashop:*:{tenant}:{shopId}:*");
        Done += rows;
        Created += result.Created.Count;
        Updated += result.Updated.Count;
        Unchanged += rows - result.Created.Count - result.Updated.Count - (Failed - failedBefore);
        Total = Math.Max(Total, Done);
        await SaveAsync(tx, ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>When rows that we have were last changed in the shop, by their ids there.</summary>
    public async Task<IReadOnlyDictionary<long, DateTime>> DatesAsync(string table, IEnumerable<long> origins, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        var rows = await tx.ListAsync<(long Origin, DateTime Changed)>(
            $"SELECT origin_id, date_upd FROM {table} WHERE tenant_id = @tenant AND shop_id = @shopId AND origin_id IN @origins", new { tenant, shopId, origins }, ct);
        return rows.ToDictionary(row => row.Origin, row => DateTime.SpecifyKind(row.Changed, DateTimeKind.Utc));
    }

    /// <summary>Up to where each resource was read by the last complete run, in the shop's own time.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> WatermarksAsync(CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        var row = await tx.SingleOrDefaultAsync<(string? Products, string? Customers, string? Addresses, string? Orders)>(
            "SELECT watermark_products, watermark_customers, watermark_addresses, watermark_orders FROM shops WHERE tenant_id = @tenant AND id = @shopId",
            new { tenant, shopId }, ct);
        return new Dictionary<string, string?>
        {
            ["products"] = row.Products,
            ["customers"] = row.Customers,
            ["addresses"] = row.Addresses,
            ["orders"] = row.Orders,
        };
    }

    /// <summary>Not a change of the shop's settings: its row_version stays.</summary>
    public async Task SaveWatermarkAsync(string resource, string? watermark, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        await tx.ExecuteAsync(
            $"UPDATE shops SET watermark_{resource} = @watermark, last_sync_at = UTC_TIMESTAMP(6) WHERE tenant_id = @tenant AND id = @shopId AND {BusinessLock.StillHeld}",
            held.Guard(new { watermark, tenant, shopId }), ct);
        await tx.CommitAsync(ct);
    }

    public async Task SaveAsync(CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        await SaveAsync(tx, ct);
        await tx.CommitAsync(ct);
    }

    private async Task SaveAsync(WriteTransaction tx, CancellationToken ct)
    {
        var errors = JsonSerializer.Serialize(_errors, JsonSerializerOptions.Web);
        if (await tx.ExecuteAsync(SaveProgress, held.Guard(new { runId, phase = Phase, Done, Total, Created, Updated, Unchanged, Failed, errors }), ct) == 0)
            throw new SyncAbortedException("The lock of this sync was lost; another one may be running.");
    }
}

/// <summary>A row of the shop that could not be taken over.</summary>
internal sealed record SyncError(string Entity, long OriginId, string Message);

internal sealed class SyncAbortedException(string message) : Exception(message);
