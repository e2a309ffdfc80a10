using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ECommerce.Api.Tests.Api;

public sealed class ErrorHandlingTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=x", "page")]
    [InlineData("page=1.5", "page")]
    [InlineData("page=99999999999", "page")]
    [InlineData("page=1&page=2", "page")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("order_by=password", "order_by")]
    [InlineData("order_by=id;DROP", "order_by")]
    [InlineData("order_direction=up", "order_direction")]
    [InlineData("customer_id=abc", "customer_id")]
    [InlineData("shop_id=0", "shop_id")]
    [InlineData("state_ids=1,x", "state_ids")]
    [InlineData("is_paid=maybe", "is_paid")]
    [InlineData("date_from=01/02/2026", "date_from")]
    [InlineData("search=a%00b", "search")]
    [InlineData("order_by=id%00", "order_by")]
    [InlineData("customer_id=%2B5", "customer_id")]
    [InlineData("customer_id=%205", "customer_id")]
    [InlineData("customer_id=5%00", "customer_id")]
    [InlineData("date_to=9999-12-31%00", "date_to")]
    public async Task A_bad_parameter_of_a_list_is_400_and_named(string query, string name)
    {
        using var response = await _admin.GetAnyAsync($"/api/v1/orders?{query}");

        await response.AssertWrongAsync(HttpStatusCode.BadRequest, name);
    }

    [Theory]
    [InlineData("/api/v1/orders/abc")]
    [InlineData("/api/v1/orders/0")]
    [InlineData("/api/v1/orders/-1")]
    [InlineData("/api/v1/orders/1.5")]
    [InlineData("/api/v1/orders/99999999999999999999")]
    [InlineData("/api/v1/customers/abc/addresses")]
    [InlineData("/api/v1/shops/9999999999")]
    [InlineData("/api/v1/orders/+1")]
    [InlineData("/api/v1/orders/%2B1")]
    [InlineData("/api/v1/orders/%201")]
    [InlineData("/api/v1/carriers/1%20")]
    [InlineData("/api/v1/orders/%D9%A1")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/nothing")]
    public async Task An_invalid_id_or_an_unknown_route_is_404(string path)
    {
        using var response = await _admin.GetAnyAsync(path);

        await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    public async Task Errors_are_problems_whatever_the_caller_accepts(string accept)
    {
        using var response = await _admin.CallAsync(HttpMethod.Get, "/api/v1/orders/0", headers: ("Accept", accept));

        await response.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("{name:1}")]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    public async Task Unexpected_JSON_is_400(string body)
    {
        using var response = await PostAsync(body);

        await response.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Members_that_are_not_known_are_ignored()
    {
        using var response = await PostAsync(
            """{"name":"x","price":1,"id":999999999,"tenant_id":"globex","unknown":{"a":[1]}}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.NotEqual(999_999_999, (long)(await response.JsonAsync())["id"]!);
    }

    [Fact]
    public async Task Nesting_without_end_is_400()
    {
        var (opening, closing) = (new string('[', 5000), new string(']', 5000));
        using var response = await PostAsync($$"""{"name":"x","unknown":{{opening}}{{closing}}}""");

        await response.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Another_content_type_is_415()
    {
        using var response = await _admin.CallAsync(
            HttpMethod.Post, "/api/v1/products", new StringContent("<product/>", Encoding.UTF8, "application/xml"));

        await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("application/json; charset=utf-9", null)]
    [InlineData("application/json; charset=\"\"", null)]
    [InlineData("application/json", "gzip")]
    [InlineData("application/json; charset=utf-8", "br, identity")]
    public async Task An_unknown_charset_or_content_coding_of_a_body_is_415(string type, string? coding)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (coding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", coding);

        using var response = await _admin.CallAsync(HttpMethod.Post, "/api/v1/products", content);

        await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        Assert.True(response.Headers.Contains("X-Request-ID"));
    }

    [Theory]
    [InlineData("application/json; charset=UTF-8", "identity")]
    [InlineData("application/json; charset=\"utf-8\"", null)]
    public async Task A_known_charset_and_no_content_coding_are_read(string type, string? coding)
    {
        var content = new ByteArrayContent("""{"name":"x","price":1}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (coding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", coding);

        using var response = await _admin.CallAsync(HttpMethod.Post, "/api/v1/products", content);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/orders?date_to=9999-12-31")]
    [InlineData("/api/v1/orders?date_from=9999-12-31&date_to=9999-12-31")]
    public async Task The_last_day_is_a_day_like_any_other(string path) =>
        Assert.NotNull((await _admin.GetJsonAsync(path))["items"]);

    [Fact]
    public async Task Another_method_is_405()
    {
        using var response = await _admin.CallAsync(HttpMethod.Patch, "/api/v1/products", new { });

        await response.ProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_a_megabyte_is_413(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/products");
        request.Content = new StringContent(
            $$"""{"name":"{{new string('x', 1_100_000)}}"}""", Encoding.UTF8, "application/json");
        request.Headers.TransferEncodingChunked = chunked;
        // The body of a known length is not sent at all; the other is, since its length shows only on the way.
        request.Headers.ExpectContinue = !chunked;

        using var response = await _admin.SendAsync(request, TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task A_body_of_just_under_a_megabyte_is_read()
    {
        using var response = await PostAsync($$"""{"name":"x","price":1,"unknown":"{{new string('x', 1_040_000)}}"}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("req-12345.A_b", true)]
    [InlineData("with space", false)]
    [InlineData("x\tlog", false)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789", false)]
    public async Task A_request_id_is_returned_if_it_is_safe_and_made_otherwise(string given, bool kept)
    {
        using var response = await _admin.CallAsync(
            HttpMethod.Get, "/api/v1/orders/0", headers: ("X-Request-ID", given));

        var returned = Assert.Single(response.Headers.GetValues("X-Request-ID"));
        if (kept)
            Assert.Equal(given, returned);
        else
            Assert.Matches("^req-[0-9a-f]{32}$", returned);
    }

    private Task<HttpResponseMessage> PostAsync(string body)
    {
        var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return _admin.CallAsync(HttpMethod.Post, "/api/v1/products", content);
    }
}
