using System.Net;
using System.Text.Json.Nodes;
using ECommerce.Api.Tests.ServiceDefaults;
using ECommerce.Caching.Memory;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Api;

public sealed class MetricsTests(ApiFixture fixture)
{
    private const string Product = "key_pattern=\"product:{tenant}:{id}\"";
    private const string Order = "key_pattern=\"order:{tenant}:{id}\"";
    private const string Memory = "cache_layer=\"memory\"";
    private const string Redis = "cache_layer=\"redis\"";
    private const string Output = "cache_layer=\"output\"";

    [Fact]
    public async Task Hits_and_misses_of_two_replicas_are_what_was_asked_per_layer_and_pattern()
    {
        await using var system = await TwoAsync();
        var (one, two) = system;
        var product = (int)(await one.ProductAsync())["id"]!;
        var order = (int)(await one.OrderAsync())["id"]!;
        var before = await BothAsync(one, two);

        await system.GetAsync(0, 5, "product", product); // Made once; then from memory.
        await system.GetAsync(1, 3, "product", product); // From Redis, then from memory.
        await one.PutJsonAsync($"/api/v1/products/{product}", Samples.Product());
        await system.GetAsync(0, 2, "product", product); // Made anew.
        // No personal data in Redis: each replica makes its own.
        await system.GetAsync(0, 4, "order", order);
        await system.GetAsync(1, 2, "order", order);

        var after = await BothAsync(one, two);
        double Grown(string name, params string[] labels) =>
            after.Sum(metrics => metrics.Sum(name, labels)) - before.Sum(metrics => metrics.Sum(name, labels));
        Assert.Equal(4 + 3 + 1, Grown("cache_hit_total", Output, Product));
        Assert.Equal(2, Grown("cache_miss_total", Output, Product));
        Assert.Equal(2, Grown("cache_miss_total", Memory, Product));
        Assert.Equal(2, Grown("cache_miss_total", Redis, Product));
        Assert.Equal(0, Grown("cache_hit_total", Memory, Product));
        Assert.Equal(2, Grown("cache_factory_total", "outcome=\"succeeded\"", Product));
        Assert.Equal(3 + 1, Grown("cache_hit_total", Output, Order));
        Assert.Equal(2, Grown("cache_miss_total", Output, Order));
        Assert.Equal(2, Grown("cache_miss_total", Memory, Order));
        Assert.Equal(0, Grown("cache_miss_total", Redis, Order) + Grown("cache_hit_total", Redis, Order));
        Assert.Equal(2, Grown("cache_factory_total", "outcome=\"succeeded\"", Order));
        Assert.True(Grown("cache_invalidation_total") > 0);
        Assert.True(Grown("cache_latency_seconds_count", Redis) > 0);
        Assert.True(after.Sum(metrics => metrics.Sum("cache_items", Memory)) > 0);
    }

    [Fact]
    public async Task The_metrics_are_in_the_format_of_Prometheus_and_need_no_token()
    {
        using var client = fixture.Api.Anonymous();
        // One that no other node can have left in the shared Redis: there are no metrics of factories until one has
        // run.
        (await fixture.As("acme.admin").GetAnyAsync($"/api/v1/products?search={Samples.Unique("metrics")}")).Dispose();

        using var response = await client.GetAnyAsync("/metrics");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var metrics = PrometheusReader.Read(text);
        Assert.All(
            ["cache_hit_total", "cache_miss_total", "cache_factory_total", "cache_latency_seconds", "cache_items",
                "cache_size_bytes", "cache_circuit_state"],
            name => Assert.True(metrics.Has(name), name));
        Assert.DoesNotContain("acme", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_of_the_cache_goes_from_healthy_to_degraded_and_back()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var api = new ApiFactory(await fixture.MySql.CreateDatabaseAsync(), redis.ConnectionString);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        var product = $"/api/v1/products/{(await admin.ProductAsync())["id"]}";
        for (var i = 0; i < 4; i++)
            (await admin.GetAnyAsync(product)).Dispose();
        await Eventually.TrueAsync(async () => await StatusAsync(api) == "healthy", "the cache is healthy");

        var health = await HealthAsync(api);
        Assert.Equal(
            ["status", "node", "redis", "memory", "hit_rate", "avg_latency_ms", "circuit_breaker", "backplane",
                "pending_invalidations", "configuration_error"],
            health.AsObject().Select(field => field.Key));
        Assert.Null(health["configuration_error"]);
        Assert.Equal("connected", (string?)health["backplane"]);
        Assert.Equal("closed", (string?)health["circuit_breaker"]);
        Assert.InRange((double)health["hit_rate"]!, 0.3, 0.99);
        Assert.True((double)health["avg_latency_ms"]! > 0);

        await redis.StopAsync();
        (await admin.CallAsync(HttpMethod.Put, product, Samples.Product())).Dispose();
        health = await HealthAsync(api);
        Assert.Equal("degraded", (string?)health["status"]);
        Assert.Equal("unhealthy", (string?)health["redis"]);
        await Eventually.TrueAsync(
            async () => (int)(await HealthAsync(api))["pending_invalidations"]! == 1, "the invalidation is overdue");

        await redis.StartAsync();
        await Eventually.TrueAsync(
            async () =>
                await StatusAsync(api) == "healthy"
                    && (int)(await HealthAsync(api))["pending_invalidations"]! == 0, "it is healthy again");
    }

    [Fact]
    public async Task Metrics_can_be_switched_off()
    {
        await using var api = new ApiFactory(
            await fixture.MySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString,
            settings: [("CACHE_METRICS_ENABLED", "false")]);
        await api.StartAsync();
        (await api.With(fixture.TokenOf("acme.admin")).GetAnyAsync("/api/v1/products")).Dispose();

        Assert.DoesNotContain("cache_", await api.Anonymous().TextAsync("/metrics"), StringComparison.Ordinal);
    }

    private async Task<Two> TwoAsync()
    {
        // A Redis of its own: other tests' nodes would take part in what is counted here.
        var redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        ApiFactory[] nodes = [new(database, redis.ConnectionString), new(database, redis.ConnectionString)];
        await Task.WhenAll(nodes.Select(node => node.StartAsync()));
        foreach (var node in nodes)
        {
            await Eventually.TrueAsync(
                async () => await StatusAsync(node) == "healthy", "both replicas receive each other's messages");
        }
        return new Two(redis, nodes, [.. nodes.Select(node => node.With(fixture.TokenOf("acme.admin")))]);
    }

    private static async Task<PrometheusReader[]> BothAsync(HttpClient one, HttpClient two) =>
        [PrometheusReader.Read(await one.TextAsync("/metrics")),
            PrometheusReader.Read(await two.TextAsync("/metrics"))];

    private static async Task<JsonNode> HealthAsync(ApiFactory api)
    {
        using var response = await api.Anonymous().GetAnyAsync("/health/cache");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }

    private static async Task<string?> StatusAsync(ApiFactory api) => (string?)(await HealthAsync(api))["status"];

    private sealed record Two(LocalRedis Redis, ApiFactory[] Nodes, HttpClient[] Clients) : IAsyncDisposable
    {
        public void Deconstruct(out HttpClient one, out HttpClient two) => (one, two) = (Clients[0], Clients[1]);

        /// <summary>
        /// Reads a row of a replica several times, each time after the previous response is stored, which is a moment
        /// after it was sent.
        /// </summary>
        public async Task GetAsync(int node, int times, string kind, int id)
        {
            var memory = Nodes[node].Services.GetRequiredService<MemoryLayer>();
            var tags = Nodes[node].Services.GetRequiredService<CacheEngine>().Tags;
            for (var i = 0; i < times; i++)
            {
                (await Clients[node].GetAnyAsync($"/api/v1/{kind}s/{id}")).Dispose();
                await Eventually.TrueAsync(
                    () => memory.Peek($"out:{kind}:acme:{id}")?.IsCurrent(tags) == true, "the response is stored");
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var node in Nodes)
                await node.DisposeAsync();
            await Redis.DisposeAsync();
        }
    }
}
