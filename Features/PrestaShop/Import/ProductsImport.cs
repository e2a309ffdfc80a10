using ECommerce.Features.Data.Entities;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>Products without their stock, which <see cref="StockImport"/> reads.</summary>
internal sealed class ProductsImport(SyncSession session, VatRates rates) : EntityImport(
    session, "products", ImportTable.Of<Product>(
    "products", "name", "reference", "ean13", "price", "vat_rate", "wholesale_price", "weight", "active",
    "product_type", "category_id", "brand_id", "description_short", "date_add", "date_upd"))
{
    protected override async Task<IReadOnlyList<ImportRow>> ProjectAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        var categories = await IdsAsync(tx, "categories", page.Select(row => row.Reference("id_category_default")), ct);
        var brands = await IdsAsync(tx, "brands", page.Select(row => row.Reference("id_manufacturer")), ct);
        return
        [
            .. page.Where(row => !IsDraft(row)).Select(row => new ImportRow(
                row.Id,
                row.Translated("name", Session.Language, 255) ?? $"{row.Id}",
                row.Text("reference", 64), row.Text("ean13", 14), row.Exact("price"),
                rates.Of(row.Reference("id_tax_rules_group")), row.Exact("wholesale_price"), row.Exact("weight"),
                row.Flag("active"), TypeOf(row),
                Find(categories, row.Reference("id_category_default")), Find(brands, row.Reference("id_manufacturer")),
                row.Translated("description_short", Session.Language, 10_000),
                row.Time("date_add") ?? DateTime.UnixEpoch, row.Time("date_upd") ?? DateTime.UnixEpoch)),
        ];
    }

    // Begun in the back office and never saved, often without a name.
    private static bool IsDraft(ShopRow row) => row.Long("state") == 0;

    // The field is of version 8; those before have others for its values.
    private static string TypeOf(ShopRow row) => row.Text("product_type", 16) is { } type ? type
        : row.Text("type", 16) is "pack" ? "pack"
        : row.Flag("is_virtual") ? "virtual"
        : row.Association("combinations").Count > 0 ? "combinations"
        : "standard";
}
