namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// Marks the rows that a shop no longer has, which only a complete read of the resource can tell. Customers of orders
/// and quotes, and orders with an invoice, stay and are marked only. What would be implausibly many is refused: a shop
/// that was set up anew must not empty the books.
/// </summary>
internal sealed class MissingRows(SyncSession session, EntityImport import)
{
    private const int AlwaysAllowed = 5;
    private const int MaxNamed = 50;
    private const int RowsPerTransaction = 500;

    private sealed record Known(long Id, long OriginId);

    public async Task MarkAsync(CancellationToken ct)
    {
        session.Phase = $"deletions of {import.Resource}";
        var table = import.Table;
        var known = await session.ListAsync<Known>(
            $"""
            SELECT id, origin_id
            FROM {table.Name}
            WHERE tenant_id = @Tenant AND shop_id = @ShopId AND deleted_at IS NULL AND gone_in_shop = 0
              AND origin_id IS NOT NULL
            """,
            new { session.Tenant, session.ShopId }, ct);
        var missing = known.Where(row => !import.Seen.Contains(row.OriginId)).ToArray();
        if (missing.Length > Math.Max(known.Count / 10m, AlwaysAllowed) && session.Mode != SyncMode.FullWithDeletions)
        {
            var ids = string.Join(", ", missing.Take(MaxNamed).Select(row => row.OriginId));
            session.Report.Refuse(
                import.Resource,
                $"The shop no longer has {missing.Length} of {known.Count} rows, which is more than a tenth: they are "
                + "not marked as deleted unless a full run is started with confirm_deletions. Their ids in the shop: "
                + $"{ids}{(missing.Length > MaxNamed ? ", …" : ".")}");
            return;
        }
        foreach (var chunk in missing.Chunk(RowsPerTransaction))
            await session.WritePageAsync(0, tx => MarkAsync(tx, table, chunk, ct), ct);
    }

    private async Task<ImportResult> MarkAsync(
        WriteTransaction tx, ImportTable table, Known[] rows, CancellationToken ct)
    {
        // As the rows were and as they are.
        await AddTagsAsync();
        // Without its hash a row that comes back is written.
        var marked = await tx.ExecuteAsync(
            $"""
            UPDATE {table.Name} r
            SET r.gone_in_shop = 1, r.origin_hash = NULL, r.row_version = r.row_version + 1,
                r.deleted_at = {DeletedAt(table.Name)}
            WHERE r.tenant_id = @Tenant AND r.id IN @ids AND r.deleted_at IS NULL
            """,
            new { session.Tenant, ids = rows.Select(row => row.Id) }, ct);
        if (table.Name == "product_combinations")
            await CombinationsImport.MoveProductsAsync(tx, session.Tenant, rows.Select(row => row.Id), ct);
        await AddTagsAsync();
        return ImportResult.None with { Deleted = marked };

        async Task AddTagsAsync()
        {
            foreach (var row in await table.RowsAsync(
                tx.Db, session.ShopId, [.. rows.Select(row => row.OriginId)], ct))
            {
                tx.AddTagsOf(row);
            }
        }
    }

    private static string DeletedAt(string table) => table switch
    {
        "customers" => DeletedUnlessOrdered,
        "orders" => DeletedUnlessInvoiced,
        _ => "UTC_TIMESTAMP(6)",
    };

    private const string DeletedUnlessInvoiced = """
        IF(EXISTS (SELECT 1 FROM invoices i WHERE i.tenant_id = r.tenant_id AND i.order_id = r.id),
           NULL, UTC_TIMESTAMP(6))
        """;

    private const string DeletedUnlessOrdered = """
        IF(EXISTS (SELECT 1 FROM orders o
                   WHERE o.tenant_id = r.tenant_id AND o.customer_id = r.id AND o.deleted_at IS NULL)
           OR EXISTS (SELECT 1 FROM quotes q
                      WHERE q.tenant_id = r.tenant_id AND q.customer_id = r.id AND q.deleted_at IS NULL),
           NULL, UTC_TIMESTAMP(6))
        """;
}
