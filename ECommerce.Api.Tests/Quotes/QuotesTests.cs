using System.Net;
using System.Text.Json;

namespace ECommerce.Api.Tests.Quotes;

public sealed class QuotesTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");
    private readonly HttpClient _writer = fixture.As("acme.preventivi");

    [Fact]
    public async Task Created_quote_is_read_back_with_lines_addresses_and_totals_by_rate()
    {
        var customer = await _writer.CustomerAsync();
        var address = await _writer.AddressAsync(customer);
        var lamp = await _admin.ProductAsync(price: 100, vatRate: 22);
        var book = await _admin.ProductAsync(price: 50, vatRate: 4);

        var created = await _writer.PostJsonAsync("/api/v1/quotes", new
        {
            customer_id = (long)customer["id"]!,
            address_delivery_id = (long)address["id"]!,
            address_invoice_id = (long)address["id"]!,
            carrier_id = 2,
            lang_id = 1,
            payment = "Bonifico",
            total_discounts = 17.4m,
            total_shipping = 12.2m,
            total_paid = 1m,
            is_invoice_requested = true,
            notes = "Consegna al piano",
            valid_until = "2099-12-31",
            lines = new[]
            {
                new { product_id = (long)lamp["id"]!, product_quantity = 1 },
                new { product_id = (long)book["id"]!, product_quantity = 1 },
            },
        });
        var read = await fixture.As("acme.user").GetJsonAsync($"/api/v1/quotes/{created["id"]}");

        Assert.Equal(created.ToJsonString(), read.ToJsonString());
        Assert.Equal((168.80m, 145.00m), ((decimal)read["total_paid"]!, (decimal)read["total_paid_tax_excl"]!));
        Assert.Equal(
            [(4m, 46.80m), (22m, 122.00m)],
            read["vat_totals"]!.AsArray().Select(
                rate => ((decimal)rate!["vat_rate"]!, (decimal)rate["total_tax_incl"]!)));
        Assert.Equal("Via Roma 1", (string?)read["address_delivery"]!["address1"]);
        Assert.Equal(("2099-12-31", "EUR"), ((string)read["valid_until"]!, (string)read["currency"]!));
        Assert.Equal($"{read["number"]}/{read["year"]}", (string?)read["reference"]);
        Assert.Equal(fixture.IdOf("acme.preventivi"), (int)read["created_by"]!);
        Assert.Null(read["order_id"]);
    }

    [Theory]
    [InlineData("customer_id", 999_999_999)]
    [InlineData("carrier_id", 101)]
    [InlineData("lang_id", 999)]
    [InlineData("assigned_to", 999)]
    [InlineData("address_invoice_id", 999_999)]
    [InlineData("total_discounts", 1000)]
    [InlineData("valid_until", "2020-01-01")]
    [InlineData("valid_until", "2026-02-30")]
    [InlineData("lines", null)]
    public async Task Wrong_field_is_named_and_takes_no_number(string field, object? value)
    {
        var customer = await _writer.CustomerAsync();
        await _writer.QuoteAsync(customer);
        var body = JsonSerializer.SerializeToNode(Samples.Quote(customer))!;
        body[field] = JsonSerializer.SerializeToNode(value);

        using var response = await _writer.CallAsync(HttpMethod.Post, "/api/v1/quotes", body);

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, field);
        // Other tests make quotes meanwhile: of every number that was taken there is a quote.
        Assert.Equal([0], await fixture.QueryAsync<int>(
            """
            SELECT CAST(SUM(last_number) - (SELECT COUNT(*) FROM quotes WHERE tenant_id = 'acme') AS SIGNED)
            FROM document_numbers WHERE tenant_id = 'acme' AND kind = 'quote'
            """));
    }

    [Fact]
    public async Task Change_replaces_the_lines_and_keeps_number_and_date()
    {
        var customer = await _writer.CustomerAsync();
        var quote = await _writer.QuoteAsync(customer);
        var path = $"/api/v1/quotes/{quote["id"]}";
        using var read = await _writer.GetAnyAsync(path);

        using var stale = await _writer.CallAsync(
            HttpMethod.Put, path, Samples.Quote(customer, 20), ("If-Match", "\"7-x\""));
        var changed = await _writer.JsonAsync(
            HttpMethod.Put, path, Samples.Quote(customer, 20, "Nuovo"), ("If-Match", read.Headers.ETag!.Tag));

        await stale.ProblemAsync(HttpStatusCode.PreconditionFailed);
        Assert.Equal((20m, "Nuovo", 2), (
            (decimal)changed["total_products"]!, (string)changed["notes"]!, (int)changed["row_version"]!));
        foreach (var kept in (string[])["reference", "local_date", "date_add"])
            Assert.Equal((string?)quote[kept], (string?)changed[kept]);
        Assert.Equal(changed.ToJsonString(), (await _writer.GetJsonAsync(path)).ToJsonString());
        var again = await _writer.PutJsonAsync(path, Samples.Quote(customer, 20, "Nuovo"));
        Assert.Equal(changed.ToJsonString(), again.ToJsonString());
    }

    [Fact]
    public async Task Deleted_quote_is_gone_from_reads_and_lists()
    {
        var quote = await _writer.QuoteAsync();
        var path = $"/api/v1/quotes/{quote["id"]}";
        var list = $"/api/v1/quotes?customer_id={quote["customer_id"]}";
        Assert.Equal(1, (int)(await _writer.GetJsonAsync(list))["total"]!);
        await _writer.GetJsonAsync(path);

        using (var stale = await _writer.CallAsync(HttpMethod.Delete, path, null, ("If-Match", "\"7-x\"")))
            await stale.ProblemAsync(HttpStatusCode.PreconditionFailed);
        using (var deleted = await _writer.CallAsync(HttpMethod.Delete, path))
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        using var gone = await _writer.GetAnyAsync(path);
        await gone.ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, (int)(await _writer.GetJsonAsync(list))["total"]!);
    }

    [Fact]
    public async Task Duplicate_is_a_quote_of_today_with_the_same_content_and_days_of_validity()
    {
        var customer = await _writer.CustomerAsync();
        var address = await _writer.AddressAsync(customer);
        var quote = await _writer.QuoteAsync(customer, 25, address);
        var id = (long)quote["id"]!;
        await fixture.ExecuteAsync(
            "UPDATE quotes SET local_date = '2026-01-10', valid_until = '2026-02-09', notes = 'Come sempre' "
            + "WHERE id = @id", new { id });
        await _writer.PostJsonAsync($"/api/v1/quotes/{id}/convert");

        var copy = await _writer.PostJsonAsync($"/api/v1/quotes/{id}/duplicate");

        Assert.NotEqual((string?)quote["reference"], (string?)copy["reference"]);
        Assert.Equal(
            ("Come sempre", 25m, (long)address["id"]!),
            ((string)copy["notes"]!, (decimal)copy["total_products"]!, (long)copy["address_delivery_id"]!));
        Assert.Null(copy["order_id"]);
        Assert.Equal(
            30, DateOnly.Parse((string)copy["valid_until"]!, null).DayNumber
                - DateOnly.Parse((string)copy["local_date"]!, null).DayNumber);
        Assert.Equal("Servizio", (string?)copy["lines"]!.AsArray().Single()!["product_name"]);
    }

    [Fact]
    public async Task Lists_filter_by_everything_that_they_promise_with_a_total_of_the_same_rows()
    {
        var quote = await _writer.QuoteAsync();
        var converted = await _writer.QuoteAsync(quote["customer"]!, 30);
        var order = await _writer.PostJsonAsync($"/api/v1/quotes/{converted["id"]}/convert");
        var mine = $"customer_id={quote["customer_id"]}";
        await fixture.ExecuteAsync(
            "UPDATE quotes SET date_add = '2020-05-10 12:00:00', local_date = '2020-05-10' WHERE id = @id",
            new { id = (long)quote["id"]! });

        Assert.Equal(2, await TotalAsync(mine));
        Assert.Equal(1, await TotalAsync($"{mine}&is_converted=true"));
        Assert.Equal(1, await TotalAsync($"{mine}&is_converted=false"));
        Assert.Equal(2, await TotalAsync($"{mine}&year={quote["year"]}"));
        Assert.Equal(0, await TotalAsync($"{mine}&year=2001"));
        Assert.Equal(1, await TotalAsync($"{mine}&date_from=2020-05-10&date_to=2020-05-10"));
        Assert.Equal(1, await TotalAsync($"{mine}&date_from=2020-05-11"));
        Assert.Equal(1, await TotalAsync($"{mine}&date_to=2020-05-10T12:00:01Z"));
        Assert.Equal(1, await TotalAsync($"{mine}&search={Uri.EscapeDataString((string)quote["reference"]!)}"));
        Assert.Equal(2, await TotalAsync($"search={quote["customer"]!["lastname"]}"));
        Assert.Equal(2, await TotalAsync($"{mine}&search=Ada%20{quote["customer"]!["lastname"]}"));
        Assert.Equal(0, await TotalAsync($"{mine}&search=nothing-like-it"));
        Assert.Equal(0, await TotalAsync($"{mine}&assigned_to=1"));
        var items = (await _writer.GetJsonAsync($"/api/v1/quotes?{mine}&order_by=total_paid"))["items"]!.AsArray();
        Assert.Equal([36.60m, 12.20m], items.Select(item => (decimal)item!["total_paid"]!));
        Assert.Equal((long)order["id"]!, (long)items[0]!["order_id"]!);

        async Task<int> TotalAsync(string query)
        {
            var list = await _writer.GetJsonAsync($"/api/v1/quotes?{query}");
            Assert.Equal((int)list["total"]!, list["items"]!.AsArray().Count);
            return (int)list["total"]!;
        }
    }

    [Fact]
    public async Task Customer_and_product_of_a_quote_cannot_be_deleted_and_the_quote_is_named()
    {
        var customer = await _writer.CustomerAsync();
        var product = await _admin.ProductAsync();
        var quote = await _writer.PostJsonAsync("/api/v1/quotes", Samples.Order(customer, (product, 2)));

        foreach (var (path, code) in new[]
                 {
                     ($"/api/v1/customers/{customer["id"]}", "customer_in_use"),
                     ($"/api/v1/products/{product["id"]}", "product_in_use"),
                 })
        {
            using var refused = await _admin.CallAsync(HttpMethod.Delete, path);
            Assert.Contains(
                (string)quote["reference"]!,
                (string?)(await refused.ProblemAsync(HttpStatusCode.Conflict, code))["detail"]);
        }
        using (await _writer.CallAsync(HttpMethod.Delete, $"/api/v1/quotes/{quote["id"]}"))
        using (var deleted = await _writer.CallAsync(HttpMethod.Delete, $"/api/v1/customers/{customer["id"]}"))
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }
}
