namespace ECommerce.Features.Sales;

/// <summary>
/// The amounts of an order, from its lines, discounts and shipping. Each line is rounded by itself, as shops do it.
/// </summary>
internal sealed record OrderTotals(
    decimal TotalProducts, decimal TotalProductsWt, decimal TotalDiscounts, decimal TotalDiscountsTaxExcl,
    decimal TotalShipping,
    decimal TotalShippingTaxExcl, decimal TotalPaid, decimal TotalPaidTaxExcl)
{
    public static OrderTotals Calculate(
        IReadOnlyCollection<PricedLine> lines, decimal discounts, decimal shipping, decimal shippingVatRate)
    {
        var net = lines.Sum(line => line.TotalPriceTaxExcl);
        var gross = lines.Sum(line => line.TotalPriceTaxIncl);
        // A discount lowers all lines alike, so its net part is in the proportion of theirs.
        var netDiscounts = gross == 0 ? discounts : Money.Round(discounts * net / gross);
        var netShipping = Money.WithoutVat(shipping, shippingVatRate);
        return new OrderTotals(
            net, gross, discounts, netDiscounts, shipping, netShipping, gross - discounts
                + shipping, net - netDiscounts + netShipping);
    }
}
