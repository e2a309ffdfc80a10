using System.Net;
using System.Text;

namespace ECommerce.Api.Tests.Mocks;

public sealed class PrestaShopWritingTests : IAsyncDisposable
{
    private readonly PrestaShopMock _shop = new(new ManualTime());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_new_history_moves_its_order()
    {
        var waiting = (await _shop.ListAsync("orders", "filter[invoice_number]=[0]"))[0];
        var id = (int)waiting["id"]!;

        var body = History($"<id_order>{id}</id_order><id_order_state>4</id_order_state>");
        using var response = await SendAsync(HttpMethod.Post, "/api/order_histories", body);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("4", (string)(await PrestaShopMock.JsonAsync(response))["order_history"]!["id_order_state"]!);
        var order = (await _shop.ListAsync("orders", $"filter[id]=[{id}]")).Single();
        Assert.Equal("4", (string)order["current_state"]!);
        Assert.Equal("1", (string)order["valid"]!);
        Assert.Equal("2026-07-15 12:00:00", (string)order["date_upd"]!);
        Assert.NotEqual("0", (string)order["invoice_number"]!);
        Assert.NotEqual("0", (string)order["delivery_number"]!);
        Assert.Equal((string)order["total_paid"]!, (string)order["total_paid_real"]!);
    }

    [Fact]
    public async Task Two_posts_are_two_rows_and_one_invoice()
    {
        var body = History("<id_order>3</id_order><id_order_state>2</id_order_state>");
        var before = (await _shop.IdsAsync("order_histories", "filter[id_order]=[3]")).Length;

        (await SendAsync(HttpMethod.Post, "/api/order_histories", body)).Dispose();
        var invoice = (string)(await _shop.ListAsync("orders", "filter[id]=[3]")).Single()["invoice_number"]!;
        (await SendAsync(HttpMethod.Post, "/api/order_histories", body)).Dispose();

        Assert.Equal(before + 2, (await _shop.IdsAsync("order_histories", "filter[id_order]=[3]")).Length);
        Assert.Equal(invoice, (string)(await _shop.ListAsync("orders", "filter[id]=[3]")).Single()["invoice_number"]!);
    }

    [Theory]
    [InlineData("<id>5</id><id_order>3</id_order><id_order_state>2</id_order_state>", 400, 91)]
    [InlineData("<id_order>3</id_order>", 400, 41)]
    [InlineData("<id_order>999999</id_order><id_order_state>2</id_order_state>", 400, 85)]
    [InlineData("<id_order>3</id_order", 500, 127)]
    public async Task A_bad_history_is_refused(string fields, int status, int code)
    {
        using var response = await SendAsync(HttpMethod.Post, "/api/order_histories", History(fields));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, (int)(await PrestaShopMock.JsonAsync(response))["errors"]![0]!["code"]!);
    }

    [Fact]
    public async Task A_json_body_is_broken_xml()
    {
        using var response = await SendAsync(
            HttpMethod.Post, "/api/order_histories", """{"order_history":{"id_order":3}}""");

        Assert.Equal(127, (int)(await PrestaShopMock.JsonAsync(response))["errors"]![0]!["code"]!);
    }

    [Fact]
    public async Task An_unknown_state_ends_in_a_page_of_php()
    {
        var body = History("<id_order>3</id_order><id_order_state>99</id_order_state>");

        using var response = await SendAsync(HttpMethod.Post, "/api/order_histories", body);

        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_body_may_be_a_form_and_display_makes_the_response_plural()
    {
        var form = "xml=" + Uri.EscapeDataString(History("<id_order>3</id_order><id_order_state>5</id_order_state>"));

        using var response = await SendAsync(HttpMethod.Post, "/api/order_histories?display=full", form);

        Assert.Equal("3", (string)(await PrestaShopMock.JsonAsync(response))["order_histories"]![0]!["id_order"]!);
    }

    [Theory]
    [InlineData("/api/stock_availables")]
    [InlineData("/api/stock_availables/9")]
    public async Task Stock_is_replaced_as_a_whole(string path)
    {
        using var response = await SendAsync(HttpMethod.Put, path, Stock("<id>9</id>", "42"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var row = (await _shop.ListAsync("stock_availables", "filter[id_product]=[9]&filter[id_product_attribute]=[0]"))
            .Single();
        Assert.Equal("42", (string)row["quantity"]!);
        // Left out of the body, so gone.
        Assert.Equal("0", (string)row["id_shop"]!);
    }

    [Theory]
    [InlineData("", "42", 400, 90)]
    [InlineData("<id>999999</id>", "42", 404, 92)]
    [InlineData("<id>9</id>", "many", 400, 85)]
    public async Task A_bad_stock_is_refused(string id, string quantity, int status, int code)
    {
        using var response = await SendAsync(HttpMethod.Put, "/api/stock_availables", Stock(id, quantity));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, (int)(await PrestaShopMock.JsonAsync(response))["errors"]![0]!["code"]!);
    }

    private static string History(string fields) => Xml($"<order_history>{fields}</order_history>");

    private static string Stock(string id, string quantity) => Xml(
        $"<stock_available>{id}<id_product><![CDATA[9]]></id_product><id_product_attribute>0</id_product_attribute>"
        + $"<quantity><![CDATA[{quantity}]]></quantity><depends_on_stock>0</depends_on_stock>"
        + "<out_of_stock>2</out_of_stock></stock_available>");

    private static string Xml(string entity) =>
        """<?xml version="1.0" encoding="UTF-8"?>"""
        + $"""<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">{entity}</prestashop>""";

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var request = new HttpRequestMessage(
            method, new Uri($"{path}{separator}output_format=JSON", UriKind.Relative));
        request.Content = new StringContent(body, Encoding.UTF8, "text/xml");
        return await _shop.Client.SendAsync(request, Cancellation);
    }
}
