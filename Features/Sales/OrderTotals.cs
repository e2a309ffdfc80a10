using Microsoft.AspNetCore.Http.HttpResults;

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

    /// <summary>The response where they are.</summary>
    public static ProblemHttpResult TooManyDiscounts() =>
        Problems.Invalid("total_discounts", "The discounts are higher than the order.");

    public static OrderTotals Calculate(
        IReadOnlyCollection<PricedLine> lines, decimal discounts, decimal shipping, decimal shippingVatRate)
    {
        var net = lines.Sum(line => line.TotalPriceTaxExcl);
        var gross = lines.Sum(line => line.TotalPriceTaxIncl);
        var rate = Percentage.Round(shippingVatRate);
        var netShipping = Money.WithoutVat(shipping, rate);
        var paid = gross - discounts + shipping;
        // A discount lowers all lines alike, so its net part is in the proportion of theirs; what is left of it when
        // nothing is left of them lowers the shipping, at the rate of the shipping.
        var netDiscounts = discounts < gross
            ? Money.Round(discounts * net / gross)
            : net + Money.WithoutVat(discounts - gross, rate);
        return new OrderTotals(
            net, gross, discounts, netDiscounts, shipping, netShipping, paid, net - netDiscounts + netShipping);
    }
}
