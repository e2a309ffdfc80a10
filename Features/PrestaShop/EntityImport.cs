
namespace ECommerce.Features.PrestaShop;

/// <summary>Takes over one resource of a shop, page by page.</summary>
internal abstract class EntityImport(SyncSession session, string resource, ImportTable table)
{
    protected SyncSession Session => session;

    public string Resource => resource;

    /// <summary>The latest change the shop told of, in its own time.</summary>
    public string? Watermark { get; private set; }

    /// <summary>What is asked for: all, or what has changed since the last complete run.</summary>
    public IReadOnlyDictionary<string, string> Filter { get; private set; } = new Dictionary<string, string>();

    /// <summary>Restricts the import to what changed since a watermark, less an overlap: a change may have been written a little later than it is dated.</summary>
    public void Since(string? watermark)
    {
        Watermark = watermark;
        if (!session.IsIncremental || watermark is null || !DateTime.TryParse(watermark, System.Globalization.CultureInfo.InvariantCulture, out var time))
            return;
        var from = time.AddMinutes(-10).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        Filter = new Dictionary<string, string> { ["filter[date_upd]"] = $"[{from},2099-12-31 23:59:59]", ["date"] = "1" };
    }

    public async Task RunAsync(CancellationToken ct)
    {
        session.Phase = resource;
        await foreach (var page in session.Shop.PagesAsync(resource, Filter, ct))
        {
            await PrepareAsync(page, ct);
            await session.WritePageAsync(page.Count, tx => ImportPageAsync(tx, page, ct), ct);
            foreach (var row in page)
                Advance(row.RawTime("date_upd"));
        }
    }

    /// <summary>What else must be asked of the shop for a page: before the transaction, which must not wait for a shop.</summary>
    protected virtual Task PrepareAsync(IReadOnlyList<ShopRow> page, CancellationToken ct) => Task.CompletedTask;

    /// <summary>The rows as they are to stand in the table; what refers to something unknown is rejected.</summary>
    protected abstract Task<IReadOnlyList<ImportRow>> ProjectAsync(WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct);

    protected abstract void Invalidate(WriteTransaction tx, ImportResult result);

    /// <summary>What belongs to the rows that have changed.</summary>
    protected virtual Task ImportPartsAsync(WriteTransaction tx, IReadOnlyList<ShopRow> page, ImportResult result, CancellationToken ct) => Task.CompletedTask;

    protected Task<IReadOnlyDictionary<long, long>> IdsAsync(WriteTransaction tx, string of, IEnumerable<long?> origins, CancellationToken ct) =>
        tx.LocalIdsAsync(of, session.Tenant, session.ShopId, origins.OfType<long>(), ct);

    protected static long? Find(IReadOnlyDictionary<long, long> ids, long? origin) => origin is { } id && ids.TryGetValue(id, out var found) ? found : null;

    private async Task<ImportResult> ImportPageAsync(WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        var rows = await ProjectAsync(tx, page, ct);
        var result = await tx.ImportAsync(session.Tenant, session.ShopId, table, rows, ct);
        if (result.Created.Count + result.Updated.Count == 0)
            return result;
        await ImportPartsAsync(tx, page, result, ct);
        Invalidate(tx, result);
        return result;
    }

    private void Advance(string? changed)
    {
        // Texts of one format and one clock: their order is the order of time.
        if (changed is not null && string.CompareOrdinal(changed, Watermark) > 0)
            Watermark = changed;
    }
}
