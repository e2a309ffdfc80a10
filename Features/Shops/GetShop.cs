using System.Linq.Expressions;
using ECommerce.Caching.Http;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Shops;

/// <summary>How a shop is reached; its API key is written and never read.</summary>
/// <remarks>
/// AuthMode: basic, or query_key for a host that removes the Authorization header. TimeZone: of the IANA database; null
/// when the shop's own configuration decides. MaxExecutionSeconds: the longest that a request goes on in the shop, also
/// when its client is gone. PreparationState: the state to which its orders are processed, by its id there, as the shop
/// names it.
/// </remarks>
internal sealed record ShopSettings(
    int Id, long RowVersion, string Name, string BaseUrl, bool IsActive, string AuthMode, string? TimeZone,
    int MaxExecutionSeconds, long? PreparationState) : IVersioned;

internal static class GetShop
{
    internal static readonly Expression<Func<Shop, ShopSettings>> Settings =
        shop => new ShopSettings(
            shop.Id, shop.RowVersion, shop.Name, shop.BaseUrl, shop.IsActive, shop.AuthMode, shop.TimeZone,
            shop.MaxExecutionSeconds, shop.PreparationState);

    public static async Task<Results<Ok<ShopSettings>, NotFound>> Handle(
        int id, Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var shops = await ListShops.AllAsync(tenant, cache, contexts, ct);
        return shops.FirstOrDefault(shop => shop.Id == id) is { } found
            ? TypedResults.Ok(found)
            : TypedResults.NotFound();
    }

    public static Task<ShopSettings?> QueryAsync(ECommerceDbContext db, int id, CancellationToken ct) =>
        db.Shops.Where(shop => shop.Id == id).Select(Settings).SingleOrDefaultAsync(ct);
}
