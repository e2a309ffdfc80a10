using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Features.Products;

internal static class ProductsCaching
{
    // Both show the names of category and brand.
    private static readonly string[] Shown = ["categories:{tenant}", "brands:{tenant}"];

    public static readonly CachePolicy Product =
        new("product:{tenant}:{id}", fresh: TimeSpan.FromHours(6),
            stale: TimeSpan.FromMinutes(15))
        { Flag = CacheFlagNames.Products, Sensitive = false, Tags = Shown };

    public static readonly CachePolicy List =
        new("products:list:{tenant}:{qhash}", fresh: TimeSpan.FromMinutes(1),
            stale: TimeSpan.FromMinutes(
                5))
        { Flag = CacheFlagNames.Products, Sensitive = false, Tags = ["products:any:{tenant}", .. Shown] };

    public static readonly CachePolicy[] Policies = [Product, List];

    // A new product too: that there is no such product may be cached under its id.
    public static readonly Invalidates[] Invalidations =
    [
        Invalidates.On<Product>(static product => [Product.Key(product.Tenant, product.Id), List.All(product.Tenant)]),
        Invalidates.WithRoot<ProductCombination, Product>(static combination => combination.ProductId),
    ];

    public static readonly WarmRead[] WarmReads =
    [
        WarmRead.ById(Product, static (id, tenant, services, ct) =>
            GetProduct.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.List(List, static reader => new ProductQuery(reader), static (query, tenant, services, ct) =>
            ListProducts.Handle(query, tenant, services.Hash, services.Cache, services.Contexts, ct)),
    ];

    public static void Details(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Product);

    public static void Listing(OutputCachePolicyBuilder policy) =>
        policy.PerTenantQuery(List, static reader => new ProductQuery(reader));
}
