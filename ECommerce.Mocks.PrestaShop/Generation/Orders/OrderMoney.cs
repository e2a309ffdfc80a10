using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation.Orders;

/// <summary>What was paid for orders and paid back.</summary>
internal static class OrderMoney
{
    private const string Refunded = "7";

    /// <summary>One payment, or two, of an order that was paid; nothing of one that was not.</summary>
    public static IEnumerable<Row> Payments(Row order, int firstId, Rng rng)
    {
        var paid = ShopFormat.Decimal(order.Text("total_paid_real"));
        if (paid <= 0)
            yield break;
        var first = rng.Chance(5) ? ShopFormat.Cents(paid / 2) : paid;
        yield return Payment(order, firstId, first, rng);
        if (first < paid)
            yield return Payment(order, firstId + 1, paid - first, rng);
    }

    /// <summary>
    /// The slip of an order that was given back, or of one piece of some others; null for the rest. It changes neither
    /// the amounts of the order nor its date, but what its rows say of refunds.
    /// </summary>
    public static Row? Slip(Row order, Row[] details, int id, Rng rng)
    {
        var isWhole = order.Text("current_state") == Refunded;
        if (!isWhole && !(order.Text("current_state") is "4" or "5" && rng.Chance(4)))
            return null;
        var rounding = new ShopRounding(
            (RoundType)ShopFormat.Int(order.Text("round_type")), ShopFormat.Int(order.Text("round_mode")));
        var count = isWhole ? details.Length : 1;
        var rows = new List<string?[]>();
        var sum = default(Amount);
        for (var i = 0; i < count; i++)
        {
            var quantity = isWhole ? ShopFormat.Int(details[i].Text("product_quantity")) : 1;
            var value = new Amount(
                rounding.Round(Millionths(details[i], "unit_price_tax_excl") * quantity),
                rounding.Round(Millionths(details[i], "unit_price_tax_incl") * quantity));
            sum += value;
            rows.Add([ShopFormat.Id(id), ShopFormat.Id(details[i].Id), ShopFormat.Id(quantity), Money(value.Net),
                Money(value.Gross)]);
            details[i] = details[i].With(
                ("product_quantity_refunded", ShopFormat.Id(quantity)),
                ("total_refunded_tax_excl", Money(value.Net)), ("total_refunded_tax_incl", Money(value.Gross)));
        }
        var withShipping = isWhole && rng.Chance(50);
        var at = ShopFormat.Time(order.Text("date_upd")) + rng.Time(0.1, 20);
        return new RowBuilder(Schemas.Known["order_slip"], id)
            .Set("id_customer", order.Text("id_customer")).Set("id_order", order.Id)
            .Set("conversion_rate", order.Text("conversion_rate"))
            .Set("total_products_tax_excl", ShopRounding.ToDecimal(sum.Net))
            .Set("total_products_tax_incl", ShopRounding.ToDecimal(sum.Gross))
            .Set("total_shipping_tax_excl", withShipping ? order.Text("total_shipping_tax_excl") : Money(0))
            .Set("total_shipping_tax_incl", withShipping ? order.Text("total_shipping_tax_incl") : Money(0))
            // Net or gross by the form that was used: no field to rely on.
            .Set("amount", ShopRounding.ToDecimal(rng.Chance(50) ? sum.Net : sum.Gross))
            .Set("shipping_cost", withShipping).Set("partial", !isWhole)
            .Set("date_add", at).Set("date_upd", at)
            .Associate("order_slip_details", rows)
            .Build();
    }

    public static Row Payment(Row order, int id, decimal amount, Rng rng) =>
        new RowBuilder(Schemas.Known["order_payments"], id)
            .Set("order_reference", order.Text("reference")).Set("id_currency", order.Text("id_currency"))
            .Set("amount", amount).Set("payment_method", order.Text("payment"))
            .Set("conversion_rate", order.Text("conversion_rate"))
            .Set("transaction_id", order.Text("module") is "paypal" or "ps_checkout" ? rng.Hex(17) : "")
            .Set("date_add", order.Text("invoice_date"))
            .Build();

    private static long Millionths(Row row, string field) =>
        ShopRounding.FromDecimal(ShopFormat.Decimal(row.Text(field)));

    private static string Money(long millionths) => ShopFormat.Money(ShopRounding.ToDecimal(millionths));
}
