using System.Text.Json.Nodes;
using ECommerce.Api.Tests.ServiceDefaults;

namespace ECommerce.Api.Tests.Operations;

/// <summary>The dashboard of ops/grafana: each query is one that Prometheus reads, of metrics we have.</summary>
public sealed class GrafanaTests(ApiFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly JsonNode Dashboard = JsonNode.Parse(
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "ops", "grafana", "caches.json")))!;

    private static string[] Queries =>
        [.. Dashboard["panels"]!.AsArray().SelectMany(static panel => panel!["targets"]!.AsArray())
            .Select(static target => (string)target!["expr"]!)];

    [Fact]
    public void Panels_show_every_metric_of_the_cache_and_no_other()
    {
        var shown = Queries.SelectMany(Metrics.In).ToHashSet(StringComparer.Ordinal);

        // A miss of one layer is a read of the next; what no layer could serve is a run of a factory.
        Assert.Equal(
            Metrics.Of(fixture).Where(static name => name.StartsWith("cache_", StringComparison.Ordinal))
                .Except(["cache_miss_total"]).Order(StringComparer.Ordinal),
            shown.Order(StringComparer.Ordinal));
    }

    [Fact(Skip = Promtool.Reason, SkipType = typeof(Promtool), SkipUnless = nameof(Promtool.IsExpected))]
    public async Task Prometheus_can_read_every_query()
    {
        var folder = Directory.CreateTempSubdirectory("grafana-");
        try
        {
            // As recording rules, with Grafana's variables replaced.
            var rules = string.Concat(Queries.Select(static (query, i) =>
                $"      - record: panel_{i}\n        expr: '{query.Replace("$__rate_interval", "1m")}'\n"));
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "panels.yml"), $"groups:\n  - name: panels\n    rules:\n{rules}", Ct);

            var (exitCode, output) = await Promtool.RunAsync(["check", "rules", "panels.yml"], folder: folder.FullName);

            Assert.True(exitCode == 0, output);
            Assert.Contains($"{Queries.Length} rules found", output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
