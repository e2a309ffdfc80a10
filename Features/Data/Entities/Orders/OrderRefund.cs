namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>A refund (order slip) of an order, in the order's currency. It changes no amount of the order.</summary>
internal sealed class OrderRefund : TenantRow<long>
{
    public long OrderId { get; set; }

    public long? OriginId { get; set; }

    public decimal ConversionRate { get; set; } = 1;

    public decimal TotalProductsTaxExcl { get; set; }

    public decimal TotalProductsTaxIncl { get; set; }

    public decimal TotalShippingTaxExcl { get; set; }

    public decimal TotalShippingTaxIncl { get; set; }

    /// <summary>Products and shipping, net.</summary>
    public decimal TotalTaxExcl { get; set; }

    /// <summary>Products and shipping, gross.</summary>
    public decimal TotalTaxIncl { get; set; }

    public bool IsPartial { get; set; }

    public DateTime DateAdd { get; set; }

    /// <summary>The day of <see cref="DateAdd"/> in the zone of the shop.</summary>
    public DateOnly LocalDate { get; set; }
}

/// <summary>A line of a refund; amounts are for the whole quantity.</summary>
internal sealed class OrderRefundLine : TenantRow<long>
{
    public long OrderId { get; set; }

    /// <summary>The refund, by its id in the shop.</summary>
    public long RefundOriginId { get; set; }

    /// <summary>The line of the order, by its id in the shop.</summary>
    public long? LineOriginId { get; set; }

    public int ProductQuantity { get; set; }

    public decimal AmountTaxExcl { get; set; }

    public decimal AmountTaxIncl { get; set; }
}
