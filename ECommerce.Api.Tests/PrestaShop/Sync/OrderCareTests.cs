using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>What goes with an order beside money: its shipments, messages and gift, and the country of addresses.
/// </summary>
public sealed class OrderCareTests(ApiFixture fixture)
{
    [Fact]
    public async Task Shipment_has_its_number_and_the_carriers_page_of_it()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync(
            "order_carriers", 1, ("id_carrier", "4"), ("tracking_number", "IT123456789"), ("weight", "1.250000"),
            ("shipping_cost_tax_excl", "5.000000"), ("shipping_cost_tax_incl", "6.100000"));
        await shop.ChangeAsync("order_carriers", 2, ("tracking_number", ""));
        await shop.SucceedAsync();

        var shipment = Assert.Single(await PartsAsync(shop, 1, "shipments"))!;
        Assert.Equal(
            ("IT123456789", "https://corriere.example/IT123456789", "Corriere espresso", 1.25m, 5m, 6.1m), (
                (string?)shipment["tracking_number"], (string?)shipment["tracking_url"],
                (string?)shipment["carrier_name"], (decimal)shipment["weight"]!,
                (decimal)shipment["shipping_cost_tax_excl"]!, (decimal)shipment["shipping_cost_tax_incl"]!));
        var waiting = Assert.Single(await PartsAsync(shop, 2, "shipments"))!;
        Assert.Null(waiting["tracking_number"]);
        Assert.Null(waiting["tracking_url"]);
    }

    [Fact]
    public async Task Number_that_comes_later_is_read_with_its_order_by_an_incremental_run()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        var before = (await shop.RowAsync("orders", 1))!;
        await PartsAsync(shop, 1, "shipments");

        await shop.ChangeAsync("order_carriers", 1, ("tracking_number", "IT-PIU-TARDI"));
        await shop.ChangeAsync("orders", 1, ("date_upd", Now()));
        await shop.SucceedAsync("incremental");

        var shipment = Assert.Single(await PartsAsync(shop, 1, "shipments"))!;
        Assert.Equal("IT-PIU-TARDI", (string?)shipment["tracking_number"]);
        Assert.True((long)(await shop.RowAsync("orders", 1))!["row_version"]! > (long)before["row_version"]!);
    }

    [Fact]
    public async Task Messages_tell_who_wrote_them_and_who_may_read_them()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();

        var messages = await PartsAsync(shop, 3, "messages");

        Assert.Equal([false, true, true], messages.Select(message => (bool)message!["is_from_employee"]!));
        Assert.Equal([false, false, true], messages.Select(message => (bool)message!["is_private"]!));
        Assert.Equal("Quando parte il mio ordine?\nGrazie, a presto 👋", (string?)messages[0]!["message"]);
        Assert.Empty(await PartsAsync(shop, 4, "messages"));
    }

    [Fact]
    public async Task Message_that_comes_later_is_read_although_its_order_stands_still()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        await PartsAsync(shop, 3, "messages");

        await shop.ChangeAsync("customer_threads", 1, ("date_upd", Now()));
        await shop.ChangeAsync(
            "customer_messages", 99, ("id_customer_thread", "1"), ("message", "Ancora niente?"), ("private", "0"),
            ("date_add", "2030-01-01 10:00:00"));
        await shop.SucceedAsync("incremental");

        var messages = await PartsAsync(shop, 3, "messages");
        Assert.Equal(4, messages.Count);
        Assert.Equal("Ancora niente?", (string?)messages[3]!["message"]);
    }

    [Theory]
    [InlineData("1", "Tanti auguri, Ada!\nI colleghi", true)]
    [InlineData("0", "", false)]
    public async Task Gift_and_its_message_are_the_shops(string gift, string text, bool isGift)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("orders", 1, ("gift", gift), ("gift_message", text));
        await shop.SucceedAsync();

        var order = (await shop.RowAsync("orders", 1))!;

        Assert.Equal(isGift, (bool)order["gift"]!);
        Assert.Equal(text.Length > 0 ? text : null, (string?)order["gift_message"]);
    }

    [Fact]
    public async Task Addresses_have_the_code_of_their_country()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        var address = (string)(await shop.Mock.ListAsync("orders", "filter[id]=[1]"))[0]["id_address_delivery"]!;
        await shop.ChangeAsync("addresses", int.Parse(address, null), ("id_country", "8"));
        await shop.SucceedAsync();

        var order = (await shop.RowAsync("orders", 1))!;
        var listed = (await shop.Client.GetJsonAsync($"/api/v1/customers/{order["customer_id"]}/addresses"))["items"]!;

        Assert.Equal("FR", (string?)order["address_delivery"]!["country_iso_code"]);
        Assert.Contains(listed.AsArray(), row => (string?)row!["country_iso_code"] == "FR");
    }

    [Fact]
    public async Task Currency_of_three_digits_keeps_them_in_orders_and_statistics()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        var detail = (await shop.Mock.IdsAsync("order_details", "filter[id_order]=[1]&sort=[id_ASC]"))[0];
        foreach (var id in await shop.Mock.IdsAsync("order_details", "filter[id_order]=[1]"))
        {
            if (id != detail)
                await shop.RemoveAsync("order_details", id);
        }
        await shop.ChangeAsync(
            "order_details", detail, ("product_quantity", "3"), ("unit_price_tax_excl", "4.115000"),
            ("unit_price_tax_incl", "4.320750"), ("total_price_tax_excl", "12.345000"),
            ("total_price_tax_incl", "12.962000"));
        const string none = "0.000000";
        await shop.ChangeAsync(
            "orders", 1, ("id_currency", "4"), ("conversion_rate", "0.334200"), ("order_rows", "[]"),
            ("round_type", "2"), ("round_mode", "2"), ("valid", "1"), ("date_add", "2014-05-05 12:00:00"),
            ("total_products", "12.345000"), ("total_products_wt", "12.962000"), ("total_paid_tax_excl", "13.346000"),
            ("total_paid_tax_incl", "14.013000"), ("total_shipping_tax_excl", "1.001000"),
            ("total_shipping_tax_incl", "1.051000"), ("total_discounts_tax_incl", none),
            ("total_discounts_tax_excl", none), ("total_wrapping_tax_incl", none), ("total_wrapping_tax_excl", none));
        await shop.SucceedAsync();

        var order = (await shop.RowAsync("orders", 1))!;
        var same = await shop.Client.PutJsonAsync($"/api/v1/orders/{order["id"]}", order);
        var sales = (await shop.Client.GetJsonAsync(
            "/api/v1/statistics/sales?from=2014-05-01&to=2014-05-31&currency=KWD"))["items"]!.AsArray();

        Assert.Equal(
            ("KWD", 12.345m, 12.962m, 1.051m, 14.013m), (
                (string?)order["currency"], (decimal)order["total_products"]!, (decimal)order["total_products_wt"]!,
                (decimal)order["total_shipping"]!, (decimal)order["total_paid"]!));
        Assert.DoesNotContain(
            order["warnings"]!.AsArray(),
            warning => ((string)warning!["code"]!).EndsWith("add_up", StringComparison.Ordinal));
        Assert.Equal((long)order["row_version"]!, (long)same["row_version"]!);
        Assert.Equal(14.013m, (decimal)Assert.Single(sales)!["total_paid"]!);
    }

    private static async Task<JsonArray> PartsAsync(SyncedShop shop, int order, string parts)
    {
        var id = (await shop.RowAsync("orders", order))!["id"];
        return (await shop.Client.GetJsonAsync($"/api/v1/orders/{id}/{parts}"))["items"]!.AsArray();
    }

    private static string Now() => TimeZoneInfo.ConvertTimeBySystemTimeZoneId(DateTime.UtcNow, "Europe/Rome")
        .ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
}
