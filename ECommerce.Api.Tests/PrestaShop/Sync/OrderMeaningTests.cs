using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>What an order means is read from flags and documents of the shop, not from ids.</summary>
public sealed class OrderMeaningTests(ApiFixture fixture)
{
    [Fact]
    public async Task Cancelled_orders_are_no_sales_and_refunds_are_apart_on_their_own_day()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync(
            "orders", 1, ("id_currency", "1"), ("valid", "0"), ("current_state", "6"),
            ("date_add", "2012-01-10 12:00:00"), ("total_paid_tax_incl", "1220.000000"));
        await shop.ChangeAsync(
            "orders", 2, ("id_currency", "1"), ("valid", "1"), ("date_add", "2012-01-11 12:00:00"),
            ("total_paid_tax_incl", "61.000000"));
        await shop.SucceedAsync();
        var before = (await shop.RowAsync("orders", 2))!;
        // The order keeps its date, as in a shop.
        await shop.ChangeAsync(
            "order_slip", 901, ("id_order", "2"), ("total_products_tax_incl", "12.200000"),
            ("total_products_tax_excl", "10.000000"), ("conversion_rate", "1.000000"),
            ("date_add", "2012-02-05 09:00:00"), ("date_upd", Now()),
            ("order_slip_details", """
                [{"id":"901","id_order_detail":"1","product_quantity":"1","amount_tax_excl":"10",
                  "amount_tax_incl":"12.2"}]
                """));

        await shop.SucceedAsync("incremental");

        var sales = (await shop.Client.GetJsonAsync(
            "/api/v1/statistics/sales?from=2012-01-01&to=2012-12-31&group_by=month&currency=EUR"))["items"]!.AsArray();
        Assert.Equal(["2012-01", "2012-02"], sales.Select(item => (string)item!["key"]!));
        Assert.Equal((61m, 1220m, 0m), Sums(sales[0]!));
        Assert.Equal((0m, 0m, 12.2m), Sums(sales[1]!));
        var refunds = (await shop.Client.GetJsonAsync($"/api/v1/orders/{before["id"]}/refunds"))["items"]!.AsArray();
        Assert.Contains(refunds, refund => (decimal)refund!["total_tax_incl"]! == 12.2m
            && (string)refund["local_date"]! == "2012-02-05" && (int)refund["lines"]![0]!["product_quantity"]! == 1);
        Assert.Equal((decimal)before["total_paid"]!, (decimal)(await shop.RowAsync("orders", 2))!["total_paid"]!);

        static (decimal, decimal, decimal) Sums(JsonNode item) => (
            (decimal)item["total_paid"]!, (decimal)item["total_cancelled"]!, (decimal)item["total_refunded"]!);
    }

    [Theory]
    [InlineData("id_customer", "0", "customer_unknown")]
    [InlineData("id_customer", "4711", "customer_unknown")]
    [InlineData("current_state", "0", "state_unknown")]
    [InlineData("current_state", "99", "state_unknown")]
    [InlineData("id_address_delivery", "4711", "address_unknown")]
    [InlineData("id_carrier", "4711", "carrier_unknown")]
    [InlineData("id_currency", "4711", "currency_unknown")]
    public async Task Order_whose_reference_is_gone_is_imported_with_a_warning(string field, string value, string code)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("orders", 3, (field, value));

        var run = await shop.SucceedAsync();
        var again = await shop.SucceedAsync();

        var order = (await shop.RowAsync("orders", 3))!;
        Assert.Contains(order["warnings"]!.AsArray(), warning => (string)warning!["code"]! == code);
        Assert.Contains(code, Assert.Single(run.MessagesOn("warnings", "orders", 3)));
        Assert.Equal(0, (int)again["created"]! + (int)again["updated"]!);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("10")]
    public async Task Processing_a_shops_order_pays_nothing_and_takes_no_stock(string state)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("orders", 4, ("current_state", state), ("total_paid_real", "0.000000"));
        await shop.SucceedAsync();
        var order = (await shop.RowAsync("orders", 4))!;
        var products = await StockAsync(shop);

        var processed = await shop.Client.PostJsonAsync($"/api/v1/orders/{order["id"]}/process");
        using var again = await shop.Client.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/process");
        await shop.SucceedAsync();

        Assert.Equal(("Preparazione in corso", false), (
            (string)processed["state"]!["name"]!, (bool)processed["is_paid"]!));
        Assert.Equal(products, await StockAsync(shop));
        await again.ProblemAsync(HttpStatusCode.Conflict, "order_already_processed");
    }

    [Theory]
    [InlineData("9", "In attesa di rifornimento (pagato)", 9)]
    [InlineData("99", "Preparazione in corso", 99)]
    [InlineData("", "Preparazione in corso", null)]
    public async Task Orders_are_processed_to_the_state_that_the_shop_names(string named, string state, int? shown)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("configurations", 4, ("value", named));
        await shop.ChangeAsync("orders", 4, ("current_state", "1"));
        await shop.SucceedAsync();
        var order = (await shop.RowAsync("orders", 4))!;

        var processed = await shop.Client.PostJsonAsync($"/api/v1/orders/{order["id"]}/process");

        Assert.Equal(state, (string?)processed["state"]!["name"]);
        Assert.Equal(shown, (int?)(await shop.Client.GetJsonAsync($"/api/v1/shops/{shop.Id}"))["preparation_state"]);
    }

    [Theory]
    [InlineData("2013-03-01 00:30:00", "2013-03-01")]
    [InlineData("2013-07-31 23:30:00", "2013-07-31")]
    public async Task An_order_belongs_to_the_day_of_the_shop(string date, string day)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("orders", 5, ("date_add", date), ("valid", "1"), ("id_currency", "1"));
        await shop.SucceedAsync();

        var listed = await shop.Client.GetJsonAsync($"/api/v1/orders?shop_id={shop.Id}&date_from={day}&date_to={day}");
        var sales = await shop.Client.GetJsonAsync($"/api/v1/statistics/sales?from={day}&to={day}&group_by=day");

        Assert.Equal(1, (int)listed["total"]!);
        Assert.Equal(day, (string?)sales["items"]![0]!["key"]);
    }

    [Fact]
    public async Task Payments_discounts_and_combinations_are_the_shops()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        var reference = (string)(await shop.Mock.ListAsync("orders", "filter[id]=[6]"))[0]["reference"]!;
        var detail = (await shop.Mock.IdsAsync("order_details", "filter[id_order]=[6]&sort=[id_ASC]"))[0];
        await shop.ChangeAsync(
            "order_payments", 901, ("order_reference", reference), ("id_currency", "2"), ("amount", "12.340000"),
            ("payment_method", "PayPal"), ("transaction_id", "T-1"), ("date_add", "2026-03-01 10:00:00"));
        await shop.ChangeAsync(
            "order_cart_rules", 901, ("id_order", "6"), ("id_cart_rule", "2"), ("name", "Estate"),
            ("value", "1.220000"), ("value_tax_excl", "1.000000"));
        await shop.ChangeAsync(
            "order_details", detail, ("product_attribute_id", "17"), ("product_reference", "L-ROSSO"),
            ("product_ean13", "80123456789012"), ("product_quantity_return", "1"));

        await shop.SucceedAsync();

        var order = (await shop.RowAsync("orders", 6))!;
        var payment = (await shop.Client.GetJsonAsync($"/api/v1/orders/{order["id"]}/payments"))["items"]!.AsArray()
            .Single(row => (string?)row!["transaction_id"] == "T-1")!;
        Assert.Equal(("USD", 12.34m), ((string)payment["currency"]!, (decimal)payment["amount"]!));
        var discount = order["discounts"]!.AsArray().Single(row => (string)row!["name"]! == "Estate")!;
        Assert.Equal(("ESTATE10", 1.22m), ((string)discount["code"]!, (decimal)discount["value"]!));
        var line = order["lines"]!.AsArray().Single(row => (long)row!["origin_id"]! == detail)!;
        Assert.Equal(
            (17L, "L-ROSSO", "80123456789012", 1), (
                (long)line["product_attribute_id"]!, (string)line["product_reference"]!, (string)line["product_ean13"]!,
                (int)line["product_quantity_return"]!));
    }

    private static async Task<string> StockAsync(SyncedShop shop) => string.Join(
        ',', (await shop.Client.GetJsonAsync($"/api/v1/products?shop_id={shop.Id}&limit=500&order_by=id"))["items"]!
            .AsArray().Select(product => (int)product!["quantity"]!));

    private static string Now() => TimeZoneInfo.ConvertTimeBySystemTimeZoneId(DateTime.UtcNow, "Europe/Rome")
        .ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
}
