using System.Data.Common;
using Dapper;
using ECommerce.Caching.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Products;

internal sealed record ProductDetails(
    long Id, int? ShopId, long? OriginId, long RowVersion, string Name, string? Reference, string? Ean13, decimal Price, decimal VatRate,
    decimal WholesalePrice, decimal Weight, int Quantity, bool Active, int? CategoryId, string? CategoryName, int? BrandId, string? BrandName,
    string? DescriptionShort, DateTime DateAdd, DateTime DateUpd) : IVersioned;

internal static class GetProduct
{
    private const string Sql = """
        SELECT p.id, p.shop_id, p.origin_id, p.row_version, p.name, p.reference, p.ean13, p.price, p.vat_rate,
               p.wholesale_price, p.weight, p.quantity, p.active, p.category_id, c.name AS category_name, p.brand_id, b.name AS brand_name,
               p.description_short, p.date_add, p.date_upd
        FROM products p
        LEFT JOIN categories c ON c.tenant_id = p.tenant_id AND c.id = p.category_id
        LEFT JOIN brands b ON b.tenant_id = p.tenant_id AND b.id = p.brand_id
        WHERE p.tenant_id = @tenant AND p.id = @id AND p.deleted_at IS NULL
        """;

    public static async Task<Results<Ok<ProductDetails>, NotFound>> Handle(
        long id, Tenant tenant, HybridCache cache, DbDataSource db, CancellationToken ct)
    {
        var product = await cache.GetOrCreateAsync(
            ProductsCaching.Product.Key(tenant, id), (db, tenant, id),
            static async ValueTask<ProductDetails?> (state, ct) =>
            {
                await using var connection = await state.db.OpenConnectionAsync(ct);
                return await QueryAsync(connection, state.tenant, state.id, ct);
            },
            ProductsCaching.Product.Options, cancellationToken: ct);

        return product is null ? TypedResults.NotFound() : TypedResults.Ok(product);
    }

    public static Task<ProductDetails?> QueryAsync(DbConnection connection, Tenant tenant, long id, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<ProductDetails>(new CommandDefinition(Sql, new { tenant, id }, cancellationToken: ct));
}
