using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>What a shop has of the orders of one page beside their own rows, by the ids of the orders there.</summary>
internal sealed class OrderParts
{
    public required ILookup<long, ShopRow> Details { get; init; }

    public required ILookup<long, ShopRow> Slips { get; init; }

    public required ILookup<long, ShopRow> CartRules { get; init; }

    public required ILookup<long, ShopRow> Shipments { get; init; }

    /// <summary>The messages of all threads of an order.</summary>
    public required ILookup<long, ShopRow> Messages { get; init; }

    /// <summary>By reference: a cart that became several orders is paid once.</summary>
    public required ILookup<string, ShopRow> Payments { get; init; }

    /// <summary>
    /// All parts of all orders of the page, changed or not: a refund leaves the date of its order as it was.
    /// </summary>
    public static async Task<OrderParts> ReadAsync(
        OptionalResources shop, MoneyLookups lookups, IReadOnlyList<ShopRow> orders, CancellationToken ct)
    {
        long[] ids = [.. orders.Select(order => order.Id)];
        // Only these signs mean something in a filter.
        string[] references =
        [
            .. orders.Select(order => order.Text("reference", 32)).OfType<string>().Distinct()
                .Where(reference => reference.IndexOfAny(['[', ']', '|', ',', '%']) < 0),
        ];
        var rules = await ByOrderAsync("order_cart_rules");
        await lookups.ReadCodesAsync(
            shop, rules.SelectMany(group => group).Select(rule => rule.Reference("id_cart_rule")).OfType<long>(), ct);
        return new OrderParts
        {
            Details = await ByOrderAsync("order_details"),
            Slips = await ByOrderAsync("order_slip"),
            CartRules = rules,
            Shipments = await ByOrderAsync("order_carriers"),
            Messages = await MessagesAsync(),
            Payments = (await shop.OfAsync("order_payments", "order_reference", references, ct).ToListAsync(ct))
                .ToLookup(row => row.Text("order_reference", 32) ?? "", StringComparer.OrdinalIgnoreCase),
        };

        async Task<ILookup<long, ShopRow>> MessagesAsync()
        {
            var threads = (await shop.OfAsync("customer_threads", "id_order", ids, ct).ToListAsync(ct))
                .ToDictionary(thread => thread.Id, thread => thread.Reference("id_order") ?? 0);
            return (await shop.OfAsync("customer_messages", "id_customer_thread", threads.Keys, ct).ToListAsync(ct))
                .ToLookup(row => threads.GetValueOrDefault(row.Reference("id_customer_thread") ?? 0));
        }

        async Task<ILookup<long, ShopRow>> ByOrderAsync(string resource) =>
            (await shop.OfAsync(resource, "id_order", ids, ct).ToListAsync(ct))
            .ToLookup(row => row.Reference("id_order") ?? 0);
    }
}
