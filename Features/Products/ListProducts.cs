using System.Data.Common;
using ECommerce.Caching;
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
    long Id, int? ShopId, long? OriginId, long RowVersion, string Name, string? Reference, string? Ean13, decimal Price, decimal VatRate,
    int Quantity, bool Active, int? CategoryId, string? CategoryName, int? BrandId, string? BrandName, DateTime DateAdd, DateTime DateUpd);

internal static class ListProducts
{
    private const string Where = """
        WHERE p.tenant_id = @tenant AND p.deleted_at IS NULL
          AND (@search IS NULL OR p.name LIKE @search OR p.reference LIKE @search OR p.ean13 LIKE @search)
          AND (@ShopId IS NULL OR p.shop_id = @ShopId)
          AND (@CategoryId IS NULL OR p.category_id = @CategoryId)
          AND (@BrandId IS NULL OR p.brand_id = @BrandId)
          AND (@Active IS NULL OR p.active = @Active)
        """;

    // {0} comes from a list of ours, never from the caller. The id makes the order total, so that no row shows on two pages.
    private const string Sql = $$"""
        SELECT COUNT(*) FROM products p {{Where}};

        SELECT p.id, p.shop_id, p.origin_id, p.row_version, p.name, p.reference, p.ean13, p.price, p.vat_rate,
               p.quantity, p.active, p.category_id, c.name AS category_name, p.brand_id, b.name AS brand_name, p.date_add, p.date_upd
        FROM products p
        LEFT JOIN categories c ON c.tenant_id = p.tenant_id AND c.id = p.category_id
        LEFT JOIN brands b ON b.tenant_id = p.tenant_id AND b.id = p.brand_id
        {{Where}}
        ORDER BY {0}
        LIMIT @Limit OFFSET @Offset
        """;

    public static async Task<Ok<PagedResult<ProductSummary>>> Handle(
        ProductQuery query, Tenant tenant, QueryHash hash, HybridCache cache, DbDataSource db, CancellationToken ct) =>
        TypedResults.Ok(await cache.GetOrCreateAsync(
            ProductsCaching.List.Key(tenant, hash.Compute(query.Canonical)), (db, tenant, query),
            static (state, ct) => QueryAsync(state.db, state.tenant, state.query, ct), ProductsCaching.List.Options, cancellationToken: ct));

    private static ValueTask<PagedResult<ProductSummary>> QueryAsync(
        DbDataSource db, Tenant tenant, ProductQuery query, CancellationToken ct) =>
        db.PageAsync<ProductSummary>(
            Sql.Ordered("p", query.OrderBy, query.OrderDirection), query,
            new { tenant, search = query.Search.Contained(), query.ShopId, query.CategoryId, query.BrandId, query.Active }, ct);
}
