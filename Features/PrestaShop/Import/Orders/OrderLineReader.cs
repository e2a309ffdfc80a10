using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// The lines of one order: its order_details, and the rows that the order itself lists where there is no detail.
/// </summary>
internal sealed class OrderLineReader(
    MoneyLookups lookups, IReadOnlyDictionary<long, long> products, bool areProductsSkipped, OrderRounding rounding,
    OrderWarnings warnings)
{
    public IReadOnlyList<ImportedLine> Read(ShopRow order, IEnumerable<ShopRow> details)
    {
        var known = details.DistinctBy(detail => detail.Id).ToDictionary(detail => detail.Id);
        var rows = order.Association("order_rows").Where(row => !known.ContainsKey(row.Long("id") ?? 0));
        return
        [
            .. known.Values.Select(detail => Line(detail, isDetail: true))
                .Concat(rows.Select(row => Line(row, isDetail: false))).OrderBy(line => line.OriginId),
        ];
    }

    private ImportedLine Line(ShopRow row, bool isDetail)
    {
        var quantity = row.Int("product_quantity") ?? 0;
        var (net, gross) = (row.Exact("unit_price_tax_excl"), row.Exact("unit_price_tax_incl"));
        var (ecotax, ecotaxRate) = (row.Exact("ecotax"), Percentage.Round(row.Number("ecotax_tax_rate")));
        var rate = LineVat.Of(row, isDetail, lookups, net - ecotax, gross - (ecotax * (1 + (ecotaxRate / 100))));
        var name = row.Text("product_name", 255) ?? "";
        if (!rate.IsStated)
            warnings.Add("vat_rate_computed", $"{name}: no tax of the shop explains its prices.");
        return new ImportedLine(
            row.Long("id"), Product(row, name), row.Reference("product_attribute_id"), name,
            row.Text("product_reference", 64), row.Text("product_ean13", 32), quantity,
            Count("product_quantity_refunded"), Count("product_quantity_return"), net, gross, rate.Percent,
            Percentage.Round(row.Number("reduction_percent")), row.Exact("reduction_amount_tax_excl"),
            row.Exact("reduction_amount_tax_incl"), ecotax, ecotaxRate,
            Total("total_price_tax_excl", net), Total("total_price_tax_incl", gross));

        int Count(string field) => row.Int(field) ?? 0;

        // The rows that an order lists have no totals: they follow from its rule of rounding.
        decimal Total(string field, decimal unit) =>
            isDetail && row.Text(field, 64) is not null ? row.Exact(field) : rounding.LineTotal(unit, quantity);
    }

    // A product that was deleted in the shop is not imported; its line keeps the name.
    private long? Product(ShopRow row, string name)
    {
        if (row.Reference("product_id") is not { } origin)
            return null;
        if (products.TryGetValue(origin, out var id))
            return id;
        if (!areProductsSkipped)
            warnings.Add("product_unknown", $"the shop has no product {origin} any more ({name}).");
        return null;
    }
}
