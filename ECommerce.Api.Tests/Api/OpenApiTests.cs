using System.Net;

namespace ECommerce.Api.Tests.Api;

public sealed class OpenApiTests(ApiFixture fixture)
{
    [Fact]
    public async Task The_document_and_its_pages_need_no_token()
    {
        var anonymous = fixture.Api.Anonymous();

        var document = await anonymous.GetJsonAsync("/openapi/v1.json");
        using var pages = await anonymous.GetAnyAsync("/swagger/index.html");

        Assert.Equal(HttpStatusCode.OK, pages.StatusCode);
        Assert.Equal("bearer", (string?)document["components"]!["securitySchemes"]!["bearer"]!["scheme"]);
        Assert.NotNull(document["paths"]!["/api/v1/orders/{id}/process"]!["post"]);
    }

    [Fact]
    public async Task Lists_document_their_parameters_with_defaults_and_limits()
    {
        var document = await fixture.Api.Anonymous().GetJsonAsync("/openapi/v1.json");

        var parameters = document["paths"]!["/api/v1/orders"]!["get"]!["parameters"]!.AsArray()
            .ToDictionary(parameter => (string)parameter!["name"]!);
        Assert.Equal(
            ["customer_id", "date_from", "date_to", "is_invoice_requested", "is_paid", "limit", "order_by",
                "order_direction", "page", "search", "shop_id", "state_ids"],
            parameters.Keys.Order());
        Assert.Equal(
            (10, 500), (
                (int)parameters["limit"]!["schema"]!["default"]!, (int)parameters["limit"]!["schema"]!["maximum"]!));
        Assert.Equal(
            ["id", "date_add"], parameters["order_by"]!["schema"]!["enum"]!.AsArray().Select(value => (string?)value));
    }

    [Fact]
    public async Task Statistics_document_their_parameters_too()
    {
        var document = await fixture.Api.Anonymous().GetJsonAsync("/openapi/v1.json");

        var parameters = document["paths"]!["/api/v1/statistics/sales"]!["get"]!["parameters"]!.AsArray()
            .ToDictionary(parameter => (string)parameter!["name"]!);
        Assert.Equal(["currency", "from", "group_by", "to"], parameters.Keys.Order());
        Assert.Equal(
            ["day", "month", "state", "shop"], parameters["group_by"]!["schema"]!["enum"]!.AsArray()
                .Select(value => (string?)value));
        Assert.True(document["components"]!["schemas"]!["Sales"]!["properties"]!.AsObject().ContainsKey("group_by"));
    }

    [Fact]
    public async Task Writes_document_the_headers_that_they_honour()
    {
        var paths = (await fixture.Api.Anonymous().GetJsonAsync("/openapi/v1.json"))["paths"]!;

        Assert.Contains("Idempotency-Key", Headers(paths["/api/v1/orders"]!["post"]!));
        Assert.Equal(
            ["Idempotency-Key", "If-Match"], Headers(paths["/api/v1/quotes/{id}/convert"]!["post"]!).Order());
        Assert.Contains("If-Match", Headers(paths["/api/v1/orders/{id}/status"]!["patch"]!));
        Assert.Empty(Headers(paths["/api/v1/orders"]!["get"]!));

        static IEnumerable<string> Headers(System.Text.Json.Nodes.JsonNode operation) =>
            operation["parameters"]!.AsArray().Where(parameter => (string?)parameter!["in"] == "header")
                .Select(parameter => (string)parameter!["name"]!);
    }

    [Fact]
    public async Task Fields_are_named_as_they_are_written()
    {
        var document = await fixture.Api.Anonymous().GetJsonAsync("/openapi/v1.json");

        var order = document["components"]!["schemas"]!["OrderDetails"]!["properties"]!.AsObject();
        Assert.True(order.ContainsKey("total_paid") && order.ContainsKey("is_invoice_requested"));
    }
}
