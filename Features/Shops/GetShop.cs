using System.Data.Common;
using ECommerce.Caching.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Shops;

/// <summary>The settings of a shop; its API key is write-only.</summary>
internal sealed record ShopSettings(int Id, long RowVersion, string Name, string BaseUrl, bool IsActive) : IVersioned;

internal static class GetShop
{
    private const string Sql = """
        SELECT id, row_version, name, base_url, is_active
        FROM shops
        WHERE tenant_id = @tenant AND id = @id
        """;

    public static async Task<Results<Ok<ShopSettings>, NotFound>> Handle(
        int id, Tenant tenant, HybridCache cache, DbDataSource db, CancellationToken ct)
    {
        var shops = await ListShops.AllAsync(tenant, cache, db, ct);
        return shops.FirstOrDefault(shop => shop.Id == id) is { } found
            ? TypedResults.Ok(found)
            : TypedResults.NotFound();
    }

    public static Task<ShopSettings?> QueryAsync(WriteTransaction tx, Tenant tenant, long id, CancellationToken ct) =>
        tx.SingleOrDefaultAsync<ShopSettings>(Sql, new { tenant, id }, ct);
}
