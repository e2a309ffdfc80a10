namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>
/// A line of an order. Unit prices have six decimals, and so have the totals of an order that rounds its total only.
/// </summary>
internal sealed class OrderLine : TenantRow<long>, ISalesLine
{
    public long OrderId { get; set; }

    public long? OriginId { get; set; }

    public long? ProductId { get; set; }

    /// <summary>The combination, by its id in the shop.</summary>
    public long? ProductAttributeId { get; set; }

    public string ProductName { get; set; } = "";

    public string? ProductReference { get; set; }

    public string? ProductEan13 { get; set; }

    public int ProductQuantity { get; set; }

    public int ProductQuantityRefunded { get; set; }

    public int ProductQuantityReturn { get; set; }

    public decimal UnitPriceTaxExcl { get; set; }

    public decimal UnitPriceTaxIncl { get; set; }

    public decimal VatRate { get; set; }

    public decimal ReductionPercent { get; set; }

    /// <summary>What one piece was reduced by; the unit price is the reduced one.</summary>
    public decimal ReductionAmountTaxExcl { get; set; }

    public decimal ReductionAmountTaxIncl { get; set; }

    /// <summary>Net, for one piece, and part of the unit price; taxed at its own rate.</summary>
    public decimal Ecotax { get; set; }

    public decimal EcotaxTaxRate { get; set; }

    public decimal TotalPriceTaxExcl { get; set; }

    public decimal TotalPriceTaxIncl { get; set; }
}
