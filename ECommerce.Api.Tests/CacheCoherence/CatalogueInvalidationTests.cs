using System.Text.Json;
using System.Text.Json.Nodes;
using ECommerce.Api.Tests.PrestaShop.Sync;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>
/// What new orders, and writes of customers, products, lookups, settings and shops, make the caches forget on both
/// replicas; so does a sync.
/// </summary>
public sealed class CatalogueInvalidationTests(TwoReplicas replicas) : IClassFixture<TwoReplicas>
{
    private readonly HttpClient _first = replicas.First;

    [Fact]
    public async Task New_order_is_in_lists_in_my_orders_and_in_statistics_and_ends_a_cached_404()
    {
        var known = await _first.OrderAsync();
        var next = $"/api/v1/orders/{(long)known["id"]! + 1}";
        foreach (var client in new[] { _first, replicas.Second })
            using (await client.GetAnyAsync(next)) { }

        await replicas.ShowAsync(
            () => _first.OrderAsync(), "/api/v1/orders", "/api/v1/me/orders?limit=20",
            "/api/v1/statistics/sales?group_by=state");

        foreach (var client in new[] { _first, replicas.Second })
            Assert.Equal((long)known["id"]! + 1, (long)(await client.GetJsonAsync(next))["id"]!);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("delete")]
    [InlineData("update")]
    public async Task Changed_order_is_shown_by_lists_my_orders_and_statistics(string write)
    {
        var order = await _first.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";

        await replicas.ShowAsync(
            () => write switch
            {
                "status" => _first.CallAsync(HttpMethod.Patch, $"{path}/status", new { state_id = 2 }),
                "delete" => _first.CallAsync(HttpMethod.Delete, path),
                _ => _first.CallAsync(HttpMethod.Put, path, Samples.Quote(order["customer"]!, 77)),
            },
            path, "/api/v1/orders?limit=20", "/api/v1/me/orders?limit=30", "/api/v1/statistics/sales?group_by=state");
    }

    [Fact]
    public async Task Processing_shows_the_stock_that_it_took()
    {
        var product = await _first.ProductAsync();
        var customer = await _first.CustomerAsync();
        var order = await _first.PostJsonAsync("/api/v1/orders", new
        {
            customer_id = (long)customer["id"]!,
            lines = new[] { new { product_id = (long)product["id"]!, product_quantity = 1 } },
        });

        await replicas.ShowAsync(
            () => _first.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/process"),
            $"/api/v1/products/{product["id"]}", "/api/v1/products?limit=20", $"/api/v1/orders/{order["id"]}/history");
    }

    [Fact]
    public async Task Customer_is_shown_by_its_orders_and_all_lists()
    {
        await replicas.ShowAsync(() => _first.CustomerAsync(), "/api/v1/customers");
        var order = await _first.OrderAsync();
        var path = $"/api/v1/customers/{order["customer_id"]}";

        await replicas.ShowAsync(
            () => _first.PutJsonAsync(path, Samples.Customer()), path, "/api/v1/customers?limit=20",
            $"/api/v1/orders/{order["id"]}", "/api/v1/orders?limit=25");
    }

    [Fact]
    public async Task Product_is_shown_by_its_entry_and_all_lists()
    {
        await replicas.ShowAsync(() => _first.ProductAsync(), "/api/v1/products");
        var path = $"/api/v1/products/{(await _first.ProductAsync())["id"]}";

        await replicas.ShowAsync(
            () => _first.PutJsonAsync(path, Samples.Product()), path, "/api/v1/products?limit=25");
        await replicas.ShowAsync(() => _first.CallAsync(HttpMethod.Delete, path), path, "/api/v1/products?limit=26");
    }

    [Theory]
    [InlineData("order_states", """{"name":"Prima"}""", """{"name":"Dopo"}""")]
    [InlineData("categories", """{"name":"Prima"}""", """{"name":"Dopo"}""")]
    [InlineData("brands", """{"name":"Prima"}""", """{"name":"Dopo"}""")]
    [InlineData("carriers", """{"name":"Prima"}""", """{"name":"Dopo"}""")]
    [InlineData("countries", """{"name":"Prima","iso_code":"FR"}""", """{"name":"Dopo","iso_code":"ES"}""")]
    [InlineData("langs", """{"name":"Prima","iso_code":"fr"}""", """{"name":"Dopo","iso_code":"es"}""")]
    public async Task Lookup_is_shown_as_it_was_written(string lookup, string draft, string change)
    {
        var list = $"/api/v1/{lookup}";
        long id = 0;

        await replicas.ShowAsync(
            async () => id = (long)(await _first.PostJsonAsync(list, JsonNode.Parse(draft)))["id"]!, list);
        await replicas.ShowAsync(
            () => _first.PutJsonAsync($"{list}/{id}", JsonNode.Parse(change)!), list, $"{list}/{id}");
        await replicas.ShowAsync(
            () => _first.CallAsync(HttpMethod.Delete, $"{list}/{id}"), list, $"{list}/{id}");
    }

    [Fact]
    public async Task Renamed_brand_is_shown_by_its_products()
    {
        var brand = await _first.PostJsonAsync("/api/v1/brands", new { name = "Prima" });
        var draft = JsonSerializer.SerializeToNode(Samples.Product())!;
        draft["brand_id"] = (long)brand["id"]!;
        var product = await _first.PostJsonAsync("/api/v1/products", draft);

        await replicas.ShowAsync(
            () => _first.PutJsonAsync($"/api/v1/brands/{brand["id"]}", new { name = "Dopo" }),
            $"/api/v1/products/{product["id"]}", "/api/v1/products?limit=27");
    }

    [Fact]
    public async Task Setting_is_shown_as_it_was_written()
    {
        const string path = "/api/v1/config/retention.sync_runs_days";

        await replicas.ShowAsync(() => _first.PutJsonAsync(path, new { value = 12 }), path, "/api/v1/config");
        await replicas.ShowAsync(() => _first.CallAsync(HttpMethod.Delete, path), path, "/api/v1/config");
    }

    [Fact]
    public async Task Shop_is_shown_as_it_was_written()
    {
        await using var shop = await SyncedShop.StartAsync(replicas.Client(), maxExecutionSeconds: 60);
        var path = $"/api/v1/shops/{shop.Id}";
        var settings = await _first.GetJsonAsync(path);

        await replicas.ShowAsync(
            () => _first.PutJsonAsync(
                path, new { name = Samples.Unique("Negozio"), base_url = (string?)settings["base_url"] }),
            path, "/api/v1/shops");
    }

    [Fact]
    public async Task Sync_drops_the_pages_of_its_shop_and_what_shows_the_imported_rows()
    {
        await using var shop = await SyncedShop.StartAsync(replicas.Client(), maxExecutionSeconds: 60);
        await shop.SucceedAsync();
        var product = await shop.RowAsync("products", 3);

        await replicas.ShowAsync(
            async () =>
            {
                await shop.ChangeAsync("products", 3, ("reference", "CAMBIATO"));
                using var added = await shop.Mock.ControlAsync(HttpMethod.Post, "orders", """{"count":1}""");
                return await shop.SucceedAsync();
            },
            $"/api/v1/shops/{shop.Id}/prestashop/orders", $"/api/v1/shops/{shop.Id}/prestashop/products",
            $"/api/v1/orders?shop_id={shop.Id}", $"/api/v1/products/{product!["id"]}",
            $"/api/v1/products?shop_id={shop.Id}");
    }
}
