namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>
/// A state that was set here on an order of a shop, and what became of it there. Columns of its schedule are read and
/// written by the worker alone and are not mapped.
/// </summary>
internal sealed class OrderStatePush : TenantRow<long>
{
    public long OrderId { get; set; }

    public int StateId { get; set; }

    /// <summary>The row of the history that the push belongs to; null when it was asked for by itself.</summary>
    public long? ChangeId { get; set; }

    public string Status { get; set; } = PushStatus.Pending;

    /// <summary>How often the shop refused it.</summary>
    public int Refusals { get; set; }

    /// <summary>Why the last attempt did not succeed.</summary>
    public string? Error { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime? PushedAt { get; set; }

    public OrderState State { get; set; } = null!;

    public OrderStateChange? Change { get; set; }
}

/// <summary>What became of a push.</summary>
internal static class PushStatus
{
    public const string Pending = "pending";
    public const string Done = "done";
    public const string Failed = "failed";

    /// <summary>The state of the shop takes its place.</summary>
    public const string Cancelled = "cancelled";
}
