using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Sales;

/// <summary>The states that orders take.</summary>
internal static class OrderStates
{
    /// <summary>
    /// The state of new orders, by the number that it has among the tenant's own states, or among those of a shop.
    /// </summary>
    public const int Waiting = 1;

    public static ProblemHttpResult NoFirstState() => Problems.Conflict(
        "no_initial_state", "No order state has the number 1, which new orders take.");

    /// <summary>
    /// A state by its number. An order stays among the states it comes from: the tenant's own (no shop), or its shop's,
    /// which can be pushed back to it.
    /// </summary>
    public static Task<OrderState?> NumberedAsync(
        this IQueryable<OrderState> states, int? shopId, int number, CancellationToken ct) =>
        states.SingleOrDefaultAsync(s => s.ShopId == shopId && s.Number == number, ct);

    /// <summary>
    /// The state of preparation among those that the order comes from: the one that its shop names, or else the first
    /// in which goods are prepared and have not left; null for none. Those that a tenant has added have no number, and
    /// come last.
    /// </summary>
    public static async Task<OrderState?> PreparingAsync(
        this ECommerceDbContext db, int? shopId, CancellationToken ct)
    {
        var named = await db.Shops.Where(shop => shop.Id == shopId).Select(shop => shop.PreparationState)
            .SingleOrDefaultAsync(ct);
        var own = named is { } origin
            ? await db.OrderStates.SingleOrDefaultAsync(s => s.ShopId == shopId && s.OriginId == origin, ct)
            : null;
        return own ?? await db.OrderStates.Where(s => s.ShopId == shopId && s.Delivery && !s.Shipped)
            .OrderBy(s => s.OriginId ?? s.Number ?? long.MaxValue).ThenBy(s => s.Id).FirstOrDefaultAsync(ct);
    }

    /// <summary>
    /// Orders that reach a paid state are paid; those that leave it stay so. An order of a shop is a sale by the shop's
    /// own mark, one that was made here by the mark of its state.
    /// </summary>
    /// <remarks>The state of a shop's order is pushed to the shop: see <see cref="StatePushes"/>.</remarks>
    public static void MoveTo(this Order order, OrderState state, CurrentUser user, string? note, DateTime now)
    {
        order.IsPaid |= state.Paid;
        order.EnterState(state, user, note, now);
    }

    /// <summary>As <see cref="MoveTo"/>, and whether the order is paid stays as it is.</summary>
    public static void EnterState(this Order order, OrderState state, CurrentUser user, string? note, DateTime now)
    {
        order.StateId = state.Id;
        if (order.OriginId is null)
            order.Valid = state.Logable;
        order.DateUpd = now;
        var change = order.RecordState(state, user, note, now);
        if (order.OriginId is not null)
            order.Push(state, change, now);
    }

    public static OrderStateChange RecordState(
        this Order order, OrderState state, CurrentUser user, string? note, DateTime now)
    {
        var change = new OrderStateChange { StateId = state.Id, UserId = user.Id, Note = note, DateAdd = now };
        order.History.Add(change);
        return change;
    }
}
