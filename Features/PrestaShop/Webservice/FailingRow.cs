namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// Finds the id of the row that a shop cannot return: PHP answers nothing for every page that holds it.
/// </summary>
internal static class FailingRow
{
    private const long MaxGap = 1L << 40;

    /// <summary>
    /// The id of the first row after another; null when the shop fails for a page without rows too, so that no row is
    /// the cause.
    /// </summary>
    public static async Task<long?> FindAsync(
        ShopRequests shop, string resource, IReadOnlyDictionary<string, string> filter, long last,
        CancellationToken ct)
    {
        // An interval that has no row: no ids are below 1.
        if (!await IsReadableAsync(0, 0))
            return null;
        if (await FirstIdAsync() is { } id)
            return id;

        // An interval fails from the id of the row on.
        var gap = 1L;
        while (await IsReadableAsync(last + 1, last + gap))
        {
            if ((gap *= 2) > MaxGap)
                return null;
        }
        var (readable, failing) = (gap / 2, gap);
        while (failing - readable > 1)
        {
            var middle = (readable + failing) / 2;
            if (await IsReadableAsync(last + 1, last + middle))
                readable = middle;
            else failing = middle;
        }
        return last + failing;

        async Task<long?> FirstIdAsync()
        {
            try
            {
                return await AskAsync($">[{last}]", "[id]") is [var row, ..] ? row.Id : null;
            }
            catch (PrestaShopException failure) when (failure.MayBeOneRow)
            {
                return null;
            }
        }

        async Task<bool> IsReadableAsync(long from, long to)
        {
            try
            {
                await AskAsync($"[{from},{to}]", "full");
                return true;
            }
            catch (PrestaShopException failure) when (failure.MayBeOneRow)
            {
                return false;
            }
        }

        Task<IReadOnlyList<ShopRow>> AskAsync(string ids, string display) => shop.AskAsync(
            resource,
            new Dictionary<string, string>(filter)
            {
                ["display"] = display,
                ["filter[id]"] = ids,
                ["sort"] = "[id_ASC]",
                ["limit"] = "1",
            },
            ct);
    }
}
