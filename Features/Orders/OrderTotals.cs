namespace ECommerce.Features.Orders;

/// <summary>The amounts of an order, from its lines, discounts and shipping. Each line is rounded by itself, as shops do it.</summary>
internal sealed record OrderTotals(
    decimal TotalProducts, decimal TotalProductsWt, decimal TotalDiscounts, decimal TotalDiscountsTaxExcl, decimal TotalShipping,
    decimal TotalShippingTaxExcl, decimal TotalPaid, decimal TotalPaidTaxExcl)
{
    public static OrderTotals Of(IReadOnlyCollection<PricedLine> lines, decimal discounts, decimal shipping, decimal shippingVatRate)
    {
        var net = lines.Sum(line => line.TotalPriceTaxExcl);
        var gross = lines.Sum(line => line.TotalPriceTaxIncl);
        // A discount lowers all lines alike, so its net part is in the proportion of theirs.
        var netDiscounts = gross == 0 ? discounts : Money.Round(discounts * net / gross);
        var netShipping = Money.WithoutVat(shipping, shippingVatRate);
        return new OrderTotals(
            net, gross, discounts, netDiscounts, shipping, netShipping, gross - discounts + shipping, net - netDiscounts + netShipping);
    }
}

/// <summary>A line with all that is stored of it.</summary>
internal sealed record PricedLine(
    long? ProductId, string ProductName, string? ProductReference, int ProductQuantity, decimal UnitPriceTaxExcl, decimal UnitPriceTaxIncl,
    decimal VatRate, decimal ReductionPercent, decimal TotalPriceTaxExcl, decimal TotalPriceTaxIncl)
{
    private const decimal OrdinaryVatRate = 22m;

    public static PricedLine Of(OrderLineDraft line, OrderedProduct? product)
    {
        var unit = line.UnitPriceTaxExcl ?? product?.Price ?? 0;
        var vat = line.VatRate ?? product?.VatRate ?? OrdinaryVatRate;
        var net = Money.Round(unit * line.ProductQuantity * (1 - line.ReductionPercent / 100));
        return new PricedLine(
            line.ProductId, line.ProductName ?? product?.Name ?? "", line.ProductReference ?? product?.Reference, line.ProductQuantity,
            unit, Money.WithVat(unit, vat), vat, line.ReductionPercent, net, Money.WithVat(net, vat));
    }
}

/// <summary>What a line takes from its product.</summary>
internal sealed record OrderedProduct(long Id, string Name, string? Reference, decimal Price, decimal VatRate);
