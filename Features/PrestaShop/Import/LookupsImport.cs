using ECommerce.Features.Data.Entities;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>The lookup tables. They are always imported as a whole, also by an incremental run.</summary>
internal sealed class LookupsImport(SyncSession session)
{
    private delegate object?[] Projection(ShopRow row);

    public async Task RunAsync(CancellationToken ct)
    {
        session.Phase = "lookups";
        var languages = await session.Shop.AllAsync("languages", ct);
        session.Language = languages.FirstOrDefault(row => row.Text("iso_code", 8) == "it") is var italian
            && italian.IsPresent
            ? italian.Id
            : languages.Select(row => row.Id).FirstOrDefault();

        await ImportAsync(languages, ImportTable.Of<Lang>("langs", "name", "iso_code", "locale", "active"),
            row =>
                [row.Text("name", 64) ?? $"{row.Id}", row.Text("iso_code", 8) ?? "", row.Text("locale", 8),
                    row.Flag("active")], ct);
        await ImportAsync(
            await session.Shop.AllAsync("countries", ct), ImportTable.Of<Country>(
                "countries", "name", "iso_code", "active"),
            row => [Name(row), row.Text("iso_code", 3) ?? "", row.Flag("active")], ct);
        await ImportAsync(
            await session.Shop.AllAsync("carriers", ct), ImportTable.Of<Carrier>(
                "carriers", "origin_reference", "name", "url", "is_free", "active", ImportColumn.DeletedAt),
            row =>
                [row.Long("id_reference"), row.Text("name", 128) ?? $"{row.Id}", row.Text("url", 255),
                    row.Flag("is_free"), row.Flag("active"), DeletedAt(row)], ct);
        await ImportAsync(
            await session.Shop.AllAsync("order_states", ct), ImportTable.Of<OrderState>(
                "order_states", "number", "name", "color", "paid", "shipped", "invoice", ImportColumn.DeletedAt),
            // The numbers 1 and 2 have the same meaning in PrestaShop: waiting for payment, and accepted.
            row =>
                [row.Id, Name(row), row.Text("color", 32), row.Flag("paid"), row.Flag("shipped"), row.Flag("invoice"),
                    DeletedAt(row)], ct);
        await ImportAsync(
            await session.Shop.AllAsync("manufacturers", ct), ImportTable.Of<Brand>("brands", "name", "active"),
            row => [row.Text("name", 128) ?? $"{row.Id}", row.Flag("active")], ct);
        await ImportCategoriesAsync(await session.Shop.AllAsync("categories", ct), ct);
    }

    // A parent may come after its children: first all rows, then the parent ids.
    private async Task ImportCategoriesAsync(IReadOnlyList<ShopRow> rows, CancellationToken ct)
    {
        await ImportAsync(rows, ImportTable.Of<Category>("categories", "name", "active", "origin_parent_id"),
            row => [Name(row), row.Flag("active"), row.Reference("id_parent")], ct, """
                UPDATE categories child
                LEFT JOIN categories parent ON parent.tenant_id = child.tenant_id AND parent.shop_id = child.shop_id
                                           AND parent.origin_id = child.origin_parent_id
                SET child.parent_id = parent.id
                WHERE child.tenant_id = @tenant AND child.shop_id = @shopId
                """);
    }

    private async Task ImportAsync(
        IReadOnlyList<ShopRow> rows, ImportTable table, Projection project, CancellationToken ct,
        string? afterwards = null)
    {
        foreach (var page in rows.Chunk(500))
        {
            await using var tx = await session.BeginPageAsync(ct);
            ImportRow[] projected = [.. page.Select(row => new ImportRow(row.Id, project(row)))];
            var result = await tx.ImportAsync(session.Tenant, session.ShopId, table, projected, ct);
            // Rows of other pages change with these; the table is cached as a whole.
            if (afterwards is not null && result.Created.Count + result.Updated.Count > 0)
                await tx.ExecuteAsync(afterwards, new { tenant = session.Tenant, shopId = session.ShopId }, ct);
            await session.CompletePageAsync(tx, page.Length, result, ct);
        }
    }

    private string Name(ShopRow row) => row.Translated("name", session.Language, 128) ?? $"{row.Id}";

    private static DateTime? DeletedAt(ShopRow row) => row.Flag("deleted") ? DateTime.UnixEpoch : null;
}
