using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Features.Shops;

internal static class ShopsCaching
{
    /// <summary>All shops of a tenant, without their API keys.</summary>
    public static readonly CachePolicy Shops = new(
        "shops:{tenant}", fresh: TimeSpan.FromMinutes(15), stale: TimeSpan.FromMinutes(15));

    public static readonly CachePolicy[] Policies = [Shops];

    public static readonly Invalidates[] Invalidations =
        [Invalidates.On<Shop>(static shop => [Shops.Key(shop.Tenant)])];

    public static readonly WarmRead[] WarmReads =
    [
        WarmRead.Whole(Shops, static (tenant, services, ct) =>
            ListShops.AllAsync(tenant, services.Cache, services.Contexts, ct).AsTask()),
    ];

    public static void Listing(OutputCachePolicyBuilder policy) => policy.PerTenant(Shops);

    public static void Details(OutputCachePolicyBuilder policy) => policy.PerTenantRow(Shops);
}
