using ECommerce.Features.PrestaShop.Import;

namespace ECommerce.Features.PrestaShop;

/// <summary>
/// What a run leaves for the next one: how far each resource was read, and which rows were rejected. The watermark is
/// the start of the run by the shop's clock, never the latest date of a row: that may lie in the future.
/// </summary>
internal sealed class SyncMemory(SyncSession session)
{
    private const string Watermarks = """
        SELECT watermark_products, watermark_customers, watermark_addresses, watermark_orders
        FROM shops
        WHERE tenant_id = @Tenant AND id = @ShopId
        """;

    private const string Rejections = """
        SELECT origin_id
        FROM sync_rejections
        WHERE tenant_id = @Tenant AND shop_id = @ShopId AND entity = @entity
        """;

    private const string Forget = """
        DELETE FROM sync_rejections
        WHERE tenant_id = @Tenant AND shop_id = @ShopId AND entity = @entity
        """;

    private const string Remember = "INSERT INTO sync_rejections (tenant_id, shop_id, entity, origin_id)";

    /// <summary>Where the last complete run began for each resource, in the shop's local time.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> WatermarksAsync(CancellationToken ct)
    {
        var row = (await session.ListAsync<(string? Products, string? Customers, string? Addresses, string? Orders)>(
            Watermarks, new { session.Tenant, session.ShopId }, ct)).Single();
        return new Dictionary<string, string?>
        {
            ["products"] = row.Products,
            ["customers"] = row.Customers,
            ["addresses"] = row.Addresses,
            ["orders"] = row.Orders,
        };
    }

    /// <summary>The rows that earlier runs rejected.</summary>
    public Task<IReadOnlyList<long>> RejectedAsync(string entity, CancellationToken ct) =>
        session.ListAsync<long>(Rejections, new { session.Tenant, session.ShopId, entity }, ct);

    /// <summary>
    /// Ends a resource that was read completely: an interrupted run asks again for the pages it did not reach. The
    /// watermark is no setting of the shop: its row_version stays.
    /// </summary>
    public async Task CompleteAsync(EntityImport import, string watermark, CancellationToken ct)
    {
        var entity = import.Resource;
        var rejected = session.Report.RejectedOf(entity).Keys.ToArray();
        await session.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync(Forget, new { session.Tenant, session.ShopId, entity }, ct);
            foreach (var chunk in rejected.Chunk(1000))
            {
                await tx.InsertAllAsync(
                    Remember, 4, [.. chunk.Select(id => (object?[])[session.Tenant.Slug, session.ShopId, entity, id])],
                    "", ct);
            }
            if (!import.HasDates)
                return;
            await tx.ExecuteAsync(
                $"""
                UPDATE shops SET watermark_{entity} = @watermark, last_sync_at = UTC_TIMESTAMP(6)
                WHERE tenant_id = @Tenant AND id = @ShopId
                """,
                new { watermark, session.Tenant, session.ShopId }, ct);
        }, ct);
    }

    /// <summary>The time zone that the shop names, for what is computed by its days.</summary>
    public Task SaveZoneAsync(string? zone, CancellationToken ct) => session.WriteAsync(
        tx => tx.ExecuteAsync(
            "UPDATE shops SET origin_time_zone = @zone WHERE tenant_id = @Tenant AND id = @ShopId",
            new { zone, session.Tenant, session.ShopId }, ct),
        ct);
}
