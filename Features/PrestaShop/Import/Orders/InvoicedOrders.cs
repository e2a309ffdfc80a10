using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// Orders that were invoiced and that a page changed: the order follows the shop, its invoice stays, and the run has a
/// warning.
/// </summary>
internal static class InvoicedOrders
{
    /// <summary>Warns of those of the orders whose invoice was made from something else.</summary>
    public static async Task WarnAsync(
        SyncSession session, WriteTransaction tx, IEnumerable<long> orders, CancellationToken ct)
    {
        var invoiced = await tx.Db.Orders.Where(order => orders.Contains(order.Id) && order.Invoice != null)
            .OrderBy(order => order.Id).Select(order => new { order.Id, order.OriginId }).ToListAsync(ct);
        foreach (var order in invoiced)
        {
            var found = await OrderReader.FindAsync(tx.Db, order.Id, ct);
            foreach (var warning in (found?.Warnings ?? []).Where(one => one.Code == InvoicedContent.Changed))
                session.Warn("orders", order.OriginId ?? 0, $"{warning.Code}: {warning.Detail}");
        }
    }

    /// <summary>The same, of the orders that addresses belong to.</summary>
    public static async Task WarnOfAddressesAsync(
        SyncSession session, WriteTransaction tx, IEnumerable<long> addresses, CancellationToken ct)
    {
        var orders = await tx.Db.Orders.Where(order => order.Invoice != null
            && (addresses.Contains(order.AddressInvoiceId!.Value)
                || addresses.Contains(order.AddressDeliveryId!.Value))).Select(order => order.Id).ToListAsync(ct);
        await WarnAsync(session, tx, orders, ct);
    }
}
