using ECommerce.Features.Data.Entities;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// Products with their stock, a separate resource of the shop: with combinations it is the sum over them.
/// </summary>
internal sealed class ProductsImport(SyncSession session, VatRates rates) : EntityImport(
    session, "products", ImportTable.Of<Product>(
    "products", "name", "reference", "ean13", "price", "vat_rate", "wholesale_price", "weight", "quantity", "active",
    "category_id", "brand_id", "description_short",
    "date_add", "date_upd"))
{
    private Dictionary<long, int> _stock = [];

    protected override async Task PrepareAsync(IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        var rows = await Session.Shop.ListAsync("stock_availables", new Dictionary<string, string>
        {
            ["display"] = "full",
            ["filter[id_product]"] = $"[{string.Join('|', page.Select(row => row.Id))}]",
            ["filter[id_product_attribute]"] = "[0]",
            ["sort"] = "[id_ASC]",
        }, ct);
        _stock = rows.GroupBy(row => row.Long("id_product") ?? 0)
            .ToDictionary(group => group.Key, group => (int)group.Sum(row => row.Long("quantity") ?? 0));
    }

    protected override async Task<IReadOnlyList<ImportRow>> ProjectAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        var categories = await IdsAsync(tx, "categories", page.Select(row => row.Reference("id_category_default")), ct);
        var brands = await IdsAsync(tx, "brands", page.Select(row => row.Reference("id_manufacturer")), ct);
        return
        [
            .. page.Select(row => new ImportRow(
                row.Id,
                row.Translated("name", Session.Language, 255)
                    ?? $"{row.Id}", row.Text("reference", 64), row.Text("ean13", 13), row.Money("price"),
                rates.Of(row.Long("id_tax_rules_group")), row.Money("wholesale_price"), row.Number(
                    "weight"), _stock.GetValueOrDefault(row.Id), row.Flag("active"),
                Find(categories, row.Reference("id_category_default")), Find(brands, row.Reference("id_manufacturer")),
                row.Translated("description_short", Session.Language, 10_000),
                row.Time("date_add") ?? DateTime.UnixEpoch, row.Time("date_upd") ?? DateTime.UnixEpoch)),
        ];
    }
}
