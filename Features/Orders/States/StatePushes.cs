using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.States;

/// <summary>What became in its shop of a state that was set here.</summary>
/// <remarks>
/// Status: pending, done or failed. Refusals: how often the shop refused it; after five it has failed. Error: why the
/// last attempt did not succeed. PushedAt: when the shop took it.
/// </remarks>
internal sealed record StatePushDetails(
    int StateId, string Status, int Refusals, string? Error, DateTime CreatedAt, DateTime? PushedAt);

/// <summary>Pushes of orders' states to their shops, as writes of orders make and cancel them.</summary>
internal static class StatePushes
{
    /// <summary>The problem of a state that the order cannot take; null for none.</summary>
    public static ProblemHttpResult? Refusal(this Order order, OrderState state) =>
        order.OriginId is null || order.IsPushable(state)
            ? null
            : Problems.Invalid(
                "state_id", $"The order belongs to shop {order.ShopId}: it takes a state of this shop only.");

    public static bool IsPushable(this Order order, OrderState state) =>
        state.ShopId == order.ShopId && state.OriginId is > 0;

    /// <summary>
    /// Makes the push of the order's state in the transaction of its write; until the shop has it, a sync leaves the
    /// state as it is. Pushes before this one go first.
    /// </summary>
    public static void Push(this Order order, OrderState state, OrderStateChange? change, DateTime now)
    {
        order.StatePending = true;
        order.StatePush = new OrderStatePush
        {
            Tenant = order.Tenant,
            OrderId = order.Id,
            StateId = state.Id,
            Change = change,
            CreatedAt = now,
        };
    }

    /// <summary>Cancels what is not pushed yet: the next run of the shop brings the shop's state.</summary>
    /// <returns>False when there is nothing to cancel.</returns>
    public static async Task<bool> CancelPushAsync(this Order order, ECommerceDbContext db, CancellationToken ct)
    {
        var open = await db.OrderStatePushes.Where(
            push => push.OrderId == order.Id && (push.Status == PushStatus.Pending || push.Status == PushStatus.Failed))
            .ForUpdate().ToListAsync(ct);
        foreach (var push in open)
            push.Status = PushStatus.Cancelled;
        if (!order.StatePending)
            return false;
        order.StatePending = false;
        order.StatePushId = null;
        // Without its hash the next run, incremental or not, asks for the order and restores the shop's values.
        order.OriginHash = null;
        return true;
    }
}
