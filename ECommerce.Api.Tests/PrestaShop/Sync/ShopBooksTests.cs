using System.Globalization;
using System.Text.Json.Nodes;
using ECommerce.Api.Tests.EndToEnd;
using ECommerce.Api.Tests.Mocks;

namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>
/// A generated shop is imported whole and compared with the shop's own books: 300 orders, or 20,000 with
/// <c>ECOMMERCE_TESTS=full</c>, in three currencies, by every rule of rounding.
/// </summary>
public sealed class ShopBooksTests(ApiFixture fixture)
{
    private const string Days = "from=2020-01-01&to=2029-12-31";

    // Of an order of the API, and the field of the shop.
    private static readonly (string Ours, string Theirs)[] OrderFields =
    [
        ("total_products", "total_products"), ("total_products_wt", "total_products_wt"),
        ("total_discounts", "total_discounts_tax_incl"), ("total_discounts_tax_excl", "total_discounts_tax_excl"),
        ("total_shipping", "total_shipping_tax_incl"), ("total_shipping_tax_excl", "total_shipping_tax_excl"),
        ("total_wrapping", "total_wrapping_tax_incl"), ("total_wrapping_tax_excl", "total_wrapping_tax_excl"),
        ("total_paid", "total_paid_tax_incl"), ("total_paid_tax_excl", "total_paid_tax_excl"),
        ("total_paid_real", "total_paid_real"), ("conversion_rate", "conversion_rate"), ("round_type", "round_type"),
        ("round_mode", "round_mode"),
    ];

    private static readonly string[] LineFields =
    [
        "product_quantity", "unit_price_tax_excl", "unit_price_tax_incl", "total_price_tax_excl",
        "total_price_tax_incl", "ecotax", "product_quantity_refunded",
    ];

    private static readonly string[] SalesFields =
    [
        "orders", "total_paid", "total_paid_tax_excl", "cancelled_orders", "total_cancelled", "refunds",
        "total_refunded", "total_refunded_tax_excl",
    ];

    private static int Orders => TestScale.IsFull ? 20_000 : 300;

    [Fact]
    public async Task Every_order_and_every_sum_of_an_imported_shop_is_the_shops_own()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var api = new ApiFactory(
            await fixture.MySql.CreateDatabaseAsync(), redis.ConnectionString);
        await api.StartAsync();
        await using var mock = new PrestaShopMock(
            ("products", "120"), ("customers", $"{Orders / 4}"), ("addresses", $"{Orders / 3}"),
            ("orders", $"{Orders}"));
        using var client = api.With(fixture.TokenOf("acme.admin"));

        var shop = await ImportAsync(client, mock);

        await CompareOrdersAsync(client, mock, shop);
        await CompareSumsAsync(client, mock);
    }

    private static async Task<int> ImportAsync(HttpClient client, PrestaShopMock mock)
    {
        var shop = (int)(await client.PostJsonAsync("/api/v1/shops", new
        {
            name = "Negozio",
            base_url = mock.Address.ToString(),
            api_key = PrestaShopMock.Key,
        }))["id"]!;
        var run = (long)(await client.PostJsonAsync($"/api/v1/shops/{shop}/sync", new { mode = "full" }))["id"]!;
        await new SyncFollower(client).FinishedAsync(run);
        return shop;
    }

    private static async Task CompareOrdersAsync(HttpClient client, PrestaShopMock mock, int shop)
    {
        var theirs = (await mock.ListAsync("orders")).ToDictionary(row => (long)row["id"]!);
        var details = (await mock.ListAsync("order_details")).ToDictionary(row => (long)row["id"]!);
        var currencies = (await mock.ListAsync("currencies")).ToDictionary(
            row => $"{row["id"]}", row => (string)row["iso_code"]!);
        var ids = new List<long>();
        for (var page = 1; ids.Count == (page - 1) * 500; page++)
        {
            var listed = await client.GetJsonAsync(
                $"/api/v1/orders?shop_id={shop}&limit=500&page={page}&order_by=id&order_direction=asc");
            ids.AddRange(listed["items"]!.AsArray().Select(order => (long)order!["id"]!));
        }

        Assert.Equal(Orders, ids.Distinct().Count());
        foreach (var chunk in ids.Chunk(20))
        {
            foreach (var ours in await Task.WhenAll(chunk.Select(id => client.GetJsonAsync($"/api/v1/orders/{id}"))))
            {
                var order = theirs[(long)ours["origin_id"]!];
                Assert.Equal(currencies[(string)order["id_currency"]!], (string?)ours["currency"]);
                Assert.Equal((string)order["valid"]! == "1", (bool)ours["valid"]!);
                Assert.All(OrderFields, field => Assert.Equal(
                    (field.Ours, Number(order[field.Theirs])), (field.Ours, (decimal)ours[field.Ours]!)));
                var lines = ours["lines"]!.AsArray();
                foreach (var line in lines)
                {
                    var detail = details[(long)line!["origin_id"]!];
                    Assert.All(LineFields, field => Assert.Equal(
                        (field, Number(detail[field])), (field, (decimal)line[field]!)));
                }
                AddsUp(ours, lines, "total_price_tax_excl", "total_products");
                AddsUp(ours, lines, "total_price_tax_incl", "total_products_wt");
            }
        }
    }

    // Lines are rounded, or else their sum is, by less than a cent whatever the mode.
    private static void AddsUp(JsonNode order, JsonArray lines, string of, string total)
    {
        var difference = Math.Abs(lines.Sum(line => (decimal)line![of]!) - (decimal)order[total]!);
        Assert.True(
            (int)order["round_type"]! == 3 ? difference < 0.01m : difference == 0,
            $"order {order["origin_id"]}: its lines differ from {total} by {difference}");
    }

    private static async Task CompareSumsAsync(HttpClient client, PrestaShopMock mock)
    {
        using var response = await mock.ControlAsync(HttpMethod.Get, "books");
        var books = await PrestaShopMock.JsonAsync(response);
        var sales = (await client.GetJsonAsync($"/api/v1/statistics/sales?group_by=month&{Days}"))["items"]!.AsArray();

        Assert.Equal(
            books["sales"]!.AsArray().Select(period => Text(period!, (string)period!["month"]!, SalesFields)).Order(),
            sales.Select(group => Text(group!, (string)group!["key"]!, SalesFields)).Order());
        Assert.Equal(
            books["vat"]!.AsArray().Select(rate => Text(rate!, (string)rate!["month"]!, ["rate", "net", "gross"]))
                .Order(),
            sales.SelectMany(group => group!["vat"]!.AsArray().Select(
                rate => $"{group["currency"]} {Text(rate!, (string)group["key"]!, ["rate", "net", "gross"])[1..]}"))
                .Order());
        Assert.True(sales.Select(group => (string)group!["currency"]!).Distinct().Count() > 1);
    }

    private static string Text(JsonNode row, string month, string[] fields) =>
        $"{row["currency"]} {month} "
        + string.Join(' ', fields.Select(
            field => FormattableString.Invariant($"{field}={Number(row[field]):0.######}")));

    private static decimal Number(JsonNode? value) => decimal.Parse(
        value!.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
