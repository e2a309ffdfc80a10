using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// The state changes of created and updated orders. The shop only adds rows, and so does the import.
/// </summary>
internal sealed class OrderHistoryImport(SyncSession session, IReadOnlyList<ShopRow> rows)
{
    // The ids of a request fit into a URL that every web server accepts.
    private const int OrdersPerRequest = 250;

    /// <summary>
    /// Reads the history of the orders whose date in the shop differs from the stored one: a state change always
    /// updates it.
    /// </summary>
    public static async Task<OrderHistoryImport> ReadAsync(
        SyncSession session, OptionalResources shop, IReadOnlyList<ShopRow> orders, CancellationToken ct)
    {
        var known = await session.OrderDatesAsync(orders.Select(order => order.Id), ct);
        var rows = new List<ShopRow>();
        foreach (
            var chunk in orders.Where(order => known.GetValueOrDefault(order.Id) != order.Time("date_upd"))
                .Chunk(OrdersPerRequest))
        {
            var filter = new Dictionary<string, string>
            {
                ["filter[id_order]"] =
                $"[{string.Join('|', chunk.Select(order => order.Id))}]"
            };
            await foreach (var page in shop.PagesAsync("order_histories", filter, ct))
                rows.AddRange(page);
        }
        return new OrderHistoryImport(session, rows);
    }

    public async Task AddAsync(WriteTransaction tx, ImportResult orders, CancellationToken ct)
    {
        var changed = rows.Where(row => orders.TryGetChanged(row.Long("id_order") ?? 0, out _)).ToArray();
        var states = await Placeholders.StatesAsync(
            tx, session.Tenant, session.ShopId, changed.Select(row => row.Long("id_order_state") ?? 0), ct);
        var changes = new List<object?[]>();
        foreach (var row in changed)
        {
            orders.TryGetChanged(row.Long("id_order") ?? 0, out var order);
            var state = states[row.Long("id_order_state") ?? 0].Id;
            changes.Add([session.Tenant.Slug, order, row.Id, state, row.Time("date_add") ?? DateTime.UnixEpoch]);
            tx.AddTagsOf(new OrderStateChange { Tenant = session.Tenant, OrderId = order, StateId = (int)state });
        }
        foreach (var chunk in changes.Chunk(1000))
        {
            await tx.InsertAllAsync(
                "INSERT INTO order_history (tenant_id, order_id, origin_id, state_id, date_add)", 5, chunk,
                " ON DUPLICATE KEY UPDATE origin_id = VALUES(origin_id)", ct);
        }
    }
}
