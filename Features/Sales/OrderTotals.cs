namespace ECommerce.Features.Sales;

/// <summary>
/// The amounts of an order, from its lines, discounts and shipping. Each line is rounded by itself, as shops do it.
/// </summary>
internal sealed record OrderTotals(
    decimal TotalProducts, decimal TotalProductsWt, decimal TotalDiscounts, decimal TotalDiscountsTaxExcl,
    decimal TotalShipping,
    decimal TotalShippingTaxExcl, decimal TotalPaid, decimal TotalPaidTaxExcl)
{
    /// <summary>Whether the discounts are higher than what they lower.</summary>
    public bool IsNegative => TotalPaid < 0 || TotalPaidTaxExcl < 0;

    public static OrderTotals Calculate(
        IReadOnlyCollection<PricedLine> lines, decimal discounts, decimal shipping, decimal shippingVatRate)
    {
        var net = lines.Sum(line => line.TotalPriceTaxExcl);
        var gross = lines.Sum(line => line.TotalPriceTaxIncl);
        var rate = Percentage.Round(shippingVatRate);
        var netShipping = Money.WithoutVat(shipping, rate);
        var paid = gross - discounts + shipping;
        // A discount lowers all lines alike, so its net part is in the proportion of theirs; without their prices it
        // lowers the shipping; and one of everything leaves nothing, whatever the rounding.
        var netDiscounts = paid == 0 ? net + netShipping
            : gross == 0 ? Money.WithoutVat(discounts, rate)
            : Money.Round(discounts * net / gross);
        return new OrderTotals(
            net, gross, discounts, netDiscounts, shipping, netShipping, paid, net - netDiscounts + netShipping);
    }
}
