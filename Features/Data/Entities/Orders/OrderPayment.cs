namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>A payment of an order, in a currency of its own.</summary>
internal sealed class OrderPayment : TenantRow<long>
{
    public long OrderId { get; set; }

    public long? OriginId { get; set; }

    public string PaymentMethod { get; set; } = "";

    public string? TransactionId { get; set; }

    public decimal Amount { get; set; }

    public string Currency { get; set; } = CurrencyCodes.Default;

    public decimal ConversionRate { get; set; } = 1;

    public DateTime DateAdd { get; set; }
}
