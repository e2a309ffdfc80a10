using System.Net;

namespace ECommerce.Api.Tests.Quotes;

public sealed class QuoteConversionTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");
    private readonly HttpClient _writer = fixture.As("acme.preventivi");

    [Fact]
    public async Task Conversion_responds_with_the_whole_order_as_a_read_of_it_does()
    {
        var customer = await _writer.CustomerAsync();
        var address = await _writer.AddressAsync(customer);
        var product = await _admin.ProductAsync(price: 19.99m);
        var quote = await _writer.PostJsonAsync("/api/v1/quotes", new
        {
            customer_id = (long)customer["id"]!,
            address_delivery_id = (long)address["id"]!,
            carrier_id = 2,
            payment = "Bonifico",
            total_discounts = 5m,
            total_shipping = 6.1m,
            notes = "Fragile",
            lines = new[] { new { product_id = (long)product["id"]!, product_quantity = 3 } },
        });
        // The order has the prices of the quote.
        await _admin.PutJsonAsync($"/api/v1/products/{product["id"]}", Samples.Product("Altro", price: 99));

        using var response = await _writer.CallAsync(HttpMethod.Post, $"/api/v1/quotes/{quote["id"]}/convert");
        var order = await response.JsonAsync();
        using var read = await _writer.GetAnyAsync($"/api/v1/orders/{order["id"]}");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/v1/orders/{order["id"]}", response.Headers.Location?.ToString());
        Assert.Equal((await read.JsonAsync()).ToJsonString(), order.ToJsonString());
        Assert.Equal(read.Headers.ETag, response.Headers.ETag);
        foreach (var amount in (string[])["total_products", "total_discounts_tax_excl", "total_shipping", "total_paid"])
            Assert.Equal((decimal)quote[amount]!, (decimal)order[amount]!);
        Assert.Equal(
            (19.99m, "Fragile", 1, fixture.IdOf("acme.preventivi")),
            ((decimal)order["lines"]![0]!["unit_price_tax_excl"]!, (string)order["notes"]!,
                (int)order["state"]!["number"]!, (int)order["created_by"]!));
        Assert.Matches("^[A-Z]{9}$", (string?)order["reference"]);
        var converted = await _writer.GetJsonAsync($"/api/v1/quotes/{quote["id"]}");
        Assert.Equal((long)order["id"]!, (long)converted["order_id"]!);
        Assert.Equal(
            (fixture.IdOf("acme.preventivi"), 2), ((int)converted["converted_by"]!, (int)converted["row_version"]!));
    }

    [Fact]
    public async Task Converted_quote_is_closed_and_every_refusal_names_the_order()
    {
        var quote = await _writer.QuoteAsync();
        var path = $"/api/v1/quotes/{quote["id"]}";
        var order = await _writer.PostJsonAsync($"{path}/convert");

        foreach (var (method, to, body) in new (HttpMethod, string, object?)[]
                 {
                     (HttpMethod.Post, $"{path}/convert", null), (HttpMethod.Delete, path, null),
                     (HttpMethod.Put, path, Samples.Quote(quote["customer"]!, 20)),
                 })
        {
            using var refused = await _writer.CallAsync(method, to, body);
            var problem = await refused.ProblemAsync(HttpStatusCode.Conflict, "quote_already_converted");
            Assert.Equal((long)order["id"]!, (long)problem["order_id"]!);
        }
    }

    [Fact]
    public async Task Hundred_parallel_conversions_make_one_order_and_name_it()
    {
        var quote = await _writer.QuoteAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var response = await Repeatedly.CallAsync(
                _writer, HttpMethod.Post, $"/api/v1/quotes/{quote["id"]}/convert");
            var body = await response.JsonAsync();
            return (response.StatusCode, Order: (long)(body["order_id"] ?? body["id"])!);
        }));

        Assert.Single(outcomes, outcome => outcome.StatusCode == HttpStatusCode.Created);
        Assert.Equal(99, outcomes.Count(outcome => outcome.StatusCode == HttpStatusCode.Conflict));
        Assert.Single(outcomes.Select(outcome => outcome.Order).Distinct());
        Assert.Equal(
            1, (int)(await _writer.GetJsonAsync($"/api/v1/orders?customer_id={quote["customer_id"]}"))["total"]!);
    }

    [Fact]
    public async Task Repeated_conversion_with_the_same_key_gets_the_same_order()
    {
        var quote = await _writer.QuoteAsync();
        var key = Guid.NewGuid().ToString();

        var first = await _writer.JsonAsync(
            HttpMethod.Post, $"/api/v1/quotes/{quote["id"]}/convert", null, ("Idempotency-Key", key));
        var second = await _writer.JsonAsync(
            HttpMethod.Post, $"/api/v1/quotes/{quote["id"]}/convert", null, ("Idempotency-Key", key));
        using var other = await _writer.CallAsync(
            HttpMethod.Post, $"/api/v1/quotes/{quote["id"]}/duplicate", null, ("Idempotency-Key", key));

        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task Conversion_of_a_version_that_the_caller_has_not_seen_is_412_and_makes_no_order()
    {
        var quote = await _writer.QuoteAsync();

        using var refused = await _writer.CallAsync(
            HttpMethod.Post, $"/api/v1/quotes/{quote["id"]}/convert", null, ("If-Match", "\"9-x\""));

        await refused.ProblemAsync(HttpStatusCode.PreconditionFailed);
        Assert.Null((await _writer.GetJsonAsync($"/api/v1/quotes/{quote["id"]}"))["order_id"]);
    }
}
