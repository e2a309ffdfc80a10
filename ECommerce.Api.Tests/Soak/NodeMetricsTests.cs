using ECommerce.Api.Tests.ServiceDefaults;

namespace ECommerce.Api.Tests.Soak;

/// <summary>The counters of the nodes, added up, equal the Cache-Status of their responses.</summary>
[Collection(nameof(Alone))]
public sealed class NodeMetricsTests(ThreeNodes three) : IClassFixture<ThreeNodes>
{
    private const int Steps = 400;

    [Fact]
    public async Task Hits_and_misses_of_three_nodes_add_up_to_the_Cache_Status_of_the_responses()
    {
        var random = new Random(17);
        var product = $"/api/v1/products/{(await three.Client(0).ProductAsync())["id"]}";
        var customer = $"/api/v1/customers/{(await three.Client(1).CustomerAsync())["id"]}";
        var order = $"/api/v1/orders/{(await three.Client(2).OrderAsync())["id"]}";
        (string Pattern, string Path)[] reads =
        [
            ("product:{tenant}:{id}", product), ("customer:{tenant}:{id}", customer), ("order:{tenant}:{id}", order),
            ("products:list:{tenant}:{qhash}", "/api/v1/products?limit=7"), (
                "orders:list:{tenant}:{qhash}", "/api/v1/orders?limit=7&order_by=date_add"),
        ];
        var (served, grown) = await RunAsync(reads, product, customer, random);
        // A call to Redis that timed out on a loaded machine is neither a hit nor a miss.
        for (var again = 0; again < 3 && grown("cache_error_total", []) > 0; again++)
            (served, grown) = await RunAsync(reads, product, customer, random);

        foreach (var (pattern, counts) in served)
        {
            double Grown(string name, string label) => grown(name, [label, $"key_pattern=\"{pattern}\""]);
            Assert.All(counts, layer => Assert.True(layer.Value > 0, $"{pattern}: never {layer.Key}"));
            // A response counts for the output cache, whichever layer had it. It is stored after it was sent: a
            // request before that is served from the data.
            var (hits, misses) = (counts["memory"] + counts["redis"], counts["miss"]);
            var (fromMemory, fromRedis) = (
                Grown("cache_hit_total", "cache_layer=\"memory\""), Grown("cache_hit_total", "cache_layer=\"redis\""));
            Assert.Equal(hits, Grown("cache_hit_total", "cache_layer=\"output\"") + fromMemory + fromRedis);
            Assert.Equal(misses + fromRedis + fromMemory, Grown("cache_miss_total", "cache_layer=\"output\""));
            Assert.Equal(misses + fromRedis, Grown("cache_miss_total", "cache_layer=\"memory\""));
            Assert.Equal(misses, Grown("cache_miss_total", "cache_layer=\"redis\""));
            Assert.Equal(misses, Grown("cache_factory_total", "outcome=\"succeeded\""));
        }
    }

    [Fact(Skip = Promtool.Reason, SkipType = typeof(Promtool), SkipUnless = nameof(Promtool.IsExpected))]
    public async Task Promtool_accepts_the_metrics_of_every_node()
    {
        for (var node = 0; node < 3; node++)
        {
            (await three.Client(node).GetAnyAsync("/api/v1/products")).Dispose();
            await Promtool.AssertAcceptsAsync(await three.Client(node).TextAsync("/metrics"));
        }
    }

    /// <summary>
    /// Reads and writes at random. Returns the layers of the responses by pattern, and by how much a counter has grown
    /// over all nodes.
    /// </summary>
    private async Task<(
        Dictionary<string, Dictionary<string, int>> Served, Func<string, string[], double> Grown)> RunAsync(
        (string Pattern, string Path)[] reads, string product, string customer, Random random)
    {
        var served = reads.ToDictionary(
            read => read.Pattern, _ => new Dictionary<string, int> { ["memory"] = 0, ["redis"] = 0, ["miss"] = 0 });
        var before = await ScrapeAsync();
        for (var step = 0; step < Steps; step++)
        {
            if (random.Next(12) == 0)
            {
                await three.Client(random.Next(3)).PutJsonAsync(product, Samples.Product());
                await three.Client(random.Next(3)).PutJsonAsync(customer, Samples.Customer());
                continue;
            }
            var (pattern, path) = reads[random.Next(reads.Length)];
            using var response = await three.Client(random.Next(3)).GetAnyAsync(path);
            served[pattern][Rows.LayerOf(response)]++;
        }
        var after = await ScrapeAsync();
        return (
            served, (name, labels) =>
                after.Sum(node => node.Sum(name, labels)) - before.Sum(node => node.Sum(name, labels)));
    }

    private async Task<PrometheusReader[]> ScrapeAsync() =>
        await Task.WhenAll(
            Enumerable.Range(0, 3)
                .Select(async node => PrometheusReader.Read(await three.Client(node).TextAsync("/metrics"))));
}
