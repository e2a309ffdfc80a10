using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Shops;

internal sealed record ShopSummary(int Id, long RowVersion, string Name, bool IsActive);

internal static class ListShops
{
    private const string Sql = """
        SELECT id, row_version, name, base_url, is_active
        FROM shops
        WHERE tenant_id = @tenant
        ORDER BY id
        """;

    public static async Task<Ok<PagedResult<ShopSummary>>> Handle(
        Tenant tenant, HybridCache cache, DbDataSource db, CancellationToken ct)
    {
        var shops = await AllAsync(tenant, cache, db, ct);
        return TypedResults.Ok(new PagedResult<ShopSummary>(
            [.. shops.Select(shop => new ShopSummary(shop.Id, shop.RowVersion, shop.Name, shop.IsActive))],
            shops.Count, Page: 1, Limit: shops.Count));
    }

    public static ValueTask<IReadOnlyList<ShopSettings>> AllAsync(
        Tenant tenant, HybridCache cache, DbDataSource db, CancellationToken ct) =>
        cache.GetOrCreateAsync(
            ShopsCaching.Shops.Key(tenant), (db, tenant),
            static async ValueTask<IReadOnlyList<ShopSettings>> (state, ct) =>
            {
                await using var connection = await state.db.OpenConnectionAsync(ct);
                return (
                    await connection.QueryAsync<ShopSettings>(
                        new CommandDefinition(Sql, new { state.tenant }, cancellationToken: ct))).AsList();
            },
            ShopsCaching.Shops.Options, cancellationToken: ct);
}
