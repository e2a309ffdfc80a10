using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ECommerce.Api.Tests.PrestaShop.Sync;

namespace ECommerce.Api.Tests.PrestaShop.Oracle;

/// <summary>
/// Fifty orders whose amounts were worked out by hand, to the cent, from the shop's own rules: the second witness
/// beside the books of the generated shop.
/// </summary>
public sealed class OracleTests(ApiFixture fixture)
{
    private const string None = "0.000000";

    // The paid amounts of the valid orders of the table, added up by hand.
    private static readonly (string Currency, int Orders, decimal Net, decimal Gross)[] Sales =
        [("CHF", 1, 100m, 122m), ("EUR", 44, 1746.94m, 2063.63m), ("KWD", 2, 25.691m, 26.975m), ("USD", 1, 100m, 122m)];

    [Fact]
    public async Task Every_amount_of_fifty_orders_is_the_one_worked_out_by_hand()
    {
        var table = OracleOrder.ReadAll();
        Assert.Equal(50, table.Count);
        await using var shop = await SyncedShop.StartAsync(fixture, ("orders", "0"));
        foreach (var order in table)
            await ServeAsync(shop, order);

        await shop.SucceedAsync();

        var imported = await OrdersAsync(shop);
        Assert.Equal(table.Count, imported.Count);
        Assert.All(table, order => Compare(order, imported[order.Id]));
        await CompareSalesAsync(shop);
    }

    private static async Task ServeAsync(SyncedShop shop, OracleOrder order)
    {
        var (products, paid) = (order.Amounts("products"), order.Amounts("paid"));
        var currencies = new[] { "EUR", "USD", "CHF", "KWD" };
        await shop.ChangeAsync(
            "orders", order.Id, ("reference", $"ORACLE{order.Id:000}"), ("id_customer", "1"),
            ("id_address_delivery", "1"), ("id_address_invoice", "1"), ("id_carrier", "2"), ("id_lang", "1"),
            ("id_currency", $"{Array.IndexOf(currencies, order["currency"]) + 1}"), ("conversion_rate", order["rate"]),
            ("round_type", order["round_type"]), ("round_mode", order["round_mode"]),
            ("current_state", order["state"]), ("valid", order["valid"]), ("date_add", order["date_add"]),
            ("date_upd", order["date_add"]), ("payment", "Carta"), ("module", "ps_checkout"),
            ("total_products", products.Net), ("total_products_wt", products.Gross),
            ("total_paid", paid.Gross), ("total_paid_tax_excl", paid.Net), ("total_paid_tax_incl", paid.Gross),
            ("total_paid_real", order["is_paid"] == "yes" ? paid.Gross : None),
            ("total_discounts_tax_excl", order.Amounts("discounts").Net),
            ("total_discounts_tax_incl", order.Amounts("discounts").Gross),
            ("total_shipping_tax_excl", order.Amounts("shipping").Net),
            ("total_shipping_tax_incl", order.Amounts("shipping").Gross),
            ("total_wrapping_tax_excl", order.Amounts("wrapping").Net),
            ("total_wrapping_tax_incl", order.Amounts("wrapping").Gross), ("carrier_tax_rate", "22.000"),
            ("order_rows", JsonSerializer.Serialize(order.Lines.Select((line, i) => new Dictionary<string, string>
            {
                ["id"] = $"{(order.Id * 10) + i}",
                ["product_id"] = "1",
                ["product_attribute_id"] = "0",
                ["product_quantity"] = line.Quantity,
                ["product_name"] = $"Articolo {i + 1}",
                ["unit_price_tax_excl"] = line.Unit.Net,
                ["unit_price_tax_incl"] = line.Unit.Gross,
            }))));
        if (!order.HasDetails)
            return;
        foreach (var (i, line) in order.Lines.Index())
        {
            await shop.ChangeAsync(
                "order_details", (order.Id * 10) + i, ("id_order", $"{order.Id}"), ("product_id", "1"),
                ("product_name", $"Articolo {i + 1}"), ("product_quantity", line.Quantity),
                ("unit_price_tax_excl", line.Unit.Net), ("unit_price_tax_incl", line.Unit.Gross),
                ("total_price_tax_excl", line.Total.Net), ("total_price_tax_incl", line.Total.Gross),
                ("tax_computation_method", line.Parts.GetValueOrDefault('m', "0")),
                ("ecotax", line.Parts.GetValueOrDefault('e', None)),
                ("ecotax_tax_rate", line.Parts.ContainsKey('e') ? "22.000" : "0.000"), ("taxes", line.Taxes));
        }
    }

    private static async Task<Dictionary<int, JsonNode>> OrdersAsync(SyncedShop shop)
    {
        var listed = await shop.Client.GetJsonAsync($"/api/v1/orders?shop_id={shop.Id}&limit=500");
        var orders = new Dictionary<int, JsonNode>();
        foreach (var row in listed["items"]!.AsArray())
            orders[(int)row!["origin_id"]!] = await shop.Client.GetJsonAsync($"/api/v1/orders/{row["id"]}");
        return orders;
    }

    private static void Compare(OracleOrder expected, JsonNode order)
    {
        Assert.Equal(
            Text(
                expected["currency"], Pair.Value(expected["rate"]), expected.Amounts("products").Values,
                expected.Amounts("discounts").Values, expected.Amounts("shipping").Values,
                expected.Amounts("wrapping").Values, expected.Amounts("paid").Values, expected["valid"] == "1",
                expected["is_paid"] == "yes", expected["date_add"][..10]),
            Text(
                (string)order["currency"]!, Amount("conversion_rate"), Amounts("total_products", "total_products_wt"),
                Gross("total_discounts"), Gross("total_shipping"), Gross("total_wrapping"), Gross("total_paid"),
                (bool)order["valid"]!, (bool)order["is_paid"]!, (string)order["local_date"]!));
        Assert.Equal(
            expected.ExpectedLines.Select(line => Text(line.Amount.Values, line.Rate)),
            order["lines"]!.AsArray().Select(line => Text(
                ((decimal)line!["total_price_tax_excl"]!, (decimal)line["total_price_tax_incl"]!),
                (decimal)line["vat_rate"]!)));
        Assert.Equal(
            Text(expected.Warnings.Order()),
            Text(order["warnings"]!.AsArray().Select(warning => (string)warning!["code"]!).Distinct().Order()));

        string Text(params object[] parts) =>
            $"order {expected.Id}: " + string.Join(' ', parts.Select(part => part switch
            {
                IEnumerable<string> texts => string.Join(',', texts),
                (decimal net, decimal gross) => FormattableString.Invariant($"{net:0.######}/{gross:0.######}"),
                decimal number => number.ToString("0.######", CultureInfo.InvariantCulture),
                _ => part.ToString(),
            }));

        decimal Amount(string field) => (decimal)order[field]!;

        (decimal, decimal) Amounts(string net, string gross) => (Amount(net), Amount(gross));

        (decimal, decimal) Gross(string field) => Amounts($"{field}_tax_excl", field);
    }

    private static async Task CompareSalesAsync(SyncedShop shop)
    {
        var sales = (await shop.Client.GetJsonAsync(
            "/api/v1/statistics/sales?from=2009-01-01&to=2009-12-31&group_by=shop"))["items"]!.AsArray()
            .Where(group => (string)group!["key"]! == $"{shop.Id}").Select(group => (
                (string)group!["currency"]!, (int)group["orders"]!, (decimal)group["total_paid_tax_excl"]!,
                (decimal)group["total_paid"]!));

        Assert.Equal(Sales, sales.Order());
    }
}
