using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation;

/// <summary>Two years of orders, in the order of their dates, with their rows and histories.</summary>
internal sealed class OrderGenerator(
    ShopOptions options, Table customers, Table addresses, Table states, IReadOnlyList<CatalogueItem> catalogue)
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(730);

    private readonly OrderFactory _factory = new(Schemas.Known["orders"], Schemas.Known["order_details"], catalogue);

    public IEnumerable<Table> Generate()
    {
        var orders = new Row[options.Orders];
        var details = new List<Row>(options.Orders * 2);
        var changes = new List<StateChange>(options.Orders * 4);
        for (var id = 1; id <= orders.Length; id++)
        {
            var rng = Rng.For(options.Seed, "orders", id);
            var head = Head(id, rng);
            (orders[id - 1], var rows) = _factory.Create(head, details.Count + 1, rng);
            details.AddRange(rows);
            changes.AddRange(OrderLife.Create(id, head.Payment, head.At, ShopGenerator.BaseDate, rng));
        }

        return [Histories(orders, changes), new(Schemas.Known["orders"], orders),
            new(Schemas.Known["order_details"], details)];
    }

    private OrderHead Head(int id, Rng rng)
    {
        // Now and then one cart becomes two orders with one reference.
        var cart = id % 97 == 0 ? id - 1 : id;
        var slot = Period / options.Orders;
        var at = ShopGenerator.BaseDate - Period + slot * (id - 1) + slot * (rng.Between(0, 1000) / 1000d);

        var person = Rng.For(options.Seed, "orders.customer", cart);
        var since = (at - ShopGenerator.Opened) / (ShopGenerator.BaseDate - ShopGenerator.Opened);
        var customer = person.Between(1, 1 + Math.Min(options.Addresses, (int)(since * options.Customers)));
        var delivery = addresses.Find(customer)!;
        var second = addresses.Find(customer + options.Customers);
        return new(
            id,
            cart,
            Rng.For(options.Seed, "orders.reference", cart).Letters(9, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            customers.Find(customer)!,
            second is not null && person.Chance(30) ? second : delivery,
            delivery,
            person.Pick(PaymentMethod.All),
            at);
    }

    /// <summary>All changes in the order of time, as the shop numbered them; each is done to its order.</summary>
    private Table Histories(Row[] orders, List<StateChange> changes)
    {
        var schema = Schemas.Known["order_histories"];
        var numbers = new OrderNumbers(0, 0);
        var histories = new List<Row>(changes.Count);
        foreach (var change in changes.OrderBy(change => change.At).ThenBy(change => change.Order))
        {
            orders[change.Order - 1] = OrderState.Enter(
                orders[change.Order - 1], states.Find(change.State)!, change.At, numbers);
            histories.Add(OrderState.History(schema, histories.Count + 1, change.Order, change.State, change.At));
        }

        return new(schema, histories);
    }
}
