using ECommerce.Features.Data.Entities;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// The combinations of products, all in every run: the shop gives them no date. Those of a product that was not
/// imported, as a draft, are left out.
/// </summary>
internal sealed class CombinationsImport(SyncSession session) : EntityImport(
    session, "combinations", ImportTable.Of<ProductCombination>(
    "product_combinations", "product_id", "reference", "ean13", "price_impact", "weight_impact", "is_default"),
    hasDates: false)
{
    protected override async Task<IReadOnlyList<ImportRow>> ProjectAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, CancellationToken ct)
    {
        var products = await IdsAsync(tx, "products", page.Select(row => row.Reference("id_product")), ct);
        return
        [
            .. page.Where(row => Find(products, row.Reference("id_product")) is not null).Select(row => new ImportRow(
                row.Id,
                Find(products, row.Reference("id_product")), row.Text("reference", 64), row.Text("ean13", 14),
                row.Exact("price"), row.Exact("weight"), row.Flag("default_on"))),
        ];
    }

    protected override Task ImportPartsAsync(
        WriteTransaction tx, IReadOnlyList<ShopRow> page, ImportResult result, CancellationToken ct) =>
        MoveProductsAsync(tx, Session.Tenant, result.ChangedIds, ct);

    /// <summary>A product shows its combinations, so its version moves with them.</summary>
    public static Task MoveProductsAsync(
        WriteTransaction tx, Tenant tenant, IEnumerable<long> combinations, CancellationToken ct) => tx.ExecuteAsync(
        """
        UPDATE products
        SET row_version = row_version + 1
        WHERE tenant_id = @tenant AND id IN (
            SELECT product_id FROM product_combinations WHERE tenant_id = @tenant AND id IN @combinations)
        """,
        new { tenant, combinations }, ct);
}
