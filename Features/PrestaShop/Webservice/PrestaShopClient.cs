using System.Globalization;
using System.Runtime.CompilerServices;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>Reads whole resources of one shop, page by page, and adds single rows.</summary>
internal sealed class PrestaShopClient(ShopRequests shop, ShopWriter writer, TimeProvider time)
{
    private const int PageSize = 500;
    private const int CountSize = 20_000;
    private const int IdsPerRequest = 100;
    private const int MaxFailingRows = 200;

    private int _failingRows;

    /// <summary>The zone in which the times of rows are read; at first Europe/Rome.</summary>
    public ShopClock Clock
    {
        get => shop.Clock;
        set => shop.Clock = value;
    }

    /// <summary>Whether the zone is a setting of the shop here, which its own configuration does not replace.</summary>
    public bool HasOwnZone { get; init; }

    /// <summary>The shop's clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow() + shop.ClockOffset;

    /// <summary>Receives resource, id and reason of a row that the shop cannot return; the read goes on without it.
    /// </summary>
    public Action<string, long, string>? Rejected { get; set; }

    /// <summary>
    /// All rows in the order of their ids, in pages. Keyset paging (<c>filter[id]=>[last]</c>), not by offset:
    /// concurrent inserts and deletes shift no rows. When the shop fails at a page, it is read in smaller ones. Hosts
    /// may cap a page below what is asked for, so only an empty page is the end.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<ShopRow>> PagesAsync(
        string resource, IReadOnlyDictionary<string, string> filter, [EnumeratorCancellation] CancellationToken ct,
        int pageSize = PageSize)
    {
        var last = 0L;
        var page = new PageSizeHalving(pageSize);
        while (true)
        {
            var (rows, failingId) = await PageAsync(resource, filter, last, page, ct);
            if (failingId is { } failing)
            {
                last = failing;
                continue;
            }
            if (rows.Count == 0)
                yield break;
            last = LastId(resource, rows, last, page.Size);
            page.Succeed();
            yield return rows;
        }
    }

    /// <summary>
    /// One request for people who wait: without repetition. With the SHA-1 of what is known already, the rows may be
    /// null: they are those.
    /// </summary>
    public Task<ShopContent> PageAsync(
        string resource, Dictionary<string, string> query, string? knownSha1, CancellationToken ct) =>
        shop.AskAsync(resource, query, knownSha1, ct);

    /// <summary>All rows of a small resource.</summary>
    public async Task<IReadOnlyList<ShopRow>> AllAsync(string resource, CancellationToken ct)
    {
        var all = new List<ShopRow>();
        await foreach (var page in PagesAsync(resource, new Dictionary<string, string>(), ct))
            all.AddRange(page);
        return all;
    }

    /// <summary>
    /// As <see cref="AllAsync"/>; null when the shop refuses the resource, as to a key without the right to it.
    /// </summary>
    public async Task<IReadOnlyList<ShopRow>?> AllIfAllowedAsync(string resource, CancellationToken ct)
    {
        try
        {
            return await AllAsync(resource, ct);
        }
        catch (PrestaShopException failure) when (failure.IsRefusal)
        {
            return null;
        }
    }

    /// <summary>The rows with these ids, as far as the shop has and can return them.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ShopRow>> ByIdsAsync(
        string resource, IEnumerable<long> ids, [EnumeratorCancellation] CancellationToken ct)
    {
        var page = new PageSizeHalving(IdsPerRequest);
        var waiting = new Queue<long>(ids);
        while (waiting.Count > 0)
        {
            long[] chunk = [.. waiting.Take(page.Size)];
            IReadOnlyList<ShopRow> rows;
            try
            {
                rows = await shop.AskAsync(resource, OfIds(chunk), ct);
            }
            catch (PrestaShopException failure)
            {
                if (page.NextAttempt(failure) is { } pause)
                {
                    await Task.Delay(pause, time, ct);
                    continue;
                }
                if (!failure.MayBeOneRow || chunk.Length > 1)
                    throw;
                Rejected?.Invoke(resource, chunk[0], $"The shop cannot return this row: {failure.Message}");
                waiting.Dequeue();
                page.SkipRow();
                continue;
            }
            page.Succeed();
            long[] left = [.. chunk.Except(rows.Select(row => Id(resource, row)))];
            if (rows.Count != chunk.Length - left.Length)
                throw Ignored(resource, "rows that were not asked for");
            // A host may return fewer rows than were asked for; what is in no response is not there.
            waiting = new Queue<long>((rows.Count == 0 ? [] : left).Concat(waiting.Skip(chunk.Length)));
            if (rows.Count > 0)
                yield return rows;
        }
    }

    /// <summary>Moves an order to a state: one request, which is never repeated here.</summary>
    public Task<ShopWrite> AddHistoryAsync(long order, long state, TimeSpan timeout, CancellationToken ct) =>
        writer.AddAsync(
            "order_histories",
            $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <prestashop xmlns:xlink="http://www.w3.org/1999/xlink"><order_history>{Value("id_order", order)}{Value(
                "id_order_state", state)}</order_history></prestashop>
            """,
            timeout, Clock, ct);

    private static string Value(string name, long id) =>
        string.Create(CultureInfo.InvariantCulture, $"<{name}><![CDATA[{id}]]></{name}>");

    /// <summary>About how many rows there are: a shop that cannot count them may still return them.</summary>
    public async Task<int> CountAsync(
        string resource, IReadOnlyDictionary<string, string> filter, CancellationToken ct)
    {
        var (count, last) = (0, 0L);
        var page = new PageSizeHalving(CountSize);
        var ids = new Dictionary<string, string>(filter) { ["display"] = "[id]" };
        while (true)
        {
            try
            {
                var rows = await shop.AskAsync(resource, Keyset(ids, last, page.Size), ct);
                count += rows.Count;
                if (rows.Count < page.Size)
                    return count;
                last = LastId(resource, rows, last, page.Size);
            }
            catch (PrestaShopException failure) when (failure.MayBeOneRow || failure.IsRefusal)
            {
                return count;
            }
            catch (PrestaShopException failure) when (page.NextAttempt(failure) is { } pause)
            {
                await Task.Delay(pause, time, ct);
            }
        }
    }

    private async Task<(IReadOnlyList<ShopRow> Rows, long? FailingId)> PageAsync(
        string resource, IReadOnlyDictionary<string, string> filter, long last, PageSizeHalving page,
        CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return (await shop.AskAsync(resource, Keyset(filter, last, page.Size), ct), null);
            }
            catch (PrestaShopException failure)
            {
                if (page.NextAttempt(failure) is { } pause)
                {
                    await Task.Delay(pause, time, ct);
                    continue;
                }
                if (!failure.MayBeOneRow || ++_failingRows > MaxFailingRows
                    || await FailingRow.FindAsync(shop, resource, filter, last, ct) is not { } id)
                {
                    throw;
                }
                Rejected?.Invoke(resource, id, $"The shop cannot return this row: {failure.Message}");
                page.SkipRow();
                return ([], id);
            }
        }
    }

    private static Dictionary<string, string> OfIds(long[] ids) => new()
    {
        ["display"] = "full",
        ["filter[id]"] = $"[{string.Join('|', ids)}]",
        ["sort"] = "[id_ASC]",
        ["limit"] = $"{ids.Length}",
    };

    private static Dictionary<string, string> Keyset(
        IReadOnlyDictionary<string, string> filter, long last, int size) => new(filter)
        {
            ["display"] = filter.GetValueOrDefault("display") ?? "full",
            ["filter[id]"] = $">[{last}]",
            ["sort"] = "[id_ASC]",
            ["limit"] = $"{size}",
        };

    // A shop that ignores the limit, the filter or the order would be read for ever, or with gaps.
    private static long LastId(string resource, IReadOnlyList<ShopRow> rows, long last, int size)
    {
        if (rows.Count > size)
            throw Ignored(resource, $"more rows than the {size} that were asked for");
        foreach (var row in rows)
        {
            if (Id(resource, row) is var id && id <= last)
                throw Ignored(resource, $"the row {id} after the row {last}");
            last = id;
        }
        return last;
    }

    private static PrestaShopException Ignored(string resource, string what) => new(
        $"{resource}: the shop returned {what}: it ignores the limit, the filter or the order of a request.",
        ShopFault.Final);

    private static long Id(string resource, ShopRow row)
    {
        try
        {
            return row.Id;
        }
        catch (RowRejectedException failure)
        {
            throw new PrestaShopException(
                $"{resource}: the shop returned a row that has no id. {failure.Message}", ShopFault.Final);
        }
    }
}
