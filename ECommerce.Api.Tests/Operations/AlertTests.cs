using System.Text.RegularExpressions;
using ECommerce.Api.Tests.ServiceDefaults;

namespace ECommerce.Api.Tests.Operations;

/// <summary>The files of ops/prometheus, as Prometheus judges them, and the metrics that they name.</summary>
public sealed partial class AlertTests(ApiFixture fixture)
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "ops", "prometheus");

    [Theory(Skip = Promtool.Reason, SkipType = typeof(Promtool), SkipUnless = nameof(Promtool.IsExpected))]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    public async Task Prometheus_accepts_its_configuration_and_each_alert_fires(params string[] command)
    {
        var (exitCode, output) = await Promtool.RunAsync(command, folder: Folder);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Every_alert_has_a_case_that_fires_and_names_an_entry_of_the_runbook()
    {
        var rules = Read("alerts.yml");
        var alerts = Alert().Matches(rules).Select(static found => found.Groups[1].Value).ToArray();
        var fires = Read("alerts.test.yml");
        var runbook = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "runbook.md"));

        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Matches($"alertname: {alert}\\s+exp_alerts", fires));
        Assert.All(
            Runbook().Matches(rules).Select(static found => found.Groups[1].Value),
            title => Assert.Contains($"\n## {title.Replace('-', ' ')}\n", runbook, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Alerts_use_no_metric_that_the_api_does_not_have()
    {
        var used = Metrics.In(Read("alerts.yml"));

        Assert.True(used.Count >= 8, string.Join(' ', used));
        Assert.Empty(used.Except(Metrics.Of(fixture)));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"runbook: docs/runbook\.md#([\w-]+)")]
    private static partial Regex Runbook();
}
