namespace ECommerce.Features.Sales;

/// <summary>A line with all that is stored of it.</summary>
internal sealed record PricedLine(
    long? ProductId, string ProductName, string? ProductReference, int ProductQuantity, decimal UnitPriceTaxExcl,
    decimal UnitPriceTaxIncl,
    decimal VatRate, decimal ReductionPercent, decimal TotalPriceTaxExcl, decimal TotalPriceTaxIncl)
{
    public static PricedLine Calculate(OrderLineDraft line, OrderedProduct? product)
    {
        var unit = UnitPrice.Round(line.UnitPriceTaxExcl ?? product?.Price ?? 0);
        var vat = Percentage.Round(line.VatRate ?? product?.VatRate ?? ItalianVat.OrdinaryRate);
        var reduction = Percentage.Round(line.ReductionPercent);
        var net = Money.Round(unit * line.ProductQuantity * (1 - reduction / 100));
        return new PricedLine(
            line.ProductId, line.ProductName ?? product?.Name ?? "", line.ProductReference
                ?? product?.Reference, line.ProductQuantity,
            unit, UnitPrice.WithVat(unit, vat), vat, reduction, net, Money.WithVat(net, vat));
    }
}

/// <summary>What a line takes from its product.</summary>
internal sealed record OrderedProduct(long Id, string Name, string? Reference, decimal Price, decimal VatRate);
