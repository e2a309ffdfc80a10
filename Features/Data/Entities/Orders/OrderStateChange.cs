namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>A row of <c>order_history</c>.</summary>
internal sealed class OrderStateChange : TenantRow<long>
{
    public long OrderId { get; set; }

    public long? OriginId { get; set; }

    public int StateId { get; set; }

    public int? UserId { get; set; }

    public string? Note { get; set; }

    public DateTime DateAdd { get; set; }

    public OrderState State { get; set; } = null!;
}
