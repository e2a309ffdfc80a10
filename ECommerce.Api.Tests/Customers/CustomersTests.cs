using System.Net;

namespace ECommerce.Api.Tests.Customers;

public sealed class CustomersTests(ApiFixture fixture)
{
    private readonly HttpClient _writer = fixture.As("acme.ordini");

    [Fact]
    public async Task A_created_customer_is_read_back_with_all_its_fields()
    {
        var created = await _writer.PostJsonAsync("/api/v1/customers", new
        {
            firstname = "Ada",
            lastname = "Rossi",
            email = "ada@example.com",
            company = "Rossi S.r.l.",
            website = "https://example.com",
            newsletter = true,
            optin = true,
            is_guest = true,
            active = false,
            lang_id = 1,
            notes = "VIP",
        });

        var read = await _writer.GetJsonAsync($"/api/v1/customers/{created["id"]}");

        Assert.Equal(created.ToJsonString(), read.ToJsonString());
        Assert.Equal(
            ("Rossi S.r.l.", "VIP", 1), ((string)read["company"]!, (string)read["notes"]!, (int)read["lang_id"]!));
        Assert.True(
            (bool)read["newsletter"]! && (bool)read["optin"]! && (bool)read["is_guest"]! && !(bool)read["active"]!);
    }

    [Theory]
    [InlineData("firstname", "Ada\u0000")]
    [InlineData("firstname", "Ada\u001b[31m")]
    [InlineData("lastname", "Rossi\r\nBcc: x@example.com")]
    [InlineData("lastname", "Rossi\uffff")]
    [InlineData("company", "Rossi\u0085S.r.l.")]
    [InlineData("email", "ada rossi@example.com")]
    [InlineData("email", "ada@example.com\n")]
    [InlineData("website", "javascript:alert(1)")]
    [InlineData("website", "JavaScript:alert(1)//example.com")]
    [InlineData("website", "data:text/html,x")]
    [InlineData("website", "https://example.com/a b")]
    [InlineData("notes", "VIP\u0001")]
    public async Task Text_that_is_unsafe_in_pages_mails_and_XML_is_refused(string field, string text)
    {
        var customer = new Dictionary<string, string>
        {
            ["firstname"] = "Ada",
            ["lastname"] = "Rossi",
            ["email"] = "ada@example.com",
            [field] = text,
        };

        using var response = await _writer.CallAsync(HttpMethod.Post, "/api/v1/customers", customer);

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, field);
    }

    [Fact]
    public async Task Text_of_several_lines_and_beyond_the_basic_plane_is_accepted()
    {
        var created = await _writer.PostJsonAsync("/api/v1/customers", new
        {
            firstname = "Zoë \ud83c\udf39",
            lastname = "D'Angelo",
            email = "zoe@example.com",
            website = "example.com/shop",
            notes = "one\n\ttwo",
        });

        Assert.Equal("Zoë \ud83c\udf39", (string?)created["firstname"]);
        Assert.Equal("one\n\ttwo", (string?)created["notes"]);
    }

    [Fact]
    public async Task A_change_is_seen_by_the_next_read_of_the_customer_the_lists_and_its_orders()
    {
        var customer = await _writer.CustomerAsync();
        var product = await fixture.As("acme.admin").ProductAsync();
        var order = await _writer.PostJsonAsync("/api/v1/orders", Samples.Order(customer, (product, 1)));
        var lastname = Samples.Unique("Bianchi");
        await _writer.GetJsonAsync($"/api/v1/orders/{order["id"]}");
        await _writer.GetJsonAsync($"/api/v1/orders?customer_id={customer["id"]}");

        await _writer.PutJsonAsync($"/api/v1/customers/{customer["id"]}", Samples.Customer(lastname));

        Assert.Equal(
            lastname, (string?)(await _writer.GetJsonAsync($"/api/v1/customers/{customer["id"]}"))["lastname"]);
        Assert.Equal(1, (int)(await _writer.GetJsonAsync($"/api/v1/customers?search={lastname}"))["total"]!);
        Assert.Equal(
            lastname, (string?)(await _writer.GetJsonAsync($"/api/v1/orders/{order["id"]}"))["customer"]!["lastname"]);
        Assert.Equal(
            lastname, (
                string?)(
                    await _writer.GetJsonAsync(
                        $"/api/v1/orders?customer_id={customer["id"]}"))["items"]![0]!["customer_lastname"]);
    }

    [Fact]
    public async Task A_customer_with_orders_cannot_be_deleted_and_the_order_is_named()
    {
        var customer = await _writer.CustomerAsync();
        var product = await fixture.As("acme.admin").ProductAsync();
        var order = await _writer.PostJsonAsync("/api/v1/orders", Samples.Order(customer, (product, 1)));

        foreach (var path in new[] { $"/api/v1/customers/{customer["id"]}",
            $"/api/v1/customers?search={customer["lastname"]}" })
        {
            await _writer.GetJsonAsync(path);
        }

        using (var refused = await _writer.CallAsync(HttpMethod.Delete, $"/api/v1/customers/{customer["id"]}"))
        {
            Assert.Contains(
                $"{order["id"]}", (string?)(
                    await refused.ProblemAsync(HttpStatusCode.Conflict, "customer_in_use"))["detail"]);
        }

        using (await _writer.CallAsync(HttpMethod.Delete, $"/api/v1/orders/{order["id"]}"))
        using (var deleted = await _writer.CallAsync(HttpMethod.Delete, $"/api/v1/customers/{customer["id"]}"))
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        using var gone = await _writer.GetAnyAsync($"/api/v1/customers/{customer["id"]}");
        await gone.ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(
            0, (int)(await _writer.GetJsonAsync($"/api/v1/customers?search={customer["lastname"]}"))["total"]!);
    }

    [Fact]
    public async Task Page_past_the_end_of_a_customers_addresses_is_empty_and_has_their_total()
    {
        var customer = await _writer.CustomerAsync();

        var page = await _writer.GetJsonAsync($"/api/v1/customers/{customer["id"]}/addresses?page=7");

        Assert.Empty(page["items"]!.AsArray());
        Assert.Equal(0, (int)page["total"]!);
    }

    [Fact]
    public async Task A_customers_addresses_are_listed_and_go_with_the_customer()
    {
        var customer = await _writer.CustomerAsync();
        await fixture.ExecuteAsync(
            """
            INSERT INTO addresses (
                tenant_id, customer_id, country_id, firstname, lastname, address1, city, date_add, date_upd)
            VALUES ('acme', @id, 1, 'Ada', 'Rossi', 'Via Roma 1', 'Torino', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
            """, new { id = (long)customer["id"]! });
        var path = $"/api/v1/customers/{customer["id"]}/addresses";

        var addresses = await _writer.GetJsonAsync(path);
        using (await _writer.CallAsync(HttpMethod.Delete, $"/api/v1/customers/{customer["id"]}"))
        using (var gone = await _writer.GetAnyAsync(path))
            await gone.ProblemAsync(HttpStatusCode.NotFound);

        Assert.Equal(1, (int)addresses["total"]!);
        Assert.Equal(
            ("Via Roma 1", "Italia"), (
                (string)addresses["items"]![0]!["address1"]!, (string)addresses["items"]![0]!["country_name"]!));
        Assert.Empty(await fixture.QueryAsync<long>(
            "SELECT id FROM addresses WHERE customer_id = @id AND deleted_at IS NULL",
            new { id = (long)customer["id"]! }));
    }

    [Fact]
    public async Task Lists_search_names_and_filter_by_email_and_activity()
    {
        var lastname = Samples.Unique("Verdi");
        var email = $"{lastname}@example.com".ToLowerInvariant();
        await _writer.PostJsonAsync("/api/v1/customers", Samples.Customer(lastname, email));

        Assert.Equal(1, (int)(await _writer.GetJsonAsync($"/api/v1/customers?search=Ada%20{lastname}"))["total"]!);
        Assert.Equal(1, (int)(await _writer.GetJsonAsync($"/api/v1/customers?email={email}&active=true"))["total"]!);
        Assert.Equal(0, (int)(await _writer.GetJsonAsync($"/api/v1/customers?email={email}&active=false"))["total"]!);
        Assert.Equal(
            0, (int)(await fixture.As("globex.admin").GetJsonAsync($"/api/v1/customers?email={email}"))["total"]!);
    }

    [Theory]
    [InlineData("firstname", "")]
    [InlineData("lastname", null)]
    [InlineData("email", "no-address")]
    [InlineData("lang_id", 101)]
    [InlineData("newsletter", "yes")]
    public async Task A_wrong_field_is_named(string field, object? value)
    {
        var body = new Dictionary<string, object?>
        {
            ["firstname"] = "Ada",
            ["lastname"] = "Rossi",
            ["email"] = "ada@example.com",
            [field] = value
        };

        using var response = await _writer.CallAsync(HttpMethod.Post, "/api/v1/customers", body);

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, field);
    }
}
