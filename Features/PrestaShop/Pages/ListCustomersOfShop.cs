using ECommerce.Caching;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.PrestaShop.Pages;

/// <summary>The customers as the shop has them now.</summary>
internal static class ListCustomersOfShop
{
    public static Task<Results<Ok<ShopPage<CustomerOfShop>>, NotFound, ProblemHttpResult>> Handle(
        long id, ShopPageQuery query, Tenant tenant, ShopPages pages, MultiLevelCache cache, CancellationToken ct) =>
        ShopPages.RespondAsync(cache.GetOrCreateAsync(
            PagesCaching.Customers.Key(tenant, id, query.Page), (pages, tenant, id, query),
            static (state, _, ct) => state.pages.ReadAsync(
                state.tenant, state.id, "customers",
                "[id,firstname,lastname,email,company,active,date_add,date_upd]", state.query,
                static row => new CustomerOfShop(
                    row.Id, row.Text("firstname", 255), row.Text("lastname", 255), row.Text("email", 255),
                    row.Text("company", 255), row.Flag("active"), row.Time("date_add"), row.Time("date_upd")),
                ct),
            PagesCaching.Customers, ct));
}
