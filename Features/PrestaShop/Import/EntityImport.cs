using System.Globalization;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>Imports one resource of a shop, page by page.</summary>
internal abstract class EntityImport(SyncSession session, string resource, ImportTable table)
{
    protected SyncSession Session => session;

    public string Resource => resource;

    /// <summary>The latest change that the shop reported, in its local time.</summary>
    public string? Watermark { get; private set; }

    /// <summary>The rows to ask for: all, or those changed since the last complete run.</summary>
    public IReadOnlyDictionary<string, string> Filter { get; private set; } = new Dictionary<string, string>();

    /// <summary>
    /// Restricts the import to what changed since a watermark, less an overlap: a change may be written a little later
    /// than its date.
    /// </summary>
    public void Since(string? watermark)
    {
        Watermark = watermark;
        if (!session.IsIncremental || !DateTime.TryParse(watermark, CultureInfo.InvariantCulture, out var time))
            return;
        var from = time.AddMinutes(-10).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        Filter =
            new Dictionary<string, string> { ["filter[date_upd]"] = $"[{from},2099-12-31 23:59:59]", ["date"] = "1" };
    }

    public async Task RunAsync(CancellationToken ct)
    {
        session.Phase = resource;
        await foreach (var page in session.Shop.PagesAsync(resource, Filter, ct))
        {
            await PrepareAsync(page, ct);
            await using var tx = await session.BeginPageAsync(ct);
            var result = await WriteAsync(tx, page, ct);
            await session.CompletePageAsync(tx, page.Count, result, ct);
            foreach (var row in page)
                Advance(row.RawTime("date_upd"));
        }
    }

    /// <summary>
    /// Reads what else a page needs from the shop: before the transaction, which must not wait for a shop.
    /// </summary>
    protected virtual Task PrepareAsync(IReadOnlyList<ShopRow> page, CancellationToken ct) => Task.CompletedTask;

    /// <summary>The rows as they are written to the table; a row that refers to an unknown one is rejected.</summary>
    protected abstract Task<IReadOnlyList<ImportRow>> ProjectAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct);

    /// <summary>Writes the rows of other tables that belong to the created and updated rows.</summary>
    protected virtual Task ImportPartsAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, ImportResult result,
        CancellationToken ct) => Task.CompletedTask;

    protected Task<IReadOnlyDictionary<long, long>> IdsAsync(
        WriteTransaction tx, string of, IEnumerable<long?> origins, CancellationToken ct) =>
        tx.LocalIdsAsync(of, session.Tenant, session.ShopId, origins.OfType<long>(), ct);

    protected static long? Find(IReadOnlyDictionary<long, long> ids, long? origin) =>
        origin is { } id && ids.TryGetValue(id, out var found) ? found : null;

    private async Task<ImportResult> WriteAsync(WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        var rows = await ProjectAsync(tx, page, ct);
        var result = await tx.ImportAsync(session.Tenant, session.ShopId, table, rows, ct);
        if (result.Created.Count + result.Updated.Count == 0)
            return result;
        await ImportPartsAsync(tx, page, result, ct);
        return result;
    }

    private void Advance(string? changed)
    {
        // Texts of one format and one clock: their order is the order of time.
        if (changed is not null && string.CompareOrdinal(changed, Watermark) > 0)
            Watermark = changed;
    }
}
