using System.Net;

namespace ECommerce.Api.Tests.Api;

public sealed class TenantIsolationTests(ApiFixture fixture)
{
    private const string NewRun = """
        INSERT INTO sync_runs (tenant_id, shop_id, mode, status, started_at)
        VALUES ('acme', 1, 'full', 'succeeded', UTC_TIMESTAMP(6));
        SELECT CAST(LAST_INSERT_ID() AS SIGNED)
        """;

    [Fact]
    public async Task An_id_of_another_tenant_is_404_on_every_route_that_takes_one()
    {
        var acme = fixture.As("acme.admin");
        var globex = fixture.As("globex.admin");
        var order = await acme.OrderAsync(await acme.ProductAsync());
        var product = order["lines"]![0]!["product_id"]!;
        var customer = order["customer_id"]!;
        var own = await globex.CustomerAsync();
        var address = await acme.AddressAsync(order["customer"]!);
        var quote = await acme.QuoteAsync(order["customer"]!);
        var invoice = await acme.InvoiceAsync();
        var draft = new
        {
            customer_id = (long)own["id"]!,
            lines = new[] { new { product_name = "x", product_quantity = 1, unit_price_tax_excl = 1 } },
        };
        var ids = new Dictionary<string, (object Id, object? Body)>
        {
            ["/api/v1/orders"] = (order["id"]!, draft),
            ["/api/v1/orders/status"] = (order["id"]!, new { state_id = 101 }),
            ["/api/v1/products"] = (product, Samples.Product()),
            ["/api/v1/customers"] = (customer, Samples.Customer()),
            ["/api/v1/addresses"] = (address["id"]!, Samples.Address(own, country: 101)),
            ["/api/v1/customers/addresses"] = (customer, null),
            ["/api/v1/quotes"] = (quote["id"]!, draft),
            ["/api/v1/invoices"] = (invoice["id"]!, new { }),
            ["/api/v1/sync"] = (Assert.Single(await fixture.QueryAsync<long>(NewRun)), null),
            ["/api/v1/shops/sync"] = (1, new { mode = "full" }),
            ["/api/v1/shops"] = (1, new { name = "x", base_url = "http://shop.example", api_key = "x" }),
        };
        foreach (var lookup in new[] { "order_states", "categories", "brands", "carriers", "countries", "langs" })
            ids[$"/api/v1/{lookup}"] = (1, new { name = "x", iso_code = lookup == "langs" ? "fr" : "FR" });

        // The keys of settings are the same for all tenants, and pools are the provider's: PoolIsolationTests.
        var routes = RouteTable.Of(fixture).Where(route => route.RoutePattern.Parameters.Count > 0
            && !route.Path().StartsWith("/api/v1/config/", StringComparison.Ordinal)
            && !route.Path().StartsWith("/api/v1/fatturapa/", StringComparison.Ordinal)).ToArray();
        Assert.True(routes.Length > 15);
        foreach (var route in routes)
        {
            var parts = route.Path().Split('/');
            var (id, body) = ids.GetValueOrDefault(
                $"/api/v1/{parts[3]}/{parts[^1]}", ids.GetValueOrDefault($"/api/v1/{parts[3]}"));
            Assert.True(id is not null, $"Name the id of another tenant to try on {route.Method()} {route.Path()}.");
            var path = string.Join('/', parts.Select(part => part.StartsWith('{') ? $"{id}" : part));

            using var response = await globex.CallAsync(
                new HttpMethod(route.Method()), path, route.Method() is "GET" or "DELETE" ? null : body);

            Assert.True(
                response.StatusCode == HttpStatusCode.NotFound, $"{route.Method()} {path}: {(int)response.StatusCode}");
        }
        Assert.Equal(order.ToJsonString(), (await acme.GetJsonAsync($"/api/v1/orders/{order["id"]}")).ToJsonString());
    }

    [Fact]
    public async Task Lists_hold_the_rows_of_ones_own_tenant_only()
    {
        var acme = fixture.As("acme.admin");
        var globex = fixture.As("globex.admin");
        var order = await acme.OrderAsync();
        var product = await acme.ProductAsync();

        foreach (var (list, search) in new[]
                 {
                     ("orders", (string)order["reference"]!), ("customers", (string)order["customer"]!["lastname"]!), (
                         "products", (string)product["name"]!),
                 })
        {
            Assert.Equal(1, (int)(await acme.GetJsonAsync($"/api/v1/{list}?search={search}"))["total"]!);
            Assert.Equal(0, (int)(await globex.GetJsonAsync($"/api/v1/{list}?search={search}"))["total"]!);
        }
    }

    [Fact]
    public async Task A_row_cannot_refer_to_another_tenants_even_if_the_code_forgot_to_ask()
    {
        var customer = await fixture.As("acme.admin").CustomerAsync();

        var error = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => fixture.ExecuteAsync(
            """
            INSERT INTO orders (tenant_id, customer_id, state_id, reference, date_add, date_upd)
            VALUES ('globex', @id, 101, 'X', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
            """,
            new { id = (long)customer["id"]! }));

        Assert.Contains("fk_orders_customer", error.Message);
    }
}
