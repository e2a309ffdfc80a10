using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation.Orders;

/// <summary>Two years of orders, in the order of their dates, with rows, histories, payments and refunds.</summary>
internal sealed class OrderGenerator(
    ShopOptions options, Table customers, Table addresses, Table states, IReadOnlyList<CatalogueItem> catalogue)
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(730);

    private readonly OrderFactory _factory = new(Schemas.Known["orders"], Schemas.Known["order_details"], catalogue);

    public IEnumerable<Table> Generate()
    {
        var orders = new Row[options.Orders];
        var details = new Row[options.Orders][];
        var (detail, rules) = (1, new List<Row>());
        var changes = new List<StateChange>(options.Orders * 4);
        for (var id = 1; id <= orders.Length; id++)
        {
            var rng = Rng.For(options.Seed, "orders", id);
            var head = Head(id, rng);
            var made = _factory.Create(head, detail, rules.Count + 1, rng);
            (orders[id - 1], details[id - 1]) = (WithGoneCustomer(made.Order), [.. made.Details]);
            detail += made.Details.Count;
            rules.AddRange(made.CartRules);
            changes.AddRange(OrderLife.Create(id, head.Payment, head.At, ShopGenerator.BaseDate, rng));
        }

        var histories = Histories(orders, changes);
        var (payments, slips) = (new List<Row>(), new List<Row>());
        for (var i = 0; i < orders.Length; i++)
        {
            var rng = Rng.For(options.Seed, "orders.money", i + 1);
            payments.AddRange(OrderMoney.Payments(orders[i], payments.Count + 1, rng));
            if (OrderMoney.Slip(orders[i], details[i], slips.Count + 1, rng) is { } slip)
                slips.Add(slip);
        }
        var (threads, messages) = (new List<Row>(), new List<Row>());
        foreach (var order in orders)
            OrderCare.AddMessages(order, threads, messages);
        return
        [
            new(
                Schemas.Known["order_carriers"],
                orders.Select(order => OrderCare.Shipment(order, order.Id, options.Seed))),
            new(Schemas.Known["customer_threads"], threads), new(Schemas.Known["customer_messages"], messages),
            histories, new(Schemas.Known["orders"], orders),
            new(Schemas.Known["order_details"], details.SelectMany(rows => rows)),
            new(Schemas.Known["order_cart_rules"], rules), new(Schemas.Known["order_payments"], payments),
            new(Schemas.Known["order_slip"], slips),
        ];
    }

    /// <summary>Now and then the customer was deleted since, or there never was one.</summary>
    private Row WithGoneCustomer(Row order) => (order.Id % 83, order.Id % 89) switch
    {
        (82, _) => order.With(("id_customer", "0")),
        (_, 88) => order.With(("id_customer", ShopFormat.Id(options.Customers + 7))),
        _ => order,
    };

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
