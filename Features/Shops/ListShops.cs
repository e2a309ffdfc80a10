using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Shops;

internal sealed record ShopSummary(int Id, long RowVersion, string Name, bool IsActive);

internal static class ListShops
{
    public static async Task<Ok<PagedResult<ShopSummary>>> Handle(
        Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var shops = await AllAsync(tenant, cache, contexts, ct);
        return TypedResults.Ok(new PagedResult<ShopSummary>(
            [.. shops.Select(shop => new ShopSummary(shop.Id, shop.RowVersion, shop.Name, shop.IsActive))],
            shops.Count, Page: 1, Limit: shops.Count));
    }

    public static ValueTask<IReadOnlyList<ShopSettings>> AllAsync(
        Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct) =>
        cache.GetOrCreateAsync(
            ShopsCaching.Shops.Key(tenant), (contexts, tenant),
            static async ValueTask<IReadOnlyList<ShopSettings>> (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await db.Shops.OrderBy(shop => shop.Id).Select(GetShop.Settings).ToListAsync(ct);
            },
            ShopsCaching.Shops.Options, cancellationToken: ct);
}
