using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Mocks;

public sealed class PrestaShopControlPlaneTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly PrestaShopMock _shop;

    public PrestaShopControlPlaneTests() => _shop = new PrestaShopMock(_time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("html500", 500, "text/html", "<html>")]
    [InlineData("unavailable", 503, "text/html", "<html>")]
    [InlineData("too_many", 429, "text/html", "<html>")]
    public async Task A_fault_is_a_page_of_the_host_and_then_gone(
        string kind, int status, string contentType, string contained)
    {
        await AddFaultAsync($$"""{"kind":"{{kind}}"}""");

        using var broken = await _shop.SendAsync("/api/orders?limit=1");
        using var whole = await _shop.SendAsync("/api/orders?limit=1");

        Assert.Equal(status, (int)broken.StatusCode);
        Assert.Equal(contentType, broken.Content.Headers.ContentType!.MediaType);
        Assert.Contains(contained, await broken.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
    }

    [Fact]
    public async Task An_empty_response_is_200_without_a_byte()
    {
        await AddFaultAsync("""{"kind":"empty"}""");

        using var response = await _shop.SendAsync("/api/orders");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task A_dropped_connection_has_no_response()
    {
        await AddFaultAsync("""{"kind":"drop"}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => _shop.SendAsync("/api/orders"));
        Assert.Equal(0, (int)(await RequestsAsync())[^1]!["status"]!);
    }

    [Fact]
    public async Task A_slow_response_is_late_and_correct()
    {
        await AddFaultAsync("""{"kind":"slow","delay_ms":5000}""");

        var pending = _shop.IdsAsync("orders", "limit=1");
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        Assert.False(pending.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(1, (await pending).Single());
    }

    [Fact]
    public async Task A_notice_of_php_breaks_the_response()
    {
        await AddFaultAsync("""{"kind":"notice"}""");

        using var response = await _shop.SendAsync("/api/orders?limit=1");

        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal("application/javascript", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("<br />\n<b>Notice</b>", body, StringComparison.Ordinal);
        Assert.EndsWith("""{"orders":[{"id":1}]}""", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_strikes_its_resource_as_often_as_asked()
    {
        await AddFaultAsync("""{"kind":"unavailable","times":2,"resource":"products"}""");

        var statuses = new List<int>();
        foreach (var resource in new[] { "orders", "products", "products", "products" })
            statuses.Add((int)(await _shop.SendAsync($"/api/{resource}?limit=1")).StatusCode);

        Assert.Equal([200, 503, 503, 200], statuses);
    }

    [Fact]
    public async Task A_fault_without_end_lasts_until_it_is_removed()
    {
        await AddFaultAsync("""{"kind":"unavailable","times":0}""");

        for (var i = 0; i < 3; i++)
            Assert.Equal(503, (int)(await _shop.SendAsync("/api/orders?limit=1")).StatusCode);
        (await _shop.ControlAsync(HttpMethod.Delete, "faults")).Dispose();
        Assert.Equal(200, (int)(await _shop.SendAsync("/api/orders?limit=1")).StatusCode);
    }

    [Theory]
    [InlineData("""{"kind":"nothing"}""")]
    [InlineData("""{"kind":"slow","delay_ms":-1}""")]
    public async Task An_unknown_fault_is_refused(string json)
    {
        using var response = await _shop.ControlAsync(HttpMethod.Post, "faults", json);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Requests_are_logged_without_the_key()
    {
        using var _ = await _shop.SendAsync($"/api/orders?limit=1&filter[id]=>[5]&ws_key={PrestaShopMock.Key}");

        var request = (await RequestsAsync())[^1]!;
        Assert.Equal("GET", (string)request["method"]!);
        Assert.Equal("/api/orders", (string)request["path"]!);
        Assert.Equal("limit=1&filter[id]=>[5]&output_format=JSON", (string)request["query"]!);
        Assert.Equal(200, (int)request["status"]!);
        Assert.DoesNotContain(PrestaShopMock.Key, request.ToJsonString(), StringComparison.Ordinal);

        (await _shop.ControlAsync(HttpMethod.Delete, "requests")).Dispose();
        Assert.Empty(await RequestsAsync());
    }

    [Fact]
    public async Task The_totals_are_what_the_pages_hold()
    {
        var totals = await PrestaShopGeneratedShopTests.TotalsAsync(_shop);
        var orders = await _shop.ListAsync("orders");

        Assert.Equal(orders.Length, (int)totals["orders"]!);
        Assert.Equal(
            orders.Sum(order => decimal.Parse((string)order["total_paid"]!, CultureInfo.InvariantCulture)), (
                decimal)totals["total_paid"]!);
        Assert.Equal((await _shop.ListAsync("order_details")).Length, (int)totals["order_lines"]!);
        Assert.Equal(
            orders.Count(order => (string)order["current_state"]! == "5"), (int)totals["orders_by_state"]!["5"]!);
    }

    [Fact]
    public async Task New_orders_are_dated_now_and_found_by_an_incremental_query()
    {
        using var response = await _shop.ControlAsync(HttpMethod.Post, "orders", """{"count":3}""");

        var ids = (await PrestaShopMock.JsonAsync(response))["ids"]!.AsArray().Select(id => (int)id!);
        Assert.Equal([201, 202, 203], ids);
        // Local time of the shop: 10:00 UTC is noon in Rome.
        var changed = await _shop.IdsAsync("orders", "date=1&filter[date_upd]=>[2026-07-15 11:59:59]&sort=[id_ASC]");
        Assert.Equal([201, 202, 203], changed);
        var order = (await _shop.ListAsync("orders", "filter[id]=[203]")).Single();
        Assert.Equal("2026-07-15 12:00:00", (string)order["date_add"]!);
        Assert.NotEmpty(await _shop.IdsAsync("order_details", "filter[id_order]=[203]"));
        Assert.Single(await _shop.IdsAsync("order_histories", "filter[id_order]=[203]"));
    }

    [Fact]
    public async Task An_order_changed_behind_the_clients_back_has_a_new_date()
    {
        using var response = await _shop.ControlAsync(HttpMethod.Post, "orders/7/state", """{"state_id":6}""");

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"id":7,"state_id":6,"date_upd":"2026-07-15 12:00:00"}"""),
            await PrestaShopMock.JsonAsync(response)));
        var order = (await _shop.ListAsync("orders", "filter[id]=[7]")).Single();
        Assert.Equal(("6", "0"), ((string)order["current_state"]!, (string)order["valid"]!));
        using var unknown = await _shop.ControlAsync(HttpMethod.Post, "orders/7/state", """{"state_id":99}""");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_reset_brings_the_first_state_back()
    {
        var before = await PrestaShopGeneratedShopTests.TotalsAsync(_shop);
        (await _shop.ControlAsync(HttpMethod.Post, "orders", """{"count":5}""")).Dispose();
        await AddFaultAsync("""{"kind":"drop","times":0}""");

        using var response = await _shop.ControlAsync(HttpMethod.Post, "reset");

        Assert.True(JsonNode.DeepEquals(before, await PrestaShopMock.JsonAsync(response)));
        Assert.Equal(200, (await _shop.IdsAsync("orders", "")).Length);
    }

    private async Task AddFaultAsync(string json)
    {
        using var response = await _shop.ControlAsync(HttpMethod.Post, "faults", json);
        response.EnsureSuccessStatusCode();
    }

    private async Task<JsonArray> RequestsAsync()
    {
        using var response = await _shop.ControlAsync(HttpMethod.Get, "requests");
        return (await PrestaShopMock.JsonAsync(response)).AsArray();
    }
}
