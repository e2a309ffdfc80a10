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
    string? DescriptionShort, DateTime DateAdd, DateTime DateUpd) : IVersioned;

internal static class GetProduct
{
    private static readonly Expression<Func<Product, ProductDetails>> Details = p => new ProductDetails(
        p.Id, p.ShopId, p.OriginId, p.RowVersion, p.Name, p.Reference, p.Ean13, p.Price, p.VatRate, p.WholesalePrice,
        p.Weight, p.Quantity,
        p.Active, p.CategoryId, p.Category!.Name, p.BrandId, p.Brand!.Name, p.DescriptionShort, p.DateAdd, p.DateUpd);

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

    public static Task<ProductDetails?> QueryAsync(ECommerceDbContext db, long id, CancellationToken ct) =>
        ById(db, id, ct);
}
