using System.Net;

namespace ECommerce.Api.Tests.Api;

public sealed class IdempotencyTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");
    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    public async Task The_same_key_and_body_get_the_same_response_and_create_once()
    {
        var name = Samples.Unique("once");
        using var response = await _admin.CallAsync(
            HttpMethod.Post, "/api/v1/products", Samples.Product(name), ("Idempotency-Key", _key));
        var first = await response.JsonAsync();
        await _admin.PutJsonAsync($"/api/v1/products/{first["id"]}", Samples.Product(name, price: 99));

        using var again = await _admin.CallAsync(
            HttpMethod.Post, "/api/v1/products", Samples.Product(name), ("Idempotency-Key", _key));

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal($"/api/v1/products/{first["id"]}", again.Headers.Location!.ToString());
        Assert.Equal(first.ToJsonString(), (await again.JsonAsync()).ToJsonString());
        Assert.Equal(response.Headers.ETag, again.Headers.ETag);
        Assert.Equal(1, (int)(await _admin.GetJsonAsync($"/api/v1/products?search={name}"))["total"]!);
    }

    [Fact]
    public async Task Requests_at_once_with_one_key_create_once()
    {
        var customer = await _admin.CustomerAsync();
        var body = new
        {
            customer_id = (long)customer["id"]!,
            lines = new[] { new { product_name = "x", product_quantity = 1, unit_price_tax_excl = 1 } }
        };

        var orders = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => _admin.JsonAsync(HttpMethod.Post, "/api/v1/orders", body, ("Idempotency-Key", _key))));

        Assert.Single(orders.Select(order => (long)order["id"]!).Distinct());
        Assert.Equal(1, (int)(await _admin.GetJsonAsync($"/api/v1/orders?customer_id={customer["id"]}"))["total"]!);
    }

    [Fact]
    public async Task The_same_key_with_another_body_or_route_is_422()
    {
        await _admin.JsonAsync(HttpMethod.Post, "/api/v1/products", Samples.Product("one"), ("Idempotency-Key", _key));

        using var body = await _admin.CallAsync(
            HttpMethod.Post, "/api/v1/products", Samples.Product("two"), ("Idempotency-Key", _key));
        using var route = await _admin.CallAsync(
            HttpMethod.Post, "/api/v1/customers", Samples.Customer(), ("Idempotency-Key", _key));

        await body.ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        await route.ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_request_that_created_nothing_leaves_its_key_free()
    {
        var wrong = new { name = "x", price = 1, category_id = 999_999 };
        using (
            var refused = await _admin.CallAsync(HttpMethod.Post, "/api/v1/products", wrong, ("Idempotency-Key", _key)))
        {
            await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "validation_failed");
        }

        await _admin.JsonAsync(HttpMethod.Post, "/api/v1/products", Samples.Product(), ("Idempotency-Key", _key));
    }

    [Fact]
    public async Task A_day_later_a_key_is_free_again()
    {
        var first = await _admin.JsonAsync(
            HttpMethod.Post, "/api/v1/products", Samples.Product("one"), ("Idempotency-Key", _key));
        await fixture.ExecuteAsync(
            "UPDATE idempotency_keys SET expires_at = UTC_TIMESTAMP(6) WHERE idempotency_key = @key",
            new { key = _key });

        var second = await _admin.JsonAsync(
            HttpMethod.Post, "/api/v1/products", Samples.Product("two"), ("Idempotency-Key", _key));

        Assert.NotEqual((long)first["id"]!, (long)second["id"]!);
    }

    [Fact]
    public async Task A_key_is_its_tenants_own()
    {
        var acme = await _admin.JsonAsync(
            HttpMethod.Post, "/api/v1/customers", Samples.Customer(), ("Idempotency-Key", _key));
        var globex = await fixture.As("globex.admin")
            .JsonAsync(HttpMethod.Post, "/api/v1/customers", Samples.Customer(), ("Idempotency-Key", _key));

        Assert.NotEqual((long)acme["id"]!, (long)globex["id"]!);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task A_key_that_is_none_is_400(string key)
    {
        using var response = await _admin.CallAsync(
            HttpMethod.Post, "/api/v1/products", Samples.Product(), ("Idempotency-Key", key));

        await response.ProblemAsync(HttpStatusCode.BadRequest, "malformed_idempotency_key");
    }
}
