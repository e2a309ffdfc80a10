namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>A cart rule that lowered an order, in the order's currency.</summary>
internal sealed class OrderDiscount : TenantRow<long>
{
    public long OrderId { get; set; }

    public long? OriginId { get; set; }

    /// <summary>The cart rule, by its id in the shop.</summary>
    public long? CartRuleId { get; set; }

    public string Name { get; set; } = "";

    /// <summary>What the customer typed; null for a rule without a code or one that the shop has deleted.</summary>
    public string? Code { get; set; }

    public decimal Value { get; set; }

    public decimal ValueTaxExcl { get; set; }

    public bool FreeShipping { get; set; }
}
