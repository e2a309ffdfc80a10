using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace ECommerce.Features.Data;

/// <summary>
/// Adds a row for each field of an order that a save changes, in the same transaction: no use case can forget it. New
/// orders have none, as their history begins with their first state; what a shop changes is the shop's to record.
/// </summary>
internal static class OrderAudit
{
    private const string Lines = "lines";

    // Kept by others: states in order_history, the rest by the program for itself.
    private static readonly string[] Unrecorded =
    [
        nameof(Order.StateId), nameof(Order.StatePending), nameof(Order.StatePushId), nameof(Order.RowVersion),
        nameof(Order.OriginHash), nameof(Order.DateUpd),
    ];

    /// <summary>Called when the changes of a save are detected and before they are written.</summary>
    public static void Record(ECommerceDbContext db, WriteTransaction tx)
    {
        var orders = db.ChangeTracker.Entries<Order>().Where(entry => entry.State == EntityState.Modified).ToArray();
        var lines = db.ChangeTracker.Entries<OrderLine>()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .SelectMany(OrdersOf).Distinct().ToArray();
        var created = db.ChangeTracker.Entries<Order>().Where(entry => entry.State == EntityState.Added)
            .Select(entry => entry.Property(o => o.Id).CurrentValue).ToHashSet();
        // What changes with a state has the moment of the state.
        var states = db.ChangeTracker.Entries<OrderStateChange>().Where(entry => entry.State == EntityState.Added)
            .Select(entry => entry.Entity).ToArray();

        foreach (var order in orders)
        {
            foreach (var property in order.Properties.Where(IsRecorded))
            {
                Add(
                    order.Entity.Id, property.Metadata.GetColumnName(), Text(property.OriginalValue),
                    Text(property.CurrentValue));
            }
        }
        foreach (var order in lines.Where(order => !created.Contains(order)))
            Add(order, Lines, LinesOf(db, order, before: true), LinesOf(db, order, before: false));

        void Add(long order, string field, string? before, string? after) => db.Add(new OrderChange
        {
            OrderId = order,
            UserId = tx.User?.Id,
            Field = field,
            OldValue = Cut(before),
            NewValue = Cut(after),
            DateAdd = Array.Find(states, state => state.OrderId == order)?.DateAdd ?? tx.Now,
        });
    }

    private static bool IsRecorded(PropertyEntry property) =>
        property.IsModified && !Unrecorded.Contains(property.Metadata.Name)
        && !Equals(property.OriginalValue, property.CurrentValue);

    // A line that is moved changes both orders.
    private static IEnumerable<long> OrdersOf(EntityEntry<OrderLine> line) => line.State switch
    {
        EntityState.Added => [OrderOf(line, before: false)],
        EntityState.Deleted => [OrderOf(line, before: true)],
        _ => [OrderOf(line, before: true), OrderOf(line, before: false)],
    };

    private static long OrderOf(EntityEntry<OrderLine> line, bool before) =>
        line.Property(l => l.OrderId) is var order && before ? order.OriginalValue : order.CurrentValue;

    // A line of a save: "2 x Lampada 10.00; 1 x Libro 5.50".
    private static string? LinesOf(ECommerceDbContext db, long order, bool before)
    {
        var absent = before ? EntityState.Added : EntityState.Deleted;
        var lines = db.ChangeTracker.Entries<OrderLine>()
            .Where(line => line.State != absent && OrderOf(line, before) == order)
            .Select(line => (OrderLine)(before ? line.OriginalValues : line.CurrentValues).ToObject())
            .Select(line => string.Create(
                CultureInfo.InvariantCulture,
                $"{line.ProductQuantity} x {line.ProductName} {line.UnitPriceTaxExcl:0.00####}"));
        return string.Join("; ", lines) is { Length: > 0 } text ? text : null;
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        decimal amount => amount.ToString("0.00####", CultureInfo.InvariantCulture),
        DateTime moment => Iso8601.Write(moment),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    // Not in the middle of a surrogate pair.
    private static string? Cut(string? text)
    {
        if (text is null || text.Length <= OrderChange.MaxValueLength)
            return text;
        var length = OrderChange.MaxValueLength - 1;
        return (char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length]) + "…";
    }
}
