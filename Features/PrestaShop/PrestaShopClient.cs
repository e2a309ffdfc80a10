using System.Runtime.CompilerServices;

namespace ECommerce.Features.PrestaShop;

/// <summary>Reads whole resources of one shop, page by page.</summary>
internal sealed class PrestaShopClient(IPrestaShopWebservice webservice, TimeProvider time)
{
    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private const int LargestPage = 500;
    private const int SmallestPage = 25;

    /// <summary>
    /// All rows in the order of their ids. By keyset (<c>filter[id]=>[last]</c>) and not by offset: rows that come or go meanwhile shift nothing.
    /// Where the shop cannot bear a page, half of it is tried.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<ShopRow>> PagesAsync(string resource, IReadOnlyDictionary<string, string> filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var last = 0L;
        var size = LargestPage;
        while (true)
        {
            IReadOnlyList<ShopRow>? rows = null;
            while (rows is null)
            {
                try
                {
                    rows = await AskAsync(resource, new Dictionary<string, string>(filter)
                    {
                        ["display"] = "full",
                        ["filter[id]"] = $">[{last}]",
                        ["sort"] = "[id_ASC]",
                        ["limit"] = $"{size}",
                    }, ct);
                }
                catch (PrestaShopException failure) when (failure.MayBeTooMuch && size > SmallestPage)
                {
                    size = Math.Max(SmallestPage, size / 2);
                }
            }
            if (rows.Count > 0)
                yield return rows;
            if (rows.Count < size)
                yield break;
            last = rows[^1].Id;
        }
    }

    /// <summary>All rows of a resource that is small.</summary>
    public async Task<IReadOnlyList<ShopRow>> AllAsync(string resource, CancellationToken ct)
    {
        var all = new List<ShopRow>();
        await foreach (var page in PagesAsync(resource, new Dictionary<string, string>(), ct))
            all.AddRange(page);
        return all;
    }

    public async Task<int> CountAsync(string resource, IReadOnlyDictionary<string, string> filter, CancellationToken ct) =>
        (await ListAsync(resource, new Dictionary<string, string>(filter) { ["display"] = "[id]" }, ct)).Count;

    /// <summary>
    /// Rows that do not come in pages. What HTTP tells of has been tried again below; a 200 with nothing in it, or with a page of PHP, has not.
    /// </summary>
    public async Task<IReadOnlyList<ShopRow>> ListAsync(string resource, Dictionary<string, string> query, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AskAsync(resource, query, ct);
            }
            catch (PrestaShopException failure) when (failure.MayBeTooMuch && attempt < Tries)
            {
                await Task.Delay(Pause * attempt, time, ct);
            }
        }
    }

    private async Task<IReadOnlyList<ShopRow>> AskAsync(string resource, Dictionary<string, string> query, CancellationToken ct)
    {
        query["output_format"] = "JSON";
        try
        {
            using var response = await webservice.ListAsync(resource, query, ct);
            return PrestaShopBody.Rows(resource, response.StatusCode, await response.Content.ReadAsByteArrayAsync(ct));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TimeoutException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new PrestaShopException($"{resource}: the shop could not be reached or broke off ({failure.Message})", mayBeTooMuch: true, failure);
        }
    }
}
