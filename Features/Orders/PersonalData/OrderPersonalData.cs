using ECommerce.Features.Common.PersonalData;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.PersonalData;

/// <summary>
/// Texts that users have written about a customer's orders. The addresses of orders are the customer's.
/// </summary>
internal sealed class OrderPersonalData : IPersonalData
{
    private const int BatchSize = 500;

    public IReadOnlyDictionary<Type, IReadOnlyList<string>> Columns { get; } =
        new Dictionary<Type, IReadOnlyList<string>>
        {
            [typeof(Order)] = [nameof(Order.Notes)],
            [typeof(OrderStateChange)] = [nameof(OrderStateChange.Note)],
        };

    public async Task EraseAsync(WriteTransaction tx, ErasedCustomer customer, CancellationToken ct)
    {
        var ids = await tx.Db.Rows<Order>().Where(o => o.CustomerId == customer.Id).Select(o => o.Id).ToListAsync(ct);
        foreach (var batch in ids.Order().Chunk(BatchSize))
        {
            foreach (var order in await tx.Db.Rows<Order>().Where(o => batch.Contains(o.Id) && o.Notes != null)
                .ForUpdate().ToListAsync(ct))
            {
                order.Notes = null;
            }
            foreach (var change in await tx.Db.OrderHistory
                .Where(change => batch.Contains(change.OrderId) && change.Note != null).ForUpdate().ToListAsync(ct))
            {
                change.Note = null;
            }
            await tx.ForgetResponsesAsync([.. batch.Select(id => $"/api/v1/orders/{id}")], ct);
        }
    }
}
