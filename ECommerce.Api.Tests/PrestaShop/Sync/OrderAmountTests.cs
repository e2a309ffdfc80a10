using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>Amounts of a shop's orders are the shop's own: nothing is computed, dropped, rounded or guessed.</summary>
public sealed class OrderAmountTests(ApiFixture fixture)
{
    [Fact]
    public async Task A_PUT_that_repeats_the_order_changes_nothing()
    {
        await using var shop = await ShopAsync();
        var order = await OrderAsync(shop);
        var path = $"/api/v1/orders/{order["id"]}";

        var same = await shop.Client.PutJsonAsync(path, order);
        order["notes"] = "Consegna al piano";
        var noted = await shop.Client.PutJsonAsync(path, order);
        var again = await shop.SucceedAsync();

        Assert.Equal((long)order["row_version"]!, (long)same["row_version"]!);
        Assert.Equal("Consegna al piano", (string?)noted["notes"]);
        foreach (var field in new[] { "total_paid", "total_products", "total_shipping", "total_discounts" })
            Assert.Equal((decimal)order[field]!, (decimal)noted[field]!);
        Assert.Equal(order["lines"]!.ToJsonString(), noted["lines"]!.ToJsonString());
        Assert.Equal(0, (int)again["updated"]!);
    }

    [Theory]
    [InlineData("total_discounts", 0.5)]
    [InlineData("total_shipping", 99)]
    [InlineData("product_quantity", 7)]
    [InlineData("unit_price_tax_excl", 1.5)]
    public async Task Amounts_of_a_shops_order_cannot_be_changed_here(string field, double value)
    {
        await using var shop = await ShopAsync();
        var order = await OrderAsync(shop);
        (order[field] is null ? order["lines"]![0]! : order)[field] = value;

        using var refused = await shop.Client.CallAsync(HttpMethod.Put, $"/api/v1/orders/{order["id"]}", order);

        await refused.ProblemAsync(HttpStatusCode.Conflict, "order_belongs_to_shop");
    }

    [Fact]
    public async Task A_PATCH_changes_own_fields_only_and_a_run_leaves_them()
    {
        await using var shop = await ShopAsync();
        var order = await OrderAsync(shop);
        var path = $"/api/v1/orders/{order["id"]}";

        await shop.Client.JsonAsync(
            HttpMethod.Patch, path, new { notes = "Fragile", assigned_to = fixture.IdOf("acme.ordini") });
        var patched = await shop.Client.JsonAsync(HttpMethod.Patch, path, new { assigned_to = (int?)null });
        await shop.ChangeAsync("orders", 1, ("payment", "Satispay"));
        await shop.SucceedAsync();

        Assert.Equal(("Fragile", null), ((string?)patched["notes"], (int?)patched["assigned_to"]));
        var after = await OrderAsync(shop);
        Assert.Equal(("Fragile", "Satispay"), ((string?)after["notes"], (string?)after["payment"]));
        Assert.Equal((decimal)order["total_paid"]!, (decimal)after["total_paid"]!);
    }

    [Theory]
    [InlineData("3.660000", "3.000000", "15.860000", "13.000000", 0)]
    [InlineData("6.100000", "5.000000", "18.300000", "15.000000", 0)]
    [InlineData("3.660000", "3.000000", "15.870000", "13.000000", 1)]
    public async Task Wrapping_is_imported_and_what_does_not_add_up_is_reported(
        string gross, string net, string paid, string paidNet, int warnings)
    {
        await using var shop = await ShopAsync();
        await OneLineAsync(shop, 1, "12.200000", "10.000000", "12.200000", "10.000000");
        await shop.ChangeAsync(
            "orders", 1, ("total_wrapping_tax_incl", gross), ("total_wrapping_tax_excl", net),
            ("total_paid_tax_incl", paid), ("total_paid_tax_excl", paidNet));
        await shop.SucceedAsync();

        var order = await OrderAsync(shop);

        Assert.Equal(Decimal(gross), (decimal)order["total_wrapping"]!);
        Assert.Equal(Decimal(net), (decimal)order["total_wrapping_tax_excl"]!);
        Assert.Equal(Decimal(paid), (decimal)order["total_paid"]!);
        Assert.Equal(warnings, Codes(order).Count(code => code == "total_does_not_add_up"));
    }

    [Theory]
    [InlineData(2, "USD", "1.085300")]
    [InlineData(3, "CHF", "0.850000")]
    public async Task Currency_and_rate_are_the_orders_and_statistics_keep_them_apart(int id, string code, string rate)
    {
        await using var shop = await ShopAsync();
        await OneLineAsync(shop, 1, "122.000000", "100.000000", "122.000000", "100.000000");
        await shop.ChangeAsync(
            "orders", 1, ("id_currency", $"{id}"), ("conversion_rate", rate), ("total_paid_tax_incl", "122.000000"),
            ("total_paid_tax_excl", "100.000000"), ("valid", "1"), ("date_add", $"2011-0{id}-15 12:00:00"));
        await shop.SucceedAsync();

        var order = await OrderAsync(shop);
        var sales = await shop.Client.GetJsonAsync(
            $"/api/v1/statistics/sales?from=2011-0{id}-01&to=2011-0{id}-28&group_by=shop");

        Assert.Equal((code, Decimal(rate)), ((string)order["currency"]!, (decimal)order["conversion_rate"]!));
        var group = sales["items"]!.AsArray().Single(item => (string)item!["key"]! == $"{shop.Id}")!;
        Assert.Equal((code, 122m), ((string)group["currency"]!, (decimal)group["total_paid"]!));
    }

    [Theory]
    [InlineData("1", "2", 102)]
    [InlineData("2", "2", 102.48)]
    [InlineData("1", "0", 103)]
    public async Task Rows_without_details_follow_the_orders_own_rounding(string type, string mode, double total)
    {
        await using var shop = await ShopAsync();
        await RemoveDetailsAsync(shop);
        await shop.ChangeAsync(
            "orders", 1, ("round_type", type), ("round_mode", mode), ("total_products_wt", $"{total:0.00}"),
            ("order_rows", """
                [{"id":"9001","product_id":"1","product_quantity":"100","product_name":"Vite",
                  "unit_price_tax_excl":"0.840000","unit_price_tax_incl":"1.024800"}]
                """));
        await shop.SucceedAsync();

        var line = Assert.Single((await OrderAsync(shop))["lines"]!.AsArray())!;

        Assert.Equal((decimal)total, (decimal)line["total_price_tax_incl"]!);
        Assert.Equal((1.0248m, 22m), ((decimal)line["unit_price_tax_incl"]!, (decimal)line["vat_rate"]!));
    }

    [Theory]
    [InlineData("16.385246", "19.990000")]
    [InlineData("0.004098", "0.005000")]
    public async Task Unit_prices_keep_six_decimals(string net, string gross)
    {
        await using var shop = await ShopAsync();
        await OneLineAsync(shop, 1, gross, net, gross, net);
        await shop.ChangeAsync("products", 1, ("price", net));
        await shop.SucceedAsync();

        var line = (await OrderAsync(shop))["lines"]![0]!;

        Assert.Equal(
            (Decimal(net), Decimal(gross)), (
                (decimal)line["unit_price_tax_excl"]!, (decimal)line["unit_price_tax_incl"]!));
        Assert.Equal(Decimal(net), (decimal)(await shop.RowAsync("products", 1))!["price"]!);
    }

    [Theory]
    [InlineData("103.800000", "4", "1", 4)]
    [InlineData("121.600000", "1", "1", 22)]
    [InlineData("126.500000", "1,2", "1", 32)]
    [InlineData("126.500000", "1,2", "2", 34.2)]
    public async Task The_rate_of_a_line_is_that_of_its_taxes_whatever_the_ecotax(
        string gross, string taxes, string method, double rate)
    {
        await using var shop = await ShopAsync();
        await OneLineAsync(shop, 1, gross, "100.000000", gross, "100.000000");
        var detail = await DetailAsync(shop);
        await shop.ChangeAsync(
            "order_details", detail, ("ecotax", "2.500000"), ("ecotax_tax_rate", "22.000"),
            ("tax_computation_method", method),
            ("taxes", $"[{string.Join(',', taxes.Split(',').Select(id => $$"""{"id":"{{id}}"}"""))}]"));
        await shop.SucceedAsync();

        var line = (await OrderAsync(shop))["lines"]![0]!;

        Assert.Equal(((decimal)rate, 2.5m, 22m), (
            (decimal)line["vat_rate"]!, (decimal)line["ecotax"]!, (decimal)line["ecotax_tax_rate"]!));
    }

    private Task<SyncedShop> ShopAsync() => SyncedAsync(fixture);

    private static async Task<SyncedShop> SyncedAsync(ApiFixture fixture)
    {
        var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        return shop;
    }

    private static async Task<JsonNode> OrderAsync(SyncedShop shop) => (await shop.RowAsync("orders", 1))!;

    private static IEnumerable<string> Codes(JsonNode order) =>
        order["warnings"]!.AsArray().Select(warning => (string)warning!["code"]!);

    private static async Task<int> DetailAsync(SyncedShop shop) =>
        (await shop.Mock.IdsAsync("order_details", "filter[id_order]=[1]&sort=[id_ASC]"))[0];

    private static async Task RemoveDetailsAsync(SyncedShop shop)
    {
        foreach (var id in await shop.Mock.IdsAsync("order_details", "filter[id_order]=[1]"))
            await shop.RemoveAsync("order_details", id);
    }

    /// <summary>Makes order 1 one of a single line, without discounts, shipping or wrapping.</summary>
    private static async Task OneLineAsync(
        SyncedShop shop, int quantity, string unitGross, string unitNet, string gross, string net)
    {
        var detail = await DetailAsync(shop);
        foreach (var id in await shop.Mock.IdsAsync("order_details", "filter[id_order]=[1]"))
        {
            if (id != detail)
                await shop.RemoveAsync("order_details", id);
        }
        await shop.ChangeAsync(
            "order_details", detail, ("product_quantity", $"{quantity}"), ("unit_price_tax_incl", unitGross),
            ("unit_price_tax_excl", unitNet), ("total_price_tax_incl", gross), ("total_price_tax_excl", net));
        const string none = "0.000000";
        await shop.ChangeAsync(
            "orders", 1, ("order_rows", "[]"), ("round_type", "2"), ("round_mode", "2"), ("id_currency", "1"),
            ("total_products_wt", gross), ("total_products", net), ("total_paid_tax_incl", gross),
            ("total_paid_tax_excl", net), ("total_discounts_tax_incl", none), ("total_discounts_tax_excl", none),
            ("total_shipping_tax_incl", none), ("total_shipping_tax_excl", none), ("total_wrapping_tax_incl", none),
            ("total_wrapping_tax_excl", none));
    }

    private static decimal Decimal(string text) =>
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
