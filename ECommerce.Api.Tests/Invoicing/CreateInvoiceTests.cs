using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace ECommerce.Api.Tests.Invoicing;

public sealed class CreateInvoiceTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");
    private readonly HttpClient _billing = fixture.As("acme.fatturazione");

    [Fact]
    public async Task Order_becomes_an_invoice_with_lines_totals_and_a_file()
    {
        var order = await _admin.InvoiceableOrderAsync(price: 10, quantity: 3, shipping: 6.10m);

        using var response = await _billing.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/invoice");
        var invoice = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/v1/invoices/{invoice["id"]}", response.Headers.Location?.ToString());
        Assert.Equal(
            ("TD01", "generated", "EUR", 42.70m),
            ((string)invoice["document_type"]!, (string)invoice["state"]!, (string)invoice["currency"]!,
                (decimal)invoice["total"]!));
        Assert.Equal(35m, (decimal)invoice["total_taxable"]!);
        Assert.Equal(7.70m, (decimal)invoice["total_tax"]!);
        Assert.Equal($"{invoice["number"]}/{invoice["year"]}", (string)invoice["reference"]!);
        Assert.Equal(["Servizio", "Spese di spedizione"],
            invoice["lines"]!.AsArray().Select(line => (string)line!["description"]!));
        Assert.Equal(22m, (decimal)Assert.Single(invoice["vat_totals"]!.AsArray())!["vat_rate"]!);
        Assert.Matches(@"^IT01234567897_[0-9A-Z]{5}\.xml$", (string)invoice["file_name"]!);
        Assert.Equal("RSSDAA80A41L219A", (string)invoice["buyer_tax_code"]!);
    }

    [Fact]
    public async Task File_is_served_as_it_is_stored_and_has_the_number_of_the_invoice()
    {
        var invoice = await _admin.InvoiceAsync();

        using var response = await _billing.GetAnyAsync($"/api/v1/invoices/{invoice["id"]}/xml");
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var stored = (await fixture.QueryAsync<byte[]>(
            $"SELECT content FROM invoice_files WHERE invoice_id = {invoice["id"]}")).Single();

        Assert.Equal(stored, bytes);
        Assert.Equal("application/xml", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains((string)invoice["file_name"]!, response.Content.Headers.ContentDisposition?.ToString());
        Assert.NotNull(response.Headers.ETag);
        var xml = XDocument.Load(new MemoryStream(bytes));
        Assert.Equal((string)invoice["reference"]!, xml.Descendants("Numero").Single().Value);
        Assert.Equal((string)invoice["local_date"]!, xml.Descendants("Data").First().Value);
    }

    [Fact]
    public async Task Page_shows_the_invoice_loads_nothing_and_names_its_stylesheet_by_hash()
    {
        var invoice = await _admin.InvoiceAsync(price: 1234.5m);

        using var response = await _billing.GetAnyAsync($"/api/v1/invoices/{invoice["id"]}/html");
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith(
            "default-src 'none'; style-src 'sha256-", response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal);
        Assert.Contains($"Fattura n. {invoice["reference"]}", page);
        Assert.Contains("1.506,09", page);
        Assert.Contains("@media print", page);
        Assert.DoesNotContain("src=", page);
        Assert.DoesNotContain("href=", page);
    }

    [Fact]
    public async Task Second_invoice_of_an_order_is_409_with_the_first_one()
    {
        var order = await _admin.InvoiceableOrderAsync();
        var invoice = await _billing.PostJsonAsync($"/api/v1/orders/{order["id"]}/invoice");

        using var again = await _billing.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/invoice");

        var problem = await again.ProblemAsync(HttpStatusCode.Conflict, "order_already_invoiced");
        Assert.Equal((long)invoice["id"]!, (long)problem["invoice_id"]!);
        Assert.Equal(
            1, (int)(await _billing.GetJsonAsync($"/api/v1/invoices?order_id={order["id"]}"))["total"]!);
    }

    [Fact]
    public async Task Parallel_requests_for_one_order_make_one_invoice()
    {
        var order = await _admin.InvoiceableOrderAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var response = await Quotes.Repeatedly.CallAsync(
                _billing, HttpMethod.Post, $"/api/v1/orders/{order["id"]}/invoice", null);
            return response.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.Created);
        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Repeated_request_with_one_key_gets_the_same_invoice()
    {
        var order = await _admin.InvoiceableOrderAsync();
        var (path, key) = ($"/api/v1/orders/{order["id"]}/invoice", ("Idempotency-Key", Samples.Unique("k")));

        var first = await _billing.JsonAsync(HttpMethod.Post, path, null, key);
        var second = await _billing.JsonAsync(HttpMethod.Post, path, null, key);

        Assert.Equal(first.ToJsonString(), second.ToJsonString());
    }

    [Fact]
    public async Task Order_without_an_address_for_its_invoice_is_422()
    {
        await _admin.SellerAsync();
        var order = await _admin.OrderAsync();

        using var response = await _billing.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/invoice");

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "address_invoice_id");
    }

    [Fact]
    public async Task Consumer_without_a_tax_code_is_422_with_the_code_of_the_SDI()
    {
        await _admin.SellerAsync();
        var customer = await _admin.CustomerAsync();
        var order = await _admin.PostJsonAsync(
            "/api/v1/orders", Samples.Quote(customer, address: await _admin.AddressAsync(customer)));

        Assert.Contains("00417", await FaultsAsync(order));
    }

    [Fact]
    public async Task Line_without_VAT_and_Natura_is_422_and_the_setting_makes_it_valid()
    {
        // On an API of its own: the setting is the tenant's.
        await using var api = new ApiFactory(await fixture.MySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        var order = await admin.InvoiceableOrderAsync(vatRate: 0);

        var faults = await FaultsAsync(order, admin);
        await admin.PutJsonAsync("/api/v1/config/invoices.zero_rate_nature", new { value = "N4" });
        var invoice = await admin.PostJsonAsync($"/api/v1/orders/{order["id"]}/invoice");

        Assert.Contains("00400", faults);
        Assert.Equal("N4", (string?)invoice["lines"]![0]!["nature"]);
    }

    [Fact]
    public async Task Refused_invoice_consumes_no_number()
    {
        var first = await _admin.InvoiceAsync();
        await FaultsAsync(await _admin.InvoiceableOrderAsync(vatRate: 0));
        var second = await _admin.InvoiceAsync();

        // Other tests of the tenant may have come between.
        var numbers = await fixture.QueryAsync<int>(
            $"SELECT number FROM invoices WHERE tenant_id = 'acme' AND year = {second["year"]} ORDER BY number");
        Assert.True((int)second["number"]! > (int)first["number"]!);
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
    }

    [Fact]
    public async Task Missing_settings_of_the_seller_are_422_by_name()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var api = new ApiFactory(database, fixture.Redis.ConnectionString);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        var order = await admin.OrderAsync();

        using var response = await admin.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/invoice");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invoice_settings_missing");
        Assert.Equal(
            ["company.address", "company.city", "company.name", "company.postcode", "company.vat_number"],
            problem["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Order_that_is_not_there_is_404_and_an_invoiced_one_cannot_be_deleted()
    {
        using var missing = await _billing.CallAsync(HttpMethod.Post, "/api/v1/orders/999999999/invoice");
        var invoice = await _admin.InvoiceAsync();
        using var deleted = await _admin.CallAsync(HttpMethod.Delete, $"/api/v1/orders/{invoice["order_id"]}");

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        await deleted.ProblemAsync(HttpStatusCode.Conflict, "order_in_use");
    }

    [Fact]
    public async Task List_finds_by_number_and_buyer_and_filters_by_type_state_and_day()
    {
        var invoice = await _admin.InvoiceAsync();
        var customer = $"customer_id={invoice["customer_id"]}";

        foreach (var query in new[]
        {
            $"search={Uri.EscapeDataString((string)invoice["reference"]!)}&{customer}",
            $"search={((string)invoice["buyer_name"]!)[4..]}", $"{customer}&document_type=TD01&state=generated",
            $"{customer}&date_from={invoice["local_date"]}&date_to={invoice["local_date"]}&order_by=total",
            $"{customer}&year={invoice["year"]}",
        })
        {
            var found = await _billing.GetJsonAsync($"/api/v1/invoices?{query}");
            Assert.Equal((long)invoice["id"]!, (long)Assert.Single(found["items"]!.AsArray())!["id"]!);
        }
        foreach (var filter in new[] { "document_type=TD04", "state=sent" })
        {
            var none = await _billing.GetJsonAsync($"/api/v1/invoices?{customer}&{filter}");
            Assert.Equal(0, (int)none["total"]!);
        }
    }

    [Fact]
    public async Task Invoice_of_another_tenant_is_404()
    {
        var invoice = await _admin.InvoiceAsync();
        var globex = fixture.As("globex.admin");

        foreach (var part in new[] { "", "/xml", "/html", "/notifications" })
        {
            using var response = await globex.GetAnyAsync($"/api/v1/invoices/{invoice["id"]}{part}");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
        using var order = await globex.CallAsync(HttpMethod.Post, $"/api/v1/orders/{invoice["order_id"]}/invoice");
        Assert.Equal(HttpStatusCode.NotFound, order.StatusCode);
    }

    private async Task<string[]> FaultsAsync(JsonNode order, HttpClient? client = null)
    {
        using var response = await (client ?? _billing).CallAsync(
            HttpMethod.Post, $"/api/v1/orders/{order["id"]}/invoice");
        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invoice_not_valid");
        Assert.All(problem["faults"]!.AsArray(), fault =>
        {
            Assert.NotEmpty((string)fault!["field"]!);
            Assert.NotEmpty((string)fault["message"]!);
        });
        return [.. problem["faults"]!.AsArray().Select(fault => (string)fault!["code"]!)];
    }
}
