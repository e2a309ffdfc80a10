using ECommerce.Features.Data.Entities;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>The lookup tables. They are always imported as a whole, also by an incremental run.</summary>
internal sealed class LookupsImport(SyncSession session, ShopConfiguration configuration)
{
    private delegate object?[] Projection(ShopRow row);

    public async Task RunAsync(CancellationToken ct)
    {
        session.Phase = "lookups";
        var languages = await ReadAsync("languages", ct);
        session.Language = DefaultLanguage(languages);

        session.Groups = await GroupsAsync(ct);
        await ImportAsync(languages, ImportTable.Of<Lang>("langs", "name", "iso_code", "locale", "active"),
            row =>
                [row.Text("name", 64) ?? $"{row.Id}", row.Text("iso_code", 8) ?? "", row.Text("locale", 8),
                    row.Flag("active")], ct);
        await ImportAsync(
            await ReadAsync("countries", ct), ImportTable.Of<Country>("countries", "name", "iso_code", "active"),
            row => [Name(row), row.Text("iso_code", 3) ?? "", row.Flag("active")], ct);
        await ImportAsync(
            await ReadAsync("carriers", ct), ImportTable.Of<Carrier>(
                "carriers", "origin_reference", "name", "url", "is_free", "active", ImportColumn.DeletedAt),
            row =>
                [row.Long("id_reference"), row.Text("name", 128) ?? $"{row.Id}", row.Text("url", 255),
                    row.Flag("is_free"), row.Flag("active"), DeletedAt(row)], ct);
        await ImportAsync(
            await ReadAsync("order_states", ct), ImportTable.Of<OrderState>(
                "order_states", "number", "name", "color", "paid", "shipped", "invoice", "logable", "delivery",
                ImportColumn.DeletedAt),
            row =>
                [row.Id, Name(row), row.Text("color", 32), row.Flag("paid"), row.Flag("shipped"), row.Flag("invoice"),
                    row.Flag("logable"), row.Flag("delivery"), DeletedAt(row)], ct);
        await ImportAsync(
            await ReadAsync("manufacturers", ct), ImportTable.Of<Brand>("brands", "name", "active"),
            row => [row.Text("name", 128) ?? $"{row.Id}", row.Flag("active")], ct);
        await ImportCategoriesAsync(await ReadAsync("categories", ct), ct);
    }

    private async Task<IReadOnlyList<ShopRow>> ReadAsync(string resource, CancellationToken ct)
    {
        try
        {
            return await session.Shop.AllAsync(resource, ct);
        }
        catch (PrestaShopException refusal) when (refusal.IsMissingRight)
        {
            session.Skip(resource, refusal.Message);
            return [];
        }
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
            await session.WritePageAsync(page.Length, async tx =>
            {
                ImportRow[] projected = [.. page.Select(row => Project(row, table, project)).OfType<ImportRow>()];
                var result = await tx.ImportAsync(session.Tenant, session.ShopId, table, projected, ct);
                // Rows of other pages change with these; the table is cached as a whole.
                if (afterwards is not null && result.Changes > 0)
                    await tx.ExecuteAsync(afterwards, new { tenant = session.Tenant, shopId = session.ShopId }, ct);
                return result;
            }, ct);
        }
    }

    private ImportRow? Project(ShopRow row, ImportTable table, Projection project)
    {
        try
        {
            var projected = new ImportRow(row.Id, project(row));
            foreach (var warning in row.Warnings)
                session.Warn(table.Name, row.Id, warning);
            return projected;
        }
        catch (RowRejectedException rejection)
        {
            session.Reject(table.Name, row.Id, rejection.Message);
            return null;
        }
    }

    // As the shop has it; without its configuration Italian, or the first one.
    private long DefaultLanguage(IReadOnlyList<ShopRow> languages) =>
        configuration.Language is { } set && languages.Any(row => row.Id == set) ? set
        : languages.FirstOrDefault(row => row.Text("iso_code", 8) == "it") is { IsPresent: true } italian ? italian.Id
        : languages.Select(row => row.Id).FirstOrDefault();

    private async Task<IReadOnlyDictionary<long, string>> GroupsAsync(CancellationToken ct)
    {
        if (await session.Shop.AllIfAllowedAsync("groups", ct) is { } groups)
        {
            return groups.ToDictionary(
                row => row.Id, row => row.Translated("name", session.Language, 64) ?? $"{row.Id}");
        }
        session.Warn("groups", 0, "The shop does not let the key read them: customers are imported without.");
        return new Dictionary<long, string>();
    }

    private string Name(ShopRow row) => row.Translated("name", session.Language, 128) ?? $"{row.Id}";

    private static DateTime? DeletedAt(ShopRow row) => row.Flag("deleted") ? DateTime.UnixEpoch : null;
}
