using System.Globalization;
using System.Text.Json;
using ECommerce.Caching;
using ECommerce.Features.PrestaShop.Webservice;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.PrestaShop.Pages;

/// <summary>The last rows of a page and the SHA-1 of the body that they were read from.</summary>
internal sealed record PageContent(string Sha1, string Rows);

/// <summary>
/// Reads single pages of a shop for people: one request, no paging by keys, and no patience with an overloaded host. A
/// shop from version 8 on does not send again what is known here by its SHA-1; the rows of then are returned.
/// </summary>
internal sealed class ShopPages(PrestaShopClients shops, MultiLevelCache cache, QueryHash hash)
{
    public const int PageSize = 50;

    /// <summary>A page, or null: the tenant has no such shop, or it is inactive.</summary>
    /// <exception cref="PrestaShopException">The shop cannot be read.</exception>
    public async ValueTask<ShopPage<T>?> ReadAsync<T>(
        Tenant tenant, long shopId, string resource, string fields, ShopPageQuery query, Func<ShopRow, T> read,
        CancellationToken ct)
    {
        // The shop may take seconds; a request must not keep its permit for the database meanwhile.
        DatabaseGate.ReleaseAfterEachUse();
        if (shopId > int.MaxValue || await shops.OpenAsync(tenant, (int)shopId, ct) is not { } shop)
            return null;
        var parameters = new Dictionary<string, string>
        {
            ["display"] = fields,
            ["sort"] = "[id_DESC]",
            // One more than the page has: it tells whether another page follows.
            ["limit"] = string.Create(
                CultureInfo.InvariantCulture, $"{(query.Page - 1) * PageSize},{PageSize + 1}"),
        };
        query.AddFilters(parameters);

        var key = PagesCaching.Content.Key(
            tenant, shopId, hash.Compute([.. parameters, new("resource", resource), new("zone", shop.Clock.ZoneId)]));
        var known = (await cache.TryGetAsync<PageContent>(key, ct)).Value;
        var content = await shop.PageAsync(resource, parameters, known?.Sha1, ct);
        if (content.Rows is not { } rows)
            return JsonSerializer.Deserialize<ShopPage<T>>(known!.Rows, JsonSerializerOptions.Web);

        var page = Read(resource, rows, query.Page, read);
        await cache.SetAsync(
            key, new PageContent(content.Sha1!, JsonSerializer.Serialize(page, JsonSerializerOptions.Web)),
            PagesCaching.Content.Options, cancellationToken: ct);
        return page;
    }

    /// <summary>The response to a page that was found or read.</summary>
    public static async Task<Results<Ok<ShopPage<T>>, NotFound, ProblemHttpResult>> RespondAsync<T>(
        ValueTask<ShopPage<T>?> reading)
    {
        try
        {
            return await reading is { } page ? TypedResults.Ok(page) : TypedResults.NotFound();
        }
        catch (PrestaShopException failure)
        {
            return failure.Fault == ShopFault.Final
                ? Problems.BadGateway("shop_refused", failure.Message)
                : Problems.Unavailable("shop_unavailable", failure.Message);
        }
    }

    private static ShopPage<T> Read<T>(
        string resource, IReadOnlyList<ShopRow> rows, int page, Func<ShopRow, T> read)
    {
        if (rows.Count > PageSize + 1)
        {
            throw new PrestaShopException(
                $"{resource}: the shop returned more rows than the {PageSize + 1} that were asked for: it ignores the "
                + "limit of a request.", ShopFault.Final);
        }
        var items = new List<T>(rows.Count);
        var rejected = new List<RejectedShopRow>();
        foreach (var row in rows.Take(PageSize))
        {
            try
            {
                items.Add(read(row));
            }
            catch (RowRejectedException failure)
            {
                rejected.Add(new RejectedShopRow(IdOf(row), failure.Message));
            }
        }
        return new ShopPage<T>(items, page, PageSize, rows.Count > PageSize, rejected);
    }

    private static long? IdOf(ShopRow row)
    {
        try
        {
            return row.Id;
        }
        catch (RowRejectedException)
        {
            return null;
        }
    }
}
