using ECommerce.Caching;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.PrestaShop.Pages;

/// <summary>The products as the shop has them now.</summary>
internal static class ListProductsOfShop
{
    // The first language that the shop names: a page has no settings of languages.
    private const long AnyLanguage = 0;

    public static Task<Results<Ok<ShopPage<ProductOfShop>>, NotFound, ProblemHttpResult>> Handle(
        long id, ShopPageQuery query, Tenant tenant, ShopPages pages, MultiLevelCache cache, CancellationToken ct) =>
        ShopPages.RespondAsync(cache.GetOrCreateAsync(
            PagesCaching.Products.Key(tenant, id, query.Page), (pages, tenant, id, query),
            static (state, _, ct) => state.pages.ReadAsync(
                state.tenant, state.id, "products", "[id,reference,name,ean13,price,active,date_add,date_upd]",
                state.query,
                static row => new ProductOfShop(
                    row.Id, row.Text("reference", 64), row.Translated("name", AnyLanguage, 255),
                    row.Text("ean13", 14), row.Exact("price"), row.Flag("active"), row.Time("date_add"),
                    row.Time("date_upd")),
                ct),
            PagesCaching.Products, ct));
}
