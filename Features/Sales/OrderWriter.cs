using System.Security.Cryptography;
using ECommerce.Features.Data.Entities;

namespace ECommerce.Features.Sales;

/// <summary>Adds orders that are made here, by a client or from a quote.</summary>
internal static class OrderWriter
{
    /// <summary>The state that new orders take; null: the tenant has none with this number.</summary>
    public static Task<OrderState?> FirstStateAsync(ECommerceDbContext db, CancellationToken ct) =>
        db.OrderStates.NumberedAsync(shopId: null, OrderStates.Waiting, ct);

    /// <summary>A new order in a state, with the first row of its history; the rest is the caller's to fill.</summary>
    public static Order AddOrder(
        this ECommerceDbContext db, OrderState state, CurrentUser user, DateTime now, ShopTimeZone zone)
    {
        var order = db.Add(
            new Order
            {
                CreatedBy = user.Id,
                DateAdd = now,
                DateUpd = now,
                LocalDate = zone.DayOf(now),
                Reference = NewReference(),
                StateId = state.Id,
                Valid = state.Logable,
            }).Entity;
        order.RecordState(state, user, note: null, now);
        return order;
    }

    public static void AddLines(this Order order, IEnumerable<PricedLine> lines) =>
        order.Lines.AddRange(lines.Select(SalesLines.Row<OrderLine>));

    // As shops make them: nine capital letters.
    private static string NewReference() => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 9);
}
