using System.Runtime.CompilerServices;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>Reads whole resources of one shop, page by page.</summary>
internal sealed class PrestaShopClient(IPrestaShopWebservice webservice, TimeProvider time)
{
    private const int MaxAttempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // Refit returns at the response headers, where the limits of the HTTP client end: the body needs limits of its own.
    private const int MaxBodyBytes = 128 << 20;
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(100);

    /// <summary>
    /// All rows in the order of their ids, in pages. Keyset paging (<c>filter[id]=>[last]</c>), not by offset:
    /// concurrent inserts and deletes shift no rows. When the shop fails at a page, the page size is halved.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<ShopRow>> PagesAsync(
        string resource, IReadOnlyDictionary<string, string> filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var last = 0L;
        var page = new PageSizeHalving();
        while (true)
        {
            var rows = await PageAsync(resource, filter, last, page, ct);
            if (rows.Count > 0)
                yield return rows;
            if (rows.Count < page.Size)
                yield break;
            last = rows[^1].Id;
        }
    }

    /// <summary>All rows of a small resource.</summary>
    public async Task<IReadOnlyList<ShopRow>> AllAsync(string resource, CancellationToken ct)
    {
        var all = new List<ShopRow>();
        await foreach (var page in PagesAsync(resource, new Dictionary<string, string>(), ct))
            all.AddRange(page);
        return all;
    }

    public async Task<int> CountAsync(
        string resource, IReadOnlyDictionary<string, string> filter, CancellationToken ct) =>
        (await ListAsync(resource, new Dictionary<string, string>(filter) { ["display"] = "[id]" }, ct)).Count;

    /// <summary>
    /// Rows without paging. HTTP errors have been retried by the resilience pipeline; a 200 with an empty or PHP body
    /// has not, so it is retried here.
    /// </summary>
    public async Task<IReadOnlyList<ShopRow>> ListAsync(
        string resource, Dictionary<string, string> query, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AskAsync(resource, query, ct);
            }
            catch (PrestaShopException failure) when (failure.MayBeTooMuch && attempt < MaxAttempts)
            {
                await Task.Delay(Pause * attempt, time, ct);
            }
        }
    }

    private async Task<IReadOnlyList<ShopRow>> PageAsync(
        string resource, IReadOnlyDictionary<string, string> filter, long last, PageSizeHalving page,
        CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await AskAsync(resource, new Dictionary<string, string>(filter)
                {
                    ["display"] = "full",
                    ["filter[id]"] = $">[{last}]",
                    ["sort"] = "[id_ASC]",
                    ["limit"] = $"{page.Size}",
                }, ct);
            }
            catch (PrestaShopException failure) when (page.TryHalve(failure))
            {
                // The same page again, at half the size.
            }
        }
    }

    private async Task<IReadOnlyList<ShopRow>> AskAsync(
        string resource, Dictionary<string, string> query, CancellationToken ct)
    {
        query["output_format"] = "JSON";
        try
        {
            using var response = await webservice.ListAsync(resource, query, ct);
            return PrestaShopBody.Rows(resource, response.StatusCode, await BodyAsync(response.Content, ct));
        }
        catch (
            Exception failure) when (
                failure is HttpRequestException or IOException or TimeoutException
                    || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new PrestaShopException(
                $"{resource}: the shop could not be reached or the connection broke ({failure.Message})",
                mayBeTooMuch: true,
                failure);
        }
    }

    private async Task<byte[]> BodyAsync(HttpContent content, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(BodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        await content.LoadIntoBufferAsync(MaxBodyBytes, either.Token);
        return await content.ReadAsByteArrayAsync(either.Token);
    }
}
