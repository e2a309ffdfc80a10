namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>A message about an order, of its customer or of the merchant.</summary>
internal sealed class OrderMessage : TenantRow<long>
{
    public long OrderId { get; set; }

    public long? OriginId { get; set; }

    public bool IsFromEmployee { get; set; }

    /// <summary>The customer does not see it.</summary>
    public bool IsPrivate { get; set; }

    public string Message { get; set; } = "";

    public DateTime DateAdd { get; set; }
}
