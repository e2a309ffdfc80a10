namespace ECommerce.Features.Data.Entities.Quotes;

/// <summary>A line of a quote. Unit prices have six decimals.</summary>
internal sealed class QuoteLine : TenantRow<long>, ISalesLine
{
    public long QuoteId { get; set; }

    public long? ProductId { get; set; }

    public string ProductName { get; set; } = "";

    public string? ProductReference { get; set; }

    public int ProductQuantity { get; set; }

    public decimal UnitPriceTaxExcl { get; set; }

    public decimal UnitPriceTaxIncl { get; set; }

    public decimal VatRate { get; set; }

    public decimal ReductionPercent { get; set; }

    public decimal TotalPriceTaxExcl { get; set; }

    public decimal TotalPriceTaxIncl { get; set; }
}
