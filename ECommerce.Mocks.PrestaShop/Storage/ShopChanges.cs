using ECommerce.Mocks.PrestaShop.Generation;
using ECommerce.Mocks.PrestaShop.Generation.Orders;
using Microsoft.Extensions.Options;

namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>What changes in the shop while it is open.</summary>
internal sealed class ShopChanges(ShopStore shop, IOptions<ShopOptions> options, TimeProvider time)
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.Zone);

    /// <summary>The shop's local time, to the second.</summary>
    private DateTime Now => TimeZoneInfo.ConvertTime(time.GetUtcNow(), _zone).DateTime;

    /// <summary>The new row of order_histories; null if the order or the state does not exist.</summary>
    public Row? SetState(int order, int state, int employee = 0)
    {
        lock (shop.Writing)
        {
            var orders = shop["orders"];
            if (orders.Find(order) is not { } row || shop["order_states"].Find(state) is not { } stateRow)
                return null;

            var at = Now;
            var changed = OrderState.Enter(row, stateRow, at, OrderNumbers.From(orders));
            orders.Replace(changed);
            AddPayment(row, changed);
            return AddHistory(order, state, at, employee);
        }
    }

    public IReadOnlyList<int> AddOrders(int count)
    {
        lock (shop.Writing)
        {
            var (orders, details, customers) = (shop["orders"], shop["order_details"], shop["customers"]);
            var buyers = shop["addresses"].Snapshot
                .Where(address => customers.Find(ShopFormat.Int(address.Text("id_customer"))) is not null)
                .ToArray();
            var catalogue = shop["products"].Snapshot.Select(CatalogueItem.From).ToArray();
            if (buyers.Length == 0 || catalogue.Length == 0)
                return [];

            var factory = new OrderFactory(orders.Schema, details.Schema, catalogue);
            var ids = new List<int>();
            for (var i = 0; i < count; i++)
                ids.Add(AddOrder(factory, orders, details, buyers));
            return ids;
        }
    }

    public Row? SetStock(int id, IReadOnlyDictionary<string, string> values)
    {
        lock (shop.Writing)
        {
            var stock = shop["stock_availables"];
            if (stock.Find(id) is not { } row)
                return null;

            // A PUT is a full replacement: what is left out becomes empty.
            var changed = row.With([.. row.Schema.Fields.Where(field => field.Name != "id").Select(field =>
                (field.Name, values.GetValueOrDefault(field.Name) ?? (field.Type == FieldType.Number ? "0" : "")))]);
            stock.Replace(changed);
            return changed;
        }
    }

    private int AddOrder(OrderFactory factory, Table orders, Table details, Row[] buyers)
    {
        var id = orders.LastId + 1;
        var rng = Rng.For(options.Value.Seed, "orders.new", id);
        var address = rng.Pick(buyers);
        var customer = shop["customers"].Find(ShopFormat.Int(address.Text("id_customer")))!;
        var payment = rng.Pick(PaymentMethod.All);
        var at = Now;
        var reference = rng.Letters(9, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        var made = factory.Create(
            new(id, id, reference, customer, address, address, payment, at), details.LastId + 1,
            shop["order_cart_rules"].LastId + 1, rng);
        var order = shop["order_states"].Find(payment.FirstState) is { } state
            ? OrderState.Enter(made.Order, state, at, OrderNumbers.From(orders))
            : made.Order;
        orders.Append([order]);
        details.Append(made.Details);
        shop["order_cart_rules"].Append(made.CartRules);
        shop["order_carriers"].Append(
            [OrderCare.Shipment(order, shop["order_carriers"].LastId + 1, options.Value.Seed)]);
        AddPayment(made.Order, order);
        AddHistory(id, payment.FirstState, at, employee: 0);
        return id;
    }

    // A state that is paid records the payment of what is still to be paid.
    private void AddPayment(Row before, Row after)
    {
        var (payments, rng) = (shop["order_payments"], Rng.For(options.Value.Seed, "orders.payment", after.Id));
        if (before.Text("total_paid_real") != after.Text("total_paid_real"))
        {
            var amount = ShopFormat.Decimal(after.Text("total_paid_real"))
                - ShopFormat.Decimal(before.Text("total_paid_real"));
            payments.Append([OrderMoney.Payment(after, payments.LastId + 1, amount, rng)]);
        }
    }

    private Row AddHistory(int order, int state, DateTime at, int employee)
    {
        var histories = shop["order_histories"];
        var row = OrderState.History(histories.Schema, histories.LastId + 1, order, state, at)
            .With(("id_employee", ShopFormat.Id(employee)));
        histories.Append([row]);
        return row;
    }
}
