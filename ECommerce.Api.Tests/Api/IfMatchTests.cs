using System.Net;

namespace ECommerce.Api.Tests.Api;

public sealed class IfMatchTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");

    [Theory]
    [InlineData("\"1-0123abcd\"", HttpStatusCode.OK)]
    [InlineData("\"7-x\", \"1-x\"", HttpStatusCode.OK)]
    [InlineData("*", HttpStatusCode.OK)]
    [InlineData("\"2-0123abcd\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"1-0123abcd\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"1\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"abcd\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("1-0123abcd", HttpStatusCode.BadRequest)]
    [InlineData("\"1-", HttpStatusCode.BadRequest)]
    public async Task A_write_happens_if_the_version_is_one_that_the_caller_has_seen(
        string ifMatch, HttpStatusCode expected)
    {
        var product = await _admin.ProductAsync();

        using var response = await _admin.CallAsync(
            HttpMethod.Put, $"/api/v1/products/{product["id"]}", Samples.Product("Changed"), ("If-Match", ifMatch));

        if (expected != HttpStatusCode.OK)
        {
            await response.ProblemAsync(
                expected, expected == HttpStatusCode.BadRequest ? "malformed_if_match" : "precondition_failed");
        }
        var read = await _admin.GetJsonAsync($"/api/v1/products/{product["id"]}");
        Assert.Equal(
            expected == HttpStatusCode.OK
                ? ("Changed", 2)
                : ((string)product["name"]!, 1), ((string)read["name"]!, (int)read["row_version"]!));
    }

    [Fact]
    public async Task The_entity_tag_of_a_read_or_a_write_is_what_the_next_write_takes()
    {
        using var created = await _admin.CallAsync(HttpMethod.Post, "/api/v1/products", Samples.Product());
        var path = created.Headers.Location!.ToString();
        using var read = await _admin.GetAnyAsync(path);
        Assert.Equal(created.Headers.ETag, read.Headers.ETag);

        using var first = await _admin.CallAsync(
            HttpMethod.Put, path, Samples.Product(), ("If-Match", read.Headers.ETag!.ToString()));
        using var second = await _admin.CallAsync(
            HttpMethod.Put, path, Samples.Product(), ("If-Match", first.Headers.ETag!.ToString()));
        using var late = await _admin.CallAsync(
            HttpMethod.Put, path, Samples.Product(), ("If-Match", read.Headers.ETag.ToString()));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        await late.ProblemAsync(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Every_write_of_an_entity_honours_it()
    {
        var order = await _admin.OrderAsync(await _admin.ProductAsync());
        var customer = $"/api/v1/customers/{order["customer_id"]}";
        var orderPath = $"/api/v1/orders/{order["id"]}";
        var product = $"/api/v1/products/{(await _admin.ProductAsync())["id"]}";
        var writes = new (HttpMethod Method, string Path, object? Body)[]
        {
            (HttpMethod.Put, orderPath,
                new { customer_id = (long)order["customer_id"]!,
                    lines = new[] { new { product_name = "x", product_quantity = 1, unit_price_tax_excl = 1 } } }),
            (HttpMethod.Patch, $"{orderPath}/status", new { state_id = 3 }),
            (HttpMethod.Delete, orderPath, null),
            (HttpMethod.Put, customer, Samples.Customer()),
            (HttpMethod.Delete, customer, null),
            (HttpMethod.Put, product, Samples.Product()),
            (HttpMethod.Delete, product, null),
            (HttpMethod.Put, "/api/v1/shops/1", new { name = "x", base_url = "http://prestashop" }),
        };

        foreach (var (method, path, body) in writes)
        {
            using var response = await _admin.CallAsync(method, path, body, ("If-Match", "\"999-x\""));
            await response.ProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        }
    }

    [Fact]
    public async Task Of_writers_with_one_version_the_first_wins()
    {
        var product = await _admin.ProductAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var response = await _admin.CallAsync(
                HttpMethod.Put, $"/api/v1/products/{product["id"]}", Samples.Product(), ("If-Match", "\"1-x\""));
            return response.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.PreconditionFailed));
    }
}
