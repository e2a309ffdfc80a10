using System.Globalization;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>Imports one resource of a shop, page by page. A bad row costs one row: it is named and left out.</summary>
internal abstract class EntityImport(
    SyncSession session, string resource, ImportTable table, bool hasDates = true)
{
    // More than an hour, which summer time repeats. Unchanged rows are recognised by their hash, so it costs little.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(90);

    private readonly HashSet<long> _seen = [];

    protected SyncSession Session => session;

    public string Resource => resource;

    public ImportTable Table => table;

    /// <summary>Whether the rows have a date of their last change, by which an incremental run asks for them.</summary>
    public bool HasDates => hasDates;

    /// <summary>The ids of the shop's rows, also of those rejected or skipped; complete when the import has ended.
    /// </summary>
    public IReadOnlySet<long> Seen => _seen;

    /// <summary>Whether all rows were read, so that those that are missing are known.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The rows to ask for: all, or those changed since the last complete run.</summary>
    public IReadOnlyDictionary<string, string> Filter { get; private set; } = new Dictionary<string, string>();

    /// <summary>
    /// Restricts an incremental import to what changed since a watermark, or since now if that is earlier, less an
    /// overlap. Both are local times of the shop.
    /// </summary>
    public void Since(string? watermark, string now)
    {
        if (!hasDates || !session.IsIncremental || Parse(watermark) is not { } since || Parse(now) is not { } started)
            return;
        var from = (since < started ? since : started) - Overlap;
        Filter = new Dictionary<string, string>
        {
            ["filter[date_upd]"] =
                $"[{from.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)},2099-12-31 23:59:59]",
            ["date"] = "1",
        };
    }

    /// <summary>Reads the resource, and the rows that an earlier run rejected unless they are among it.</summary>
    public async Task RunAsync(IReadOnlyList<long> rejectedBefore, CancellationToken ct)
    {
        session.Phase = resource;
        await foreach (var page in PagesAsync(ct))
            await ImportAsync(page, ct);
        // A row that the shop cannot return, also the last one, is in the shop all the same.
        session.Report.Commit();
        _seen.UnionWith(session.Report.RejectedOf(resource).Keys);
        var again = rejectedBefore.Where(id => !_seen.Contains(id)).ToArray();
        await foreach (var page in session.Shop.ByIdsAsync(resource, again, ct))
            await ImportAsync(page, ct);
        session.Report.Commit();
        IsComplete = true;
    }

    /// <summary>The rows of the shop, in pages.</summary>
    protected virtual IAsyncEnumerable<IReadOnlyList<ShopRow>> PagesAsync(CancellationToken ct) =>
        session.Shop.PagesAsync(resource, Filter, ct);

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

    private async Task ImportAsync(IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        await WriteAsync(page, ct);
        foreach (var row in page)
            _seen.Add(row.Id);
    }

    // Which row of a page is bad shows when the page is halved down to it.
    private async Task WriteAsync(IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        try
        {
            await PrepareAsync(page, ct);
            await session.WritePageAsync(page.Count, tx => WriteAsync(tx, page, ct), ct);
            return;
        }
        catch (RowRejectedException rejection) when (page.Count == 1)
        {
            await session.WritePageAsync(1, _ =>
            {
                session.Reject(resource, page[0].Id, rejection.Message);
                return Task.FromResult(ImportResult.None);
            }, ct);
            return;
        }
        catch (RowRejectedException)
        {
            // Its transaction is rolled back.
        }
        foreach (var half in page.Chunk((page.Count + 1) / 2))
            await WriteAsync(half, ct);
    }

    private async Task<ImportResult> WriteAsync(WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        var rows = await ProjectAsync(tx, page, ct);
        var result = await tx.ImportAsync(session.Tenant, session.ShopId, table, rows, ct);
        if (result.Created.Count + result.Updated.Count > 0)
            await ImportPartsAsync(tx, page, result, ct);
        foreach (var row in page)
        {
            foreach (var warning in row.Warnings)
                session.Warn(resource, row.Id, warning);
        }
        return result;
    }

    private static DateTime? Parse(string? time) =>
        DateTime.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : null;
}
