namespace ECommerce.Features.Data.Entities;

internal sealed class OrderLine : TenantRow<long>
{
    public long OrderId { get; set; }

    public long? OriginId { get; set; }

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
