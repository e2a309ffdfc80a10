namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>A changed field of an order. Values are texts, cut to <see cref="MaxValueLength"/> characters.</summary>
internal sealed class OrderChange : TenantRow<long>
{
    public const int MaxValueLength = 500;

    public long OrderId { get; set; }

    /// <summary>Null for the program itself.</summary>
    public int? UserId { get; set; }

    /// <summary>The name of the column, or <c>lines</c>.</summary>
    public string Field { get; set; } = "";

    public string? OldValue { get; set; }

    public string? NewValue { get; set; }

    public DateTime DateAdd { get; set; }
}
