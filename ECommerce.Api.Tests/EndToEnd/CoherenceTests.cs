using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.EndToEnd;

/// <summary>What two replicas over one Redis and one database show, through HTTP.</summary>
public sealed class CoherenceTests(TwoReplicas system) : IClassFixture<TwoReplicas>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_is_first_a_miss_and_then_in_memory()
    {
        using var client = system.Replica(0);
        var order = await client.OrderAsync();

        using var first = await client.GetAnyAsync($"/api/v1/orders/{order["id"]}");
        using var second = await client.GetAnyAsync($"/api/v1/orders/{order["id"]}");

        Assert.Equal("ecommerce; fwd=miss", Status(first));
        Assert.Matches(@"^ecommerce; hit; ttl=\d+; detail=memory$", Status(second));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.StartsWith($"\"{order["row_version"]}-", first.Headers.ETag!.Tag);
    }

    [Theory]
    [InlineData("products")]
    [InlineData("orders")]
    public async Task A_value_that_one_replica_read_comes_from_redis_on_the_other(string kind)
    {
        using var one = system.Replica(0);
        using var two = system.Replica(1);
        var path = $"/api/v1/{kind}/{(kind == "orders" ? await one.OrderAsync() : await one.ProductAsync())["id"]}";

        using var made = await one.GetAnyAsync(path);
        using var shared = await two.GetAnyAsync(path);
        using var kept = await two.GetAnyAsync(path);

        Assert.Equal("ecommerce; fwd=miss", Status(made));
        Assert.EndsWith("detail=redis", Status(shared));
        Assert.EndsWith("detail=memory", Status(kept));
        Assert.Equal(made.Headers.ETag, shared.Headers.ETag);
    }

    [Fact]
    public async Task A_matching_ETag_returns_304()
    {
        using var client = system.Replica(0);
        var path = $"/api/v1/orders/{(await client.OrderAsync())["id"]}";
        using var known = await client.GetAnyAsync(path);

        using var again = await client.CallAsync(
            HttpMethod.Get, path, null, ("If-None-Match", known.Headers.ETag!.Tag));
        using var elsewhere = await system.Replica(1)
            .CallAsync(HttpMethod.Get, path, null, ("If-None-Match", known.Headers.ETag!.Tag));
        using var anonymous = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "If-None-Match", "*" } } };
        client.DefaultRequestHeaders.Authorization = null;
        using var refused = await client.SendAsync(anonymous, Ct);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    public async Task A_changed_state_shows_on_either_replica_at_once(int writer, int reader)
    {
        using var writing = system.Replica(writer);
        using var reading = system.Replica(reader);
        var order = await writing.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        var list = $"/api/v1/orders?customer_id={order["customer_id"]}";
        using var before = await reading.GetAnyAsync(path);
        var listed = await reading.GetJsonAsync(list);
        var states = (await writing.GetJsonAsync("/api/v1/order_states"))["items"]!.AsArray();
        var next = states.First(state => (int)state!["id"]! != (int)order["state_id"]! && state["shop_id"] is null)!;

        using var changed = await writing.CallAsync(
            HttpMethod.Patch, $"{path}/status", new { state_id = (int)next["id"]! });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        // On a loaded machine a node may acknowledge late; the response then names a deferred invalidation.
        if (changed.Headers.Contains("Cache-Invalidation"))
        {
            await Eventually.TrueAsync(
                async () =>
                    (int)(await reading.GetJsonAsync(path))["state_id"]! == (int)next["id"]!, "the lease has ended");
        }

        using var after = await reading.GetAnyAsync(path);
        Assert.Equal((int)next["id"]!, (int)(await after.JsonAsync())["state_id"]!);
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        Assert.Equal((int)order["state_id"]!, StateOf(listed));
        Assert.Equal((int)next["id"]!, StateOf(await reading.GetJsonAsync(list)));
    }

    [Fact]
    public async Task A_customers_new_name_shows_in_its_orders_on_both_replicas()
    {
        using var one = system.Replica(0);
        using var two = system.Replica(1);
        var customer = await one.CustomerAsync();
        var order = await one.PostJsonAsync("/api/v1/orders", new
        {
            customer_id = (long)customer["id"]!,
            lines = new[] { new { product_name = "Servizio", product_quantity = 1, unit_price_tax_excl = 10 } },
        });
        var path = $"/api/v1/orders/{order["id"]}";
        await one.GetJsonAsync(path);
        await two.GetJsonAsync(path);

        var name = Samples.Unique("Nuovo");
        await one.PutJsonAsync($"/api/v1/customers/{customer["id"]}", Samples.Customer(name));

        Assert.Contains(name, (await one.GetJsonAsync(path)).ToJsonString());
        await Eventually.TrueAsync(
            async () =>
                (await two.GetJsonAsync(path)).ToJsonString()
                    .Contains(name, StringComparison.Ordinal), "the other replica shows the new name");
    }

    [Fact]
    public async Task A_cached_404_does_not_hide_what_is_created_afterwards()
    {
        using var one = system.Replica(0);
        using var two = system.Replica(1);
        var last = (long)(await one.ProductAsync())["id"]!;
        // The next id is known, unless another test takes it in between: then this one tries again.
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var next = $"/api/v1/products/{last + 1}";
            using var missing = await one.GetAnyAsync(next);
            using var missingToo = await two.GetAnyAsync(next);
            last = (long)(await one.ProductAsync())["id"]!;
            if (!next.EndsWith($"/{last}", StringComparison.Ordinal) || missing.StatusCode != HttpStatusCode.NotFound)
                continue;

            Assert.Equal(HttpStatusCode.NotFound, missingToo.StatusCode);
            using var found = await one.GetAnyAsync(next);
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
            await Eventually.TrueAsync(
                async () =>
                    (await two.GetAnyAsync(next)).StatusCode == HttpStatusCode.OK, "the other replica finds it too");
            return;
        }
        Assert.Fail("Other tests took every id.");
    }

    [Fact]
    public async Task Parallel_reads_of_one_cold_key_run_its_sql_once()
    {
        using var client = system.Replica(0);
        var order = await client.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        using var many = new HttpClient(
            new SocketsHttpHandler { MaxConnectionsPerServer = 200 })
        { BaseAddress = client.BaseAddress };
        many.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;

        var responses = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => many.GetAnyAsync(path)));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        var key = $"order:acme:{order["id"]}";
        await Eventually.TrueAsync(async () => await system.MissesAsync(0, key) > 0, "the miss is in the log");
        Assert.Equal(1, await system.MissesAsync(0, key));
    }

    [Fact]
    public async Task Redis_may_die_and_come_back()
    {
        using var one = system.Replica(0);
        using var two = system.Replica(1);
        var product = await one.ProductAsync();
        var path = $"/api/v1/products/{product["id"]}";
        await one.GetJsonAsync(path);
        await two.GetJsonAsync(path);

        await system.KillAsync("redis");

        using (var read = await one.GetAnyAsync(path))
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        using (var list = await two.GetAnyAsync("/api/v1/orders?limit=5"))
            Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        var name = Samples.Unique("senza");
        using (var written = await one.CallAsync(HttpMethod.Put, path, Samples.Product(name)))
        {
            Assert.Equal(HttpStatusCode.OK, written.StatusCode);
            Assert.Equal("deferred", written.Headers.GetValues("Cache-Invalidation").Single());
        }
        Assert.Equal(name, (string?)(await one.GetJsonAsync(path))["name"]);
        // Bounded by the lease: the other replica receives no messages, and stops trusting its memory.
        await Eventually.TrueAsync(
            async () =>
                (string?)(await two.GetJsonAsync(path))["name"] == name, "the other replica shows the new name");

        await system.StartAgainAsync("redis");

        await Eventually.TrueAsync(async () =>
        {
            var fresh = $"/api/v1/products/{(await one.ProductAsync())["id"]}";
            (await one.GetAnyAsync(fresh)).Dispose();
            using var shared = await two.GetAnyAsync(fresh);
            return Status(shared).EndsWith("detail=redis", StringComparison.Ordinal);
        }, "values travel through Redis again, with no restart");
        Assert.Equal(name, (string?)(await two.GetJsonAsync(path))["name"]);
        // Until then the replicas may still drop what they hold, which other tests count on.
        await Eventually.TrueAsync(
            async () => await HasRecoveredAsync(one) && await HasRecoveredAsync(two), "the replicas have recovered");
    }

    [Fact]
    public async Task No_tenant_sees_anothers_order_even_where_it_is_cached()
    {
        using var acme = system.Replica(0);
        using var globex = system.Replica(0, "globex.admin");
        var path = $"/api/v1/orders/{(await acme.OrderAsync())["id"]}";
        (await acme.GetAnyAsync(path)).Dispose();

        using var foreign = await globex.GetAnyAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    private static async Task<bool> HasRecoveredAsync(HttpClient replica) =>
        await replica.GetJsonAsync("/health/cache") is var health
            && ((string?)health["status"], (int?)health["pending_invalidations"]) == ("healthy", 0);

    private static string Status(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Cache-Status", out var values) ? values.Single() : "";

    private static int StateOf(JsonNode list) => (int)list["items"]!.AsArray().Single()!["state_id"]!;
}
