using System.Runtime.CompilerServices;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// Resources that complete an order. A shop whose key may not read one of them is imported without it: the run warns
/// once, and what is stored of it stays.
/// </summary>
internal sealed class OptionalResources(SyncSession session)
{
    // The values of a request fit into a URL that every web server accepts.
    private const int ValuesPerRequest = 250;

    private readonly HashSet<string> _unavailable = [];

    public bool IsAvailable(string resource) => !_unavailable.Contains(resource);

    public async Task<IReadOnlyList<ShopRow>> AllAsync(string resource, CancellationToken ct)
    {
        var rows = new List<ShopRow>();
        await foreach (var page in PagesAsync(resource, new Dictionary<string, string>(), ct))
            rows.AddRange(page);
        return rows;
    }

    /// <summary>The rows whose field has one of the values.</summary>
    public async IAsyncEnumerable<ShopRow> OfAsync<T>(
        string resource, string field, IReadOnlyCollection<T> values, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var chunk in values.Chunk(ValuesPerRequest))
        {
            var filter = new Dictionary<string, string> { [$"filter[{field}]"] = $"[{string.Join('|', chunk)}]" };
            await foreach (var page in PagesAsync(resource, filter, ct))
            {
                foreach (var row in page)
                    yield return row;
            }
        }
    }

    public IAsyncEnumerable<IReadOnlyList<ShopRow>> PagesAsync(
        string resource, IReadOnlyDictionary<string, string> filter, CancellationToken ct) =>
        TolerateAsync(resource, session.Shop.PagesAsync(resource, filter, ct), ct);

    public IAsyncEnumerable<IReadOnlyList<ShopRow>> ByIdsAsync(
        string resource, IReadOnlyList<long> ids, CancellationToken ct) =>
        TolerateAsync(resource, session.Shop.ByIdsAsync(resource, ids, ct), ct);

    private async IAsyncEnumerable<IReadOnlyList<ShopRow>> TolerateAsync(
        string resource, IAsyncEnumerable<IReadOnlyList<ShopRow>> read, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!IsAvailable(resource))
            yield break;
        await using var pages = read.GetAsyncEnumerator(ct);
        while (await MoveNextAsync(resource, pages))
            yield return pages.Current;
    }

    private async ValueTask<bool> MoveNextAsync(string resource, IAsyncEnumerator<IReadOnlyList<ShopRow>> pages)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (PrestaShopException refusal) when (refusal.IsRefusal)
        {
            SetUnavailable(resource, refusal);
            return false;
        }
    }

    private void SetUnavailable(string resource, PrestaShopException refusal)
    {
        _unavailable.Add(resource);
        session.Warn(resource, 0, $"{refusal.Message}: orders are imported without it.");
    }
}
