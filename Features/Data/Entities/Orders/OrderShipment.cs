namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>A shipment of an order; costs are in the order's currency.</summary>
internal sealed class OrderShipment : TenantRow<long>
{
    public long OrderId { get; set; }

    public long? OriginId { get; set; }

    public int? CarrierId { get; set; }

    public string? TrackingNumber { get; set; }

    public decimal Weight { get; set; }

    public decimal ShippingCostTaxExcl { get; set; }

    public decimal ShippingCostTaxIncl { get; set; }

    public DateTime DateAdd { get; set; }

    public Carrier? Carrier { get; set; }
}
