using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.EndToEnd;

public sealed class SyncTests(TwoReplicas system) : IClassFixture<TwoReplicas>
{
    [Fact]
    public async Task A_full_sync_imports_the_whole_shop_with_visible_progress()
    {
        using var client = system.Replica(1);

        var run = await client.GetJsonAsync($"/api/v1/sync/{system.ImportRun}");

        Assert.Equal("succeeded", (string?)run["status"]);
        Assert.Equal((int)run["total"]!, (int)run["done"]!);
        var rows = ShopSize.Products + ShopSize.Customers + ShopSize.Addresses + ShopSize.Orders;
        Assert.True((int)run["created"]! >= rows, $"{rows} rows were expected: {run.ToJsonString()}");
        Assert.Equal(0, (int)run["failed"]!);
        Assert.Equal(ShopSize.Products, await TotalAsync(client, "/api/v1/products?shop_id=1&limit=1"));
        // One in a hundred was deleted in the shop: imported, because orders point at them, and not listed.
        Assert.InRange(
            await TotalAsync(
                client, "/api/v1/customers?shop_id=1&limit=1"), ShopSize.Customers * 95 / 100, ShopSize.Customers);
    }

    [Fact]
    public async Task Sums_over_the_imported_orders_equal_the_shops()
    {
        using var client = system.Replica(0);
        using var shop = system.Shop();
        await system.Sync.RunAsync("incremental");
        var totals = await shop.GetJsonAsync("/__mock/totals");

        var ids = new List<long>();
        for (var page = 1; ids.Count == (page - 1) * 500; page++)
        {
            var orders = await client.GetJsonAsync(
                $"/api/v1/orders?shop_id=1&limit=500&page={page}&order_by=id&order_direction=asc");
            ids.AddRange(orders["items"]!.AsArray().Select(order => (long)order!["id"]!));
        }
        var imported = new List<JsonNode>();
        foreach (var chunk in ids.Chunk(20))
            imported.AddRange(await Task.WhenAll(chunk.Select(id => client.GetJsonAsync($"/api/v1/orders/{id}"))));

        Assert.Equal((int)totals["orders"]!, ids.Distinct().Count());
        Assert.Equal((int)totals["order_lines"]!, imported.Sum(order => order["lines"]!.AsArray().Count));
        Assert.Equal((decimal)totals["total_paid"]!, Sum("total_paid"));
        Assert.Equal((decimal)totals["total_products_net"]!, Sum("total_products"));
        Assert.Equal((decimal)totals["total_products_gross"]!, Sum("total_products_wt"));
        Assert.Equal((decimal)totals["total_shipping"]!, Sum("total_shipping"));
        Assert.Equal((decimal)totals["total_discounts"]!, Sum("total_discounts"));

        decimal Sum(string field) => imported.Sum(order => (decimal)order[field]!);
    }

    [Fact]
    public async Task Products_have_the_Italian_rate_of_their_tax_group()
    {
        using var client = system.Replica(0);

        var products = (await client.GetJsonAsync("/api/v1/products?shop_id=1&limit=500"))["items"]!.AsArray();

        Assert.Equal([4m, 10m, 22m], products.Select(product => (decimal)product!["vat_rate"]!).Distinct().Order());
    }

    [Fact]
    public async Task A_second_full_sync_changes_nothing_and_invalidates_nothing()
    {
        using var client = system.Replica(0);
        await system.Sync.RunAsync("full");
        var product = (await client.GetJsonAsync("/api/v1/products?shop_id=1&limit=1"))["items"]![0]!;
        var order = (await client.GetJsonAsync("/api/v1/orders?shop_id=1&limit=1"))["items"]![0]!;
        string[] paths = [$"/api/v1/products/{product["id"]}", $"/api/v1/orders/{order["id"]}", "/api/v1/order_states",
            "/api/v1/orders?shop_id=1&limit=3"];
        var before = await Task.WhenAll(paths.Select(path => TaggedAsync(client, path)));

        var run = await system.Sync.RunAsync("full");

        Assert.Equal(0, (int)run["created"]! + (int)run["updated"]!);
        Assert.Equal((int)run["done"]!, (int)run["unchanged"]!);
        foreach (var (path, known) in paths.Zip(before))
        {
            var now = await TaggedAsync(client, path);
            Assert.Equal(known.ETag, now.ETag);
            Assert.Contains("; hit;", now.Status);
        }
    }

    [Fact]
    public async Task An_incremental_sync_imports_exactly_what_was_added()
    {
        using var client = system.Replica(0);
        using var other = system.Replica(1);
        using var shop = system.Shop();
        await system.Sync.RunAsync("incremental");
        var before = await TotalAsync(client, "/api/v1/orders?shop_id=1&limit=1");
        await TotalAsync(other, "/api/v1/orders?shop_id=1&limit=1");

        var added = (await shop.PostJsonAsync("/__mock/orders", new { count = 3 }))["ids"]!.AsArray()
            .Select(id => (long)id!).Order().ToArray();
        var run = await system.Sync.RunAsync("incremental");

        Assert.Equal(3, (int)run["created"]!);
        var newest = (
            await client.GetJsonAsync(
                "/api/v1/orders?shop_id=1&limit=3&order_by=id&order_direction=desc"))["items"]!.AsArray();
        Assert.Equal(added, newest.Select(order => (long)order!["origin_id"]!).Order());
        Assert.Equal(before + 3, await TotalAsync(client, "/api/v1/orders?shop_id=1&limit=1"));
        await Eventually.TrueAsync(
            async () =>
                await TotalAsync(other, "/api/v1/orders?shop_id=1&limit=1") == before
                    + 3, "the other replica shows them too");
    }

    [Fact]
    public async Task A_state_changed_in_the_shop_arrives_with_its_history()
    {
        using var client = system.Replica(0);
        using var shop = system.Shop();
        var order = (
            await client.GetJsonAsync(
                "/api/v1/orders?shop_id=1&limit=1&order_by=id&order_direction=asc"))["items"]![0]!;
        var (id, origin) = ((long)order["id"]!, (long)order["origin_id"]!);
        var history = (await client.GetJsonAsync($"/api/v1/orders/{id}/history")).ToJsonString();

        await shop.PostJsonAsync($"/__mock/orders/{origin}/state", new { state_id = 7 });
        await system.Sync.RunAsync("incremental");

        var states = (await client.GetJsonAsync("/api/v1/order_states"))["items"]!.AsArray();
        var refunded = states.Single(state => (long?)state!["origin_id"] == 7 && (int?)state["shop_id"] == 1)!;
        Assert.Equal((int)refunded["id"]!, (int)(await client.GetJsonAsync($"/api/v1/orders/{id}"))["state_id"]!);
        Assert.NotEqual(history, (await client.GetJsonAsync($"/api/v1/orders/{id}/history")).ToJsonString());
    }

    [Fact]
    public async Task A_state_changed_here_wins_until_it_is_pushed()
    {
        using var client = system.Replica(0);
        var order = (
            await client.GetJsonAsync(
                "/api/v1/orders?shop_id=1&limit=1&page=5&order_by=id&order_direction=asc"))["items"]![0]!;
        var states = (await client.GetJsonAsync("/api/v1/order_states"))["items"]!.AsArray();
        var other = states.First(
            state => (int)state!["id"]! != (int)order["state_id"]! && (int?)state["shop_id"] == 1)!;
        using var shop = system.Shop();
        await shop.PostJsonAsync(
            "/__mock/faults", new { kind = "unavailable", times = 0, resource = "order_histories", on = "POST" });
        (await client.CallAsync(
            HttpMethod.Patch, $"/api/v1/orders/{order["id"]}/status",
            new { state_id = (int)other["id"]! })).EnsureSuccessStatusCode();

        await shop.PostJsonAsync($"/__mock/orders/{order["origin_id"]}/state", new { state_id = 8 });
        await system.Sync.RunAsync("full");

        Assert.Equal((int)other["id"]!, (int)(await client.GetJsonAsync($"/api/v1/orders/{order["id"]}"))["state_id"]!);
        (await shop.CallAsync(HttpMethod.Delete, "/__mock/faults")).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(
            async () => (string?)(await client.GetJsonAsync($"/api/v1/orders/{order["id"]}"))["state_push"]!["status"]
                == "done",
            "the state is pushed", TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task A_second_sync_of_a_shop_is_refused_and_names_the_first()
    {
        using var client = system.Replica(0);
        using var other = system.Replica(1);
        using var shop = system.Shop();
        await shop.PostJsonAsync(
            "/__mock/faults", new { kind = "slow", times = 1, resource = "taxes", delay_ms = 1500 });
        var first = await system.Sync.StartAsync("full");

        using var second = await other.CallAsync(HttpMethod.Post, "/api/v1/shops/1/sync", new { mode = "full" });

        var problem = await second.ProblemAsync(HttpStatusCode.Conflict, "sync_running");
        Assert.Equal(first, (long)problem["run"]!);
        Assert.Equal($"/api/v1/sync/{first}", second.Headers.Location!.ToString());
        await system.Sync.FinishedAsync(first);
        await system.Sync.RunAsync("incremental");
    }

    [Fact]
    public async Task Two_replicas_that_start_a_sync_at_once_run_it_once()
    {
        using var one = system.Replica(0);
        using var two = system.Replica(1);

        var started = await Task.WhenAll(((HttpClient[])[one, two, one, two]).Select(client =>
            client.CallAsync(HttpMethod.Post, "/api/v1/shops/1/sync", new { mode = "full" })));

        Assert.Single(started, response => response.StatusCode == HttpStatusCode.Accepted);
        Assert.Equal(3, started.Count(response => response.StatusCode == HttpStatusCode.Conflict));
        var run = started.Single(response => response.StatusCode == HttpStatusCode.Accepted);
        await system.Sync.FinishedAsync((long)(await run.JsonAsync())["id"]!);
        Assert.Equal(ShopSize.Products, await TotalAsync(one, "/api/v1/products?shop_id=1&limit=1"));
    }

    [Theory]
    [InlineData("html500")]
    [InlineData("drop")]
    [InlineData("empty")]
    [InlineData("unavailable")]
    [InlineData("notice")]
    public async Task A_shop_that_fails_now_and_then_is_asked_again(string kind)
    {
        using var shop = system.Shop();
        await shop.PostJsonAsync("/__mock/faults", new { kind, times = 2, resource = "orders" });

        var run = await system.Sync.RunAsync("full");

        Assert.Equal(0, (int)run["failed"]!);
        Assert.Empty((await shop.GetJsonAsync("/__mock/faults")).AsArray());
    }

    [Fact]
    public async Task A_shop_that_is_down_fails_the_run_with_a_reason()
    {
        using var client = system.Replica(0);
        using var shop = system.Shop();
        await shop.PostJsonAsync("/__mock/faults", new { kind = "unavailable", times = 0, resource = "customers" });

        var last = (await system.Sync.EventsAsync(await system.Sync.StartAsync("full")))[^1];
        (await shop.CallAsync(HttpMethod.Delete, "/__mock/faults")).EnsureSuccessStatusCode();

        Assert.Equal("failed", (string?)last["status"]);
        Assert.Contains("customers: the shop returned 503", (string?)last["errors"]![0]!["message"]);
    }

    [Fact]
    public async Task Another_tenants_shop_and_run_do_not_exist()
    {
        using var globex = system.Replica(0, "globex.admin");

        using var start = await globex.CallAsync(HttpMethod.Post, "/api/v1/shops/1/sync", new { mode = "full" });
        using var look = await globex.GetAnyAsync($"/api/v1/sync/{system.ImportRun}");
        using var follow = await globex.GetAnyAsync($"/api/v1/sync/{system.ImportRun}/events");

        Assert.Equal(
            [HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound],
            [start.StatusCode, look.StatusCode, follow.StatusCode]);
    }

    [Fact]
    public async Task A_mode_that_is_none_is_refused_by_name()
    {
        using var client = system.Replica(0);

        using var response = await client.CallAsync(
            HttpMethod.Post, "/api/v1/shops/1/sync", new { mode = "sometimes" });

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "mode");
    }

    private static async Task<int> TotalAsync(HttpClient client, string path) =>
        (int)(await client.GetJsonAsync(path))["total"]!;

    private static async Task<(string? ETag, string Status)> TaggedAsync(HttpClient client, string path)
    {
        // Twice, so that what is asked for now is in the caches afterwards.
        (await client.GetAnyAsync(path)).Dispose();
        using var response = await client.GetAnyAsync(path);
        return (response.Headers.ETag?.Tag, response.CacheStatus());
    }
}
