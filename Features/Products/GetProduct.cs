using System.Linq.Expressions;
using ECommerce.Caching.Http;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Products;

internal sealed record ProductDetails(
    long Id, int? ShopId, long? OriginId, long RowVersion, string Name, string? Reference, string? Ean13,
    decimal Price, decimal VatRate,
    decimal WholesalePrice, decimal Weight, int Quantity, bool Active, int? CategoryId, string? CategoryName,
    int? BrandId, string? BrandName,
    string? DescriptionShort, string? ProductType, bool GoneInShop, DateTime DateAdd, DateTime DateUpd) : IVersioned
{
    public IReadOnlyList<CombinationDetails> Combinations { get; init; } = [];
}

/// <summary>
/// A variant of a product. Its id in the shop is the product_attribute_id of order lines; the price is net.
/// </summary>
internal sealed record CombinationDetails(
    long Id, long? OriginId, string? Reference, string? Ean13, decimal Price, decimal Weight, int Quantity,
    bool IsDefault);

internal static class GetProduct
{
    private static readonly Expression<Func<Product, ProductDetails>> Details = p => new ProductDetails(
        p.Id, p.ShopId, p.OriginId, p.RowVersion, p.Name, p.Reference, p.Ean13, p.Price, p.VatRate, p.WholesalePrice,
        p.Weight, p.Quantity,
        p.Active, p.CategoryId, p.Category!.Name, p.BrandId, p.Brand!.Name, p.DescriptionShort,
        p.ProductType, p.GoneInShop, p.DateAdd, p.DateUpd)
    {
        Combinations = p.Combinations.Where(c => c.DeletedAt == null).OrderBy(c => c.Id).Select(c =>
            // The impacts: added to the product's afterwards, since its columns would need a lateral join here.
            new CombinationDetails(
                c.Id, c.OriginId, c.Reference, c.Ean13, c.PriceImpact, c.WeightImpact, c.Quantity, c.IsDefault))
            .ToList(),
    };

    private static readonly Func<ECommerceDbContext, long, CancellationToken, Task<ProductDetails?>> ById =
        CompiledReads.ById(Details);

    public static async Task<Results<Ok<ProductDetails>, NotFound>> Handle(
        long id, Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var product = await cache.GetOrCreateAsync(
            ProductsCaching.Product.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<ProductDetails?> (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await QueryAsync(db, state.id, ct);
            },
            ProductsCaching.Product.Options, cancellationToken: ct);

        return product is null ? TypedResults.NotFound() : TypedResults.Ok(product);
    }

    public static async Task<ProductDetails?> QueryAsync(ECommerceDbContext db, long id, CancellationToken ct) =>
        await ById(db, id, ct) is not { } product
            ? null
            : product with
            {
                Combinations =
                [
                    .. product.Combinations.Select(c => c with
                    {
                        Price = product.Price + c.Price,
                        Weight = product.Weight + c.Weight,
                    }),
                ],
            };
}
