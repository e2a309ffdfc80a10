using ECommerce.Features.PrestaShop.Import;

namespace ECommerce.Features.PrestaShop;

/// <summary>
/// What a run leaves for the next one: how far each resource was read, and which rows were rejected. The watermark is
/// the start of the run by the shop's clock, never the latest date of a row: that may lie in the future.
/// </summary>
internal sealed class SyncMemory(SyncSession session)
{
    private const string Watermarks = """
        SELECT watermark_products, watermark_customers, watermark_addresses, watermark_orders, synced_time_zone
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

    /// <summary>
    /// Where the last complete run began for each resource, in the shop's local time; nowhere when that run read times
    /// in another zone, so that all times are read again.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string?>> WatermarksAsync(CancellationToken ct)
    {
        var row = (await session.ListAsync<(
            string? Products, string? Customers, string? Addresses, string? Orders, string? Zone)>(
            Watermarks, new { session.Tenant, session.ShopId }, ct)).Single();
        if (row.Zone is not null && row.Zone != session.Shop.Clock.ZoneId)
            return new Dictionary<string, string?>();
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

    /// <summary>Ends a run that read all resources: their times are of this zone now.</summary>
    public Task CompleteZoneAsync(CancellationToken ct) => session.WriteAsync(
        tx => tx.ExecuteAsync(
            "UPDATE shops SET synced_time_zone = @ZoneId WHERE tenant_id = @Tenant AND id = @ShopId",
            new { session.Shop.Clock.ZoneId, session.Tenant, session.ShopId }, ct),
        ct);

    /// <summary>What of the shop's own configuration is kept; its state of preparation is shown with it.</summary>
    public Task SaveAsync(ShopConfiguration configuration, CancellationToken ct) => session.WriteAsync(
        async tx =>
        {
            await tx.ExecuteAsync(
                "UPDATE shops SET origin_time_zone = @TimeZone WHERE tenant_id = @Tenant AND id = @ShopId",
                new { configuration.TimeZone, session.Tenant, session.ShopId }, ct);
            var shown = await tx.ExecuteAsync(
                """
                UPDATE shops SET preparation_state = @Preparation, row_version = row_version + 1
                WHERE tenant_id = @Tenant AND id = @ShopId AND @Preparation IS NOT NULL
                  AND NOT preparation_state <=> @Preparation
                """,
                new { configuration.Preparation, session.Tenant, session.ShopId }, ct);
            if (shown > 0)
                tx.Invalidate(Tags.Shops(session.Tenant));
        },
        ct);
}
