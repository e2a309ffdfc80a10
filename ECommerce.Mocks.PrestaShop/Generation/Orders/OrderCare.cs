using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation.Orders;

/// <summary>What goes with orders beside money: their shipment, and what customers write about them.</summary>
internal static class OrderCare
{
    /// <summary>The row that every order has; shipped ones have a number.</summary>
    public static Row Shipment(Row order, int id, int seed)
    {
        var rng = Rng.For(seed, "orders.shipment", order.Id);
        var isShipped = order.Text("delivery_number") is not ("0" or "") && order.Text("current_state") is not "3";
        return new RowBuilder(Schemas.Known["order_carriers"], id)
            .Set("id_order", order.Id).Set("id_carrier", order.Text("id_carrier"))
            .Set("weight", rng.Between(1, 300) / 20m)
            .Set("shipping_cost_tax_excl", order.Text("total_shipping_tax_excl"))
            .Set("shipping_cost_tax_incl", order.Text("total_shipping_tax_incl"))
            .Set("tracking_number", isShipped ? $"IT{rng.Letters(11, "0123456789")}" : "")
            .Set("date_add", order.Text("date_add"))
            .Build();
    }

    /// <summary>A thread about one order in seven, with the customer's question, and sometimes notes of the merchant.
    /// </summary>
    public static void AddMessages(Row order, List<Row> threads, List<Row> messages)
    {
        if (order.Id % 7 != 3)
            return;
        var thread = threads.Count + 1;
        var first = messages.Count + 1;
        Add(0, false, "Quando parte il mio ordine?\nGrazie, a presto 👋");
        if (order.Id % 2 == 1)
        {
            Add(1, false, "Domani mattina.");
            Add(1, true, "Cliente abituale: regalo nel pacco.");
        }
        threads.Add(new RowBuilder(Schemas.Known["customer_threads"], thread)
            .Set("id_lang", 1).Set("id_shop", 1).Set("id_customer", order.Text("id_customer"))
            .Set("id_order", order.Id).Set("status", "open").Set("token", "segreto")
            .Set("date_add", order.Text("date_add")).Set("date_upd", order.Text("date_add"))
            .Associate("customer_messages", [.. Enumerable.Range(first, messages.Count + 1 - first)
                .Select(id => (string?[])[ShopFormat.Id(id)])])
            .Build());

        void Add(int employee, bool isPrivate, string text) => messages.Add(
            new RowBuilder(Schemas.Known["customer_messages"], messages.Count + 1)
                .Set("id_employee", employee).Set("id_customer_thread", thread).Set("message", text)
                .Set("private", isPrivate).Set("read", true).Set("date_add", order.Text("date_add"))
                .Set("date_upd", order.Text("date_add")).Build());
    }
}
