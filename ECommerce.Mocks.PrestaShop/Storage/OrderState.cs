namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>The last invoice and delivery number the shop has given.</summary>
internal sealed class OrderNumbers(int invoice, int delivery)
{
    public int NextInvoice() => ++invoice;

    public int NextDelivery() => ++delivery;

    public static OrderNumbers From(Table orders) =>
        new(Last(orders, "invoice_number"), Last(orders, "delivery_number"));

    private static int Last(Table orders, string field) =>
        orders.Snapshot.Select(row => ShopFormat.Int(row.Text(field))).DefaultIfEmpty().Max();
}

/// <summary>
/// What a new state does to an order: validity, invoice, delivery note and payment follow from the state's flags.
/// </summary>
internal static class OrderState
{
    public static Row Enter(Row order, Row state, DateTime at, OrderNumbers numbers)
    {
        var changed = order.With(
            ("current_state", ShopFormat.Id(state.Id)),
            ("date_upd", ShopFormat.Date(at)),
            ("valid", state.Text("logable")));
        if (state.Text("invoice") == "1" && order.Text("invoice_number") is "0" or "")
        {
            changed = changed.With(
                ("invoice_number", ShopFormat.Id(numbers.NextInvoice())), ("invoice_date", ShopFormat.Date(at)));
        }
        if (state.Text("delivery") == "1" && order.Text("delivery_number") is "0" or "")
        {
            changed = changed.With(
                ("delivery_number", ShopFormat.Id(numbers.NextDelivery())), ("delivery_date", ShopFormat.Date(at)));
        }
        if (state.Text("paid") == "1")
            changed = changed.With(("total_paid_real", order.Text("total_paid")));
        return changed;
    }

    public static Row History(ResourceSchema schema, int id, int order, int state, DateTime at) =>
        new RowBuilder(schema, id).Set("id_order_state", state).Set("id_order", order).Set("date_add", at).Build();
}
