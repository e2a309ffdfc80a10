using ECommerce.Features.Common.PersonalData;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.PersonalData;

/// <summary>
/// Texts that customers and users have written about a customer's orders. The addresses of orders are the customer's.
/// </summary>
internal sealed class OrderPersonalData : IPersonalData
{
    private const int BatchSize = 500;

    /// <summary>In the audit of orders, which names columns.</summary>
    private static readonly string[] TextFields = ["notes", "gift_message"];

    public IReadOnlyDictionary<Type, IReadOnlyList<string>> Columns { get; } =
        new Dictionary<Type, IReadOnlyList<string>>
        {
            [typeof(Order)] = [nameof(Order.Notes), nameof(Order.GiftMessage)],
            [typeof(OrderMessage)] = [nameof(OrderMessage.Message)],
            [typeof(OrderStateChange)] = [nameof(OrderStateChange.Note)],
        };

    public async Task EraseAsync(WriteTransaction tx, ErasedCustomer customer, CancellationToken ct)
    {
        var ids = await tx.Db.Rows<Order>().Where(o => o.CustomerId == customer.Id).Select(o => o.Id).ToListAsync(ct);
        foreach (var batch in ids.Order().Chunk(BatchSize))
        {
            foreach (var order in await tx.Db.Rows<Order>()
                .Where(o => batch.Contains(o.Id) && (o.Notes != null || o.GiftMessage != null))
                .ForUpdate().ToListAsync(ct))
            {
                order.Notes = order.GiftMessage = null;
            }
            foreach (var change in await tx.Db.OrderHistory
                .Where(change => batch.Contains(change.OrderId) && change.Note != null).ForUpdate().ToListAsync(ct))
            {
                change.Note = null;
            }
            foreach (var message in await tx.Db.OrderMessages.Where(message => batch.Contains(message.OrderId))
                .ForUpdate().ToListAsync(ct))
            {
                message.Message = ErasedCustomer.Text;
            }
            // What the save has recorded of the erased notes, and what earlier changes of them have.
            await tx.SaveAsync(ct);
            foreach (var change in await tx.Db.OrderChanges
                .Where(change => batch.Contains(change.OrderId) && TextFields.Contains(change.Field)).ForUpdate()
                .ToListAsync(ct))
            {
                change.OldValue = change.NewValue = null;
            }
            await tx.ForgetResponsesAsync([.. batch.Select(id => $"/api/v1/orders/{id}")], ct);
        }
    }
}
