using System.Text.Json.Nodes;
using ECommerce.Api.Tests.ServiceDefaults;
using ECommerce.Caching.History;
using Microsoft.Extensions.DependencyInjection;
using static Microsoft.Playwright.Assertions;

namespace ECommerce.Api.Tests.CacheAdministration.Dashboard;

/// <summary>
/// One run of requests whose number is known: metrics, statistics, history and dashboard count the same.
/// </summary>
public sealed class FiguresTests(DashboardSite site) : IClassFixture<DashboardSite>
{
    private static readonly (string Path, string Policy, string Layer)[] Reads =
    [
        ("/api/v1/products/{0}", "product:{tenant}:{id}", "memory"),
        ("/api/v1/products?limit=5", "products:list:{tenant}:{qhash}", "memory"),
        ("/api/v1/order_states", "order_states:{tenant}", "memory"),
        ("/api/v1/customers", "customers:list:{tenant}:{qhash}", "memory"),
        ("/api/v1/statistics/sales", "statistics:{tenant}:{name}:{qhash}", "application"),
    ];

    private static readonly string[] Counts = ["hits", "misses"];

    [Fact(Skip = Browser.Reason, SkipType = typeof(Browser), SkipUnless = nameof(Browser.IsExpected))]
    public async Task Metrics_statistics_history_and_dashboard_count_the_requests_of_a_run_by_policy_and_layer()
    {
        var nodes = new[] { site.Caches.One, site.Caches.Two };
        var product = (await site.Caches.As("acme.admin").ProductAsync())["id"];
        var requests = new Dictionary<string, int>();
        for (var i = 0; i < Reads.Length; i++)
        {
            // Each path another number of times on each node.
            foreach (var (node, times) in new[] { (nodes[0], 4 + i), (nodes[1], 2 + (2 * i)) })
            {
                for (var read = 0; read < times; read++)
                {
                    await site.Caches.As("acme.admin", node).TextAsync(
                        string.Format(System.Globalization.CultureInfo.InvariantCulture, Reads[i].Path, product));
                }
                requests[Reads[i].Policy] = requests.GetValueOrDefault(Reads[i].Policy) + times;
            }
        }

        var metrics = await MetricsAsync(nodes);
        var statistics = StatisticsOf(await site.Caches.As("acme.admin").GetJsonAsync("/api/v1/cache/stats"));
        foreach (var node in nodes)
            await node.Services.GetRequiredService<HistorySampler>().SampleAsync(TestContext.Current.CancellationToken);
        var history = HistoryOf(await site.Caches.As("acme.admin").GetJsonAsync("/api/v1/cache/analytics"));
        await using var page = await (await site.Browser.OpenAsync(site.Address)).LoggedInAsync();
        var dashboard = await page.ReadsAsync();

        foreach (var (_, policy, data) in Reads)
        {
            long Of(string layer, string figure) => metrics.GetValueOrDefault((policy, layer, figure));
            Assert.Equal(requests[policy], Of("output", "hits") + Of("output", "misses"));
            // What no response has is read from the data.
            Assert.Equal(Of("output", "misses"), Of(data, "hits") + Of(data, "misses"));
            Assert.True(Of("output", "hits") > 0, policy);
        }
        Assert.Equal(Sorted(metrics), Sorted(statistics));
        Assert.Equal(Sorted(metrics), Sorted(history));
        Assert.Equal(Sorted(metrics), Sorted(dashboard));
        await page.Page.GetByLabel("Time", new() { Exact = true }).SelectOptionAsync("60");
        await Expect(page.Page.Locator("#range-note")).ToContainTextAsync("in steps of 1 min");
        await Expect(page.Page.Locator("#chart-ratio desc")).ToContainTextAsync("output: last");
    }

    private static async Task<Dictionary<(string, string, string), long>> MetricsAsync(ApiFactory[] nodes)
    {
        var sums = new Dictionary<(string, string, string), long>();
        foreach (var node in nodes)
        {
            var metrics = PrometheusReader.Read(await node.Anonymous().TextAsync("/metrics"));
            foreach (var policy in FeatureRegistration.CachePolicies.Select(policy => policy.Pattern).Append(
                "statistics:{tenant}:{name}:{qhash}").Distinct())
            {
                foreach (var layer in (string[])["memory", "redis", "output", "application"])
                {
                    Add("hits", "cache_hit_total");
                    Add("misses", "cache_miss_total");

                    void Add(string figure, string metric) =>
                        sums[(policy, layer, figure)] = sums.GetValueOrDefault((policy, layer, figure))
                            + (long)metrics.Sum(metric, $"key_pattern=\"{policy}\"", $"cache_layer=\"{layer}\"");
                }
            }
        }
        return sums;
    }

    private static Dictionary<(string, string, string), long> StatisticsOf(JsonNode statistics) =>
        Columns(statistics, static value => (long)value);

    private static Dictionary<(string, string, string), long> HistoryOf(JsonNode history) =>
        Columns(history, static values => values.AsArray().Sum(static value => (long)value!));

    private static Dictionary<(string, string, string), long> Columns(JsonNode of, Func<JsonNode, long> sum) =>
        of["policies"]!.AsArray().SelectMany(policy => policy!["layers"]!.AsArray().SelectMany(layer =>
            Counts.Select(figure => (
                Key: ((string)policy["pattern"]!, (string)layer!["layer"]!, figure), Value: sum(layer[figure]!)))))
        .ToDictionary(static one => one.Key, static one => one.Value);

    // What was not read is a row of zeros in some, and none in others.
    private static IEnumerable<string> Sorted(Dictionary<(string Policy, string Layer, string Figure), long> counts) =>
        counts.Where(static one => one.Value > 0).Select(static one => $"{one.Key} {one.Value}")
            .Order(StringComparer.Ordinal);
}
