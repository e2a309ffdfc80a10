using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Orders;

public sealed class OrdersTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");
    private readonly HttpClient _writer = fixture.As("acme.ordini");

    [Fact]
    public async Task Totals_are_computed_from_lines_discounts_and_shipping_and_the_clients_are_ignored()
    {
        var customer = await _writer.CustomerAsync();
        var lamp = await _admin.ProductAsync(price: 19.99m, vatRate: 22);
        var book = await _admin.ProductAsync(price: 10m, vatRate: 4);

        var order = await _writer.PostJsonAsync("/api/v1/orders", new
        {
            customer_id = (long)customer["id"]!,
            total_discounts = 5m,
            total_shipping = 6.10m,
            total_products = 1m,
            total_paid = 1m,
            lines = new object[]
            {
                new { product_id = (long)lamp["id"]!, product_quantity = 3 },
                new { product_id = (long)book["id"]!, product_quantity = 2, reduction_percent = 10m,
                    total_price_tax_excl = 0.01m },
                new { product_name = "Confezione regalo", product_quantity = 1, unit_price_tax_excl = 2.5m,
                    vat_rate = 22m },
            },
        });

        Assert.Equal(
            [59.97m, 18.00m, 2.50m], order["lines"]!.AsArray().Select(line => (decimal)line!["total_price_tax_excl"]!));
        Assert.Equal(
            [73.16m, 18.72m, 3.05m], order["lines"]!.AsArray().Select(line => (decimal)line!["total_price_tax_incl"]!));
        Assert.Equal(80.47m, (decimal)order["total_products"]!);
        Assert.Equal(94.93m, (decimal)order["total_products_wt"]!);
        Assert.Equal(5.00m, (decimal)order["total_shipping_tax_excl"]!);
        Assert.Equal(4.24m, (decimal)order["total_discounts_tax_excl"]!);
        Assert.Equal(96.03m, (decimal)order["total_paid"]!);
        Assert.Equal(81.23m, (decimal)order["total_paid_tax_excl"]!);
    }

    [Fact]
    public async Task An_order_shows_its_lines_customer_addresses_and_state()
    {
        var customer = await _writer.CustomerAsync();
        var address = await AddressAsync(customer);
        var product = await _admin.ProductAsync();
        var created = await _writer.PostJsonAsync("/api/v1/orders", new
        {
            customer_id = (long)customer["id"]!,
            address_delivery_id = address,
            address_invoice_id = address,
            carrier_id = 2,
            payment = "Bonifico",
            is_invoice_requested = true,
            notes = "Fragile",
            lines = new[] { new { product_id = (long)product["id"]!, product_quantity = 2 } },
        });

        var order = await fixture.As("acme.user").GetJsonAsync($"/api/v1/orders/{created["id"]}");

        Assert.Equal(created.ToJsonString(), order.ToJsonString());
        Assert.Equal((string?)customer["email"], (string?)order["customer"]!["email"]);
        Assert.Equal("Via Roma 1", (string?)order["address_delivery"]!["address1"]);
        Assert.Equal("Italia", (string?)order["address_invoice"]!["country_name"]);
        Assert.Equal((1, "In attesa"), ((int)order["state"]!["number"]!, (string)order["state"]!["name"]!));
        Assert.Equal((string?)product["name"], (string?)order["lines"]![0]!["product_name"]);
        Assert.Equal(fixture.IdOf("acme.ordini"), (int)order["created_by"]!);
        Assert.Matches("^[A-Z]{9}$", (string?)order["reference"]);
    }

    [Theory]
    [InlineData("customer_id", 999_999_999)]
    [InlineData("carrier_id", 101)]
    [InlineData("lang_id", 999)]
    [InlineData("assigned_to", 999)]
    [InlineData("address_delivery_id", 999_999)]
    [InlineData("total_discounts", 1000)]
    [InlineData("total_shipping", -1)]
    [InlineData("lines", null)]
    public async Task A_wrong_field_is_named(string field, object? value)
    {
        var product = await _admin.ProductAsync();
        var body = new Dictionary<string, object?>
        {
            ["customer_id"] = (long)(await _writer.CustomerAsync())["id"]!,
            ["lines"] = new[] { new { product_id = (long)product["id"]!, product_quantity = 1 } },
            [field] = value,
        };

        using var response = await _writer.CallAsync(HttpMethod.Post, "/api/v1/orders", body);

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, field);
    }

    [Fact]
    public async Task Wrong_lines_are_named_by_their_place()
    {
        var customer = await _writer.CustomerAsync();
        using var invalid = await _writer.CallAsync(
            HttpMethod.Post, "/api/v1/orders",
            new
            {
                customer_id = (long)customer["id"]!,
                lines = new object?[] { null, new { product_id = 1, product_quantity = 0 } }
            });
        using var unknown = await _writer.CallAsync(
            HttpMethod.Post, "/api/v1/orders",
            new
            {
                customer_id = (long)customer["id"]!,
                lines = new[] { new { product_id = 999_999_999, product_quantity = 1 } }
            });

        await invalid.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "lines[1].product_quantity");
        await invalid.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "lines[0]");
        await unknown.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "lines[0].product_id");
    }

    [Fact]
    public async Task Another_customers_address_is_refused()
    {
        var customer = await _writer.CustomerAsync();
        var address = await AddressAsync(await _writer.CustomerAsync());
        var product = await _admin.ProductAsync();

        using var response = await _writer.CallAsync(HttpMethod.Post, "/api/v1/orders", new
        {
            customer_id = (long)customer["id"]!,
            address_invoice_id = address,
            lines = new[] { new { product_id = (long)product["id"]!, product_quantity = 1 } },
        });

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "address_invoice_id");
    }

    [Fact]
    public async Task A_change_replaces_the_lines_and_is_seen_by_the_next_read()
    {
        var order = await _writer.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        var product = await _admin.ProductAsync(price: 7);
        var mine = $"/api/v1/me/orders?search={order["reference"]}";
        await _writer.GetJsonAsync(path);
        await _writer.GetJsonAsync(mine);

        var changed = await _writer.PutJsonAsync(path, new
        {
            customer_id = (long)order["customer_id"]!,
            notes = "Changed",
            lines = new[] { new { product_id = (long)product["id"]!, product_quantity = 3 } },
        });

        Assert.Equal(changed.ToJsonString(), (await _writer.GetJsonAsync(path)).ToJsonString());
        Assert.Equal(
            (21m, "Changed", 2), (
                (decimal)changed["total_products"]!, (string)changed["notes"]!, (int)changed["row_version"]!));
        Assert.Equal((string?)order["reference"], (string?)changed["reference"]);
        Assert.Single(changed["lines"]!.AsArray());
        Assert.Equal(
            (decimal)changed["total_paid"]!, (decimal)(await _writer.GetJsonAsync(mine))["items"]![0]!["total_paid"]!);
    }

    [Fact]
    public async Task A_deleted_order_is_gone_from_reads_lists_and_its_history()
    {
        var order = await _writer.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        string[] lists =
            [$"/api/v1/orders?search={order["reference"]}", $"/api/v1/me/orders?search={order["reference"]}"];
        await _writer.GetJsonAsync(path);
        await _writer.GetJsonAsync($"{path}/history");
        foreach (var list in lists)
            Assert.Equal(1, (int)(await _writer.GetJsonAsync(list))["total"]!);

        using (var deleted = await _writer.CallAsync(HttpMethod.Delete, path))
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        foreach (var gone in new[] { path, $"{path}/history" })
        {
            using var response = await _writer.GetAnyAsync(gone);
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        foreach (var list in lists)
            Assert.Equal(0, (int)(await _writer.GetJsonAsync(list))["total"]!);
    }

    [Fact]
    public async Task Lists_filter_by_everything_that_they_promise()
    {
        var order = await _writer.OrderAsync();
        var id = (long)order["id"]!;
        var mine = $"customer_id={order["customer_id"]}";
        await fixture.ExecuteAsync(
            """
            UPDATE orders SET date_add = '2020-05-10 12:00:00', local_date = '2020-05-10', shop_id = 1 WHERE id = @id
            """, new { id });
        await _writer.JsonAsync(HttpMethod.Patch, $"/api/v1/orders/{id}/status", new { state_id = 3 });

        Assert.Equal(1, await TotalAsync(mine));
        Assert.Equal(1, await TotalAsync($"{mine}&state_ids=3,2"));
        Assert.Equal(1, await TotalAsync($"{mine}&state_ids=2&state_ids=3"));
        Assert.Equal(0, await TotalAsync($"{mine}&state_ids=1"));
        Assert.Equal(1, await TotalAsync($"{mine}&shop_id=1"));
        Assert.Equal(0, await TotalAsync($"{mine}&shop_id=2"));
        Assert.Equal(1, await TotalAsync($"{mine}&is_paid=true"));
        Assert.Equal(0, await TotalAsync($"{mine}&is_paid=false"));
        Assert.Equal(0, await TotalAsync($"{mine}&is_invoice_requested=1"));
        Assert.Equal(1, await TotalAsync($"{mine}&date_from=2020-05-10&date_to=2020-05-10"));
        Assert.Equal(0, await TotalAsync($"{mine}&date_from=2020-05-11"));
        Assert.Equal(1, await TotalAsync($"{mine}&date_from=2020-05-10T14:00:00%2B02:00"));
        Assert.Equal(0, await TotalAsync($"{mine}&date_from=2020-05-10T12:00:01Z"));
        Assert.Equal(1, await TotalAsync($"{mine}&search={order["reference"]}"));
        Assert.Equal(1, await TotalAsync($"{mine}&search={order["customer"]!["lastname"]}"));
        Assert.Equal(0, await TotalAsync($"{mine}&search=nothing-like-it"));
        Assert.Equal(1, await TotalAsync($"{mine}&order_by=date_add&order_direction=asc&unknown=1"));

        async Task<int> TotalAsync(string query) =>
            (int)(await _writer.GetJsonAsync($"/api/v1/orders?{query}"))["total"]!;
    }

    [Fact]
    public async Task My_orders_are_those_that_I_made_and_those_that_are_assigned_to_me()
    {
        var made = await _writer.OrderAsync();
        var product = await _admin.ProductAsync();
        var assigned = await _admin.PostJsonAsync("/api/v1/orders", new
        {
            customer_id = (long)made["customer_id"]!,
            assigned_to = fixture.IdOf("acme.ordini"),
            lines = new[] { new { product_id = (long)product["id"]!, product_quantity = 1 } },
        });
        var others = await _admin.PostJsonAsync("/api/v1/orders", Samples.Order(made["customer"]!, (product, 1)));

        var mine = await _writer.GetJsonAsync($"/api/v1/me/orders?customer_id={made["customer_id"]}");
        var nobodys = await fixture.As("acme.user")
            .GetJsonAsync($"/api/v1/me/orders?customer_id={made["customer_id"]}");

        var ids = mine["items"]!.AsArray().Select(order => (long)order!["id"]!).ToArray();
        Assert.Equal([(long)assigned["id"]!, (long)made["id"]!], ids);
        Assert.DoesNotContain((long)others["id"]!, ids);
        Assert.Equal(0, (int)nobodys["total"]!);
    }

    private async Task<long> AddressAsync(JsonNode customer) => Assert.Single(await fixture.QueryAsync<long>(
        """
        INSERT INTO addresses (
            tenant_id, customer_id, country_id, firstname, lastname, address1, city, date_add, date_upd)
        VALUES ('acme', @id, 1, 'Ada', 'Rossi', 'Via Roma 1', 'Torino', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6));
        SELECT CAST(LAST_INSERT_ID() AS SIGNED)
        """, new { id = (long)customer["id"]! }));
}
