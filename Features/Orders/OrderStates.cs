using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders;

/// <summary>The states that orders take.</summary>
internal static class OrderStates
{
    /// <summary>
    /// The state of new orders, by the number that it has among the tenant's own states, or among those of a shop.
    /// </summary>
    public const int Waiting = 1;

    /// <summary>The state that processing leads to.</summary>
    public const int TakenInCharge = 2;

    /// <summary>
    /// A state by its number. An order stays among the states it comes from: the tenant's own (no shop), or its shop's,
    /// which can be pushed back to it.
    /// </summary>
    public static Task<OrderState?> NumberedAsync(
        this IQueryable<OrderState> states, int? shopId, int number, CancellationToken ct) =>
        states.SingleOrDefaultAsync(s => s.ShopId == shopId && s.Number == number, ct);

    /// <summary>
    /// A state that the shop does not know yet waits to be pushed; until then the synchronisation leaves it alone.
    /// </summary>
    public static void MoveTo(this Order order, OrderState state, CurrentUser user, string? note, DateTime now)
    {
        order.StateId = state.Id;
        order.IsPaid |= state.Paid;
        order.StatePending |= order.OriginId is not null;
        order.DateUpd = now;
        order.RecordState(state, user, note, now);
    }

    public static void RecordState(this Order order, OrderState state, CurrentUser user, string? note, DateTime now) =>
        order.History.Add(new OrderStateChange { StateId = state.Id, UserId = user.Id, Note = note, DateAdd = now });
}
