using System.Linq.Expressions;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Products;

public sealed class ProductQuery(QueryReader reader) : ListQuery(reader)
{
    public string? Search { get; } = reader.Text("search");

    public long? ShopId { get; } = reader.Id("shop_id");

    public long? CategoryId { get; } = reader.Id("category_id");

    public long? BrandId { get; } = reader.Id("brand_id");

    public bool? Active { get; } = reader.Flag("active");

    public string OrderBy { get; } = reader.Choice("order_by", "id", "id", "name", "price", "quantity", "date_add");

    public string OrderDirection { get; } = reader.Choice("order_direction", "desc", "asc", "desc");

    public static ValueTask<ProductQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new ProductQuery(reader));
}

internal sealed record ProductSummary(
    long Id, int? ShopId, long? OriginId, long RowVersion, string Name, string? Reference, string? Ean13,
    decimal Price, decimal VatRate,
    int Quantity, bool Active, int? CategoryId, string? CategoryName, int? BrandId, string? BrandName,
    DateTime DateAdd, DateTime DateUpd);

internal static class ListProducts
{
    private static readonly Expression<Func<Product, ProductSummary>> Summary = p => new ProductSummary(
        p.Id, p.ShopId, p.OriginId, p.RowVersion, p.Name, p.Reference, p.Ean13, p.Price, p.VatRate, p.Quantity,
        p.Active,
        p.CategoryId, p.Category!.Name, p.BrandId, p.Brand!.Name, p.DateAdd, p.DateUpd);

    public static async Task<Ok<PagedResult<ProductSummary>>> Handle(
        ProductQuery query, Tenant tenant, QueryHash hash, HybridCache cache, TenantDbContexts contexts,
        CancellationToken ct) =>
        TypedResults.Ok(await cache.GetOrCreateAsync(
            ProductsCaching.List.Key(tenant, hash.Compute(query.Canonical)), (contexts, tenant, query),
            static async (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await db.PageAsync(
                    db.Products.Matching(state.query), state.query, rows => rows.Ordered(state.query), Summary, ct);
            },
            ProductsCaching.List.Options, cancellationToken: ct));

    private static IQueryable<Product> Matching(this IQueryable<Product> products, ProductQuery query)
    {
        if (query.ShopId is { } shop)
            products = products.Where(p => p.ShopId == shop);
        if (query.CategoryId is { } category)
            products = products.Where(p => p.CategoryId == category);
        if (query.BrandId is { } brand)
            products = products.Where(p => p.BrandId == brand);
        if (query.Active is { } active)
            products = products.Where(p => p.Active == active);
        if (query.Search is { } text)
        {
            products = products.Where(
                p => p.Name.Contains(text) || p.Reference!.Contains(text) || p.Ean13!.Contains(text));
        }

        return products;
    }

    private static IQueryable<Product> Ordered(this IQueryable<Product> products, ProductQuery query) =>
        query.OrderBy switch
        {
            "name" => products.By(p => p.Name, query.OrderDirection),
            "price" => products.By(p => p.Price, query.OrderDirection),
            "quantity" => products.By(p => p.Quantity, query.OrderDirection),
            "date_add" => products.By(p => p.DateAdd, query.OrderDirection),
            _ => products.By(p => p.Id, query.OrderDirection),
        };
}
