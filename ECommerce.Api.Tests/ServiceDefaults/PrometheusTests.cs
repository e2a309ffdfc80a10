using System.Diagnostics.Metrics;
using ECommerce.ServiceDefaults.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ECommerce.Api.Tests.ServiceDefaults;

public sealed class PrometheusTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter _meter;
    private readonly PrometheusCollector _collector;

    public PrometheusTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _meter = meters.Create("ECommerce.Test");
        _collector = new PrometheusCollector(meters, NullLogger<PrometheusCollector>.Instance);
    }

    [Fact]
    public void Names_help_and_labels_are_escaped()
    {
        var counter = _meter.CreateCounter<long>("odd.name-of it", description: "A \\ and\na new line");
        counter.Add(2, new("b", "quoted \"hi\"\\\n"), new("a.b", null));
        counter.Add(3, new("a.b", null), new("b", "quoted \"hi\"\\\n"));

        Assert.Equal(
            """
            # HELP odd_name_of_it_total A \\ and\na new line
            # TYPE odd_name_of_it_total counter
            odd_name_of_it_total{a_b="",b="quoted \"hi\"\\\n"} 5

            """.ReplaceLineEndings("\n"),
            _collector.Scrape());
    }

    [Fact]
    public void A_histogram_has_its_buckets_their_sum_and_their_count()
    {
        var histogram = _meter.CreateHistogram<double>(
            "wait_seconds", "s", "Waiting.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in (double[])[0.05, 0.1, 0.5, 7])
            histogram.Record(value, new KeyValuePair<string, object?>("caller", "me"));

        Assert.Equal(
            """
            # HELP wait_seconds Waiting.
            # TYPE wait_seconds histogram
            wait_seconds_bucket{caller="me",le="0.1"} 2
            wait_seconds_bucket{caller="me",le="1"} 3
            wait_seconds_bucket{caller="me",le="+Inf"} 4
            wait_seconds_sum{caller="me"} 7.65
            wait_seconds_count{caller="me"} 4

            """.ReplaceLineEndings("\n"),
            _collector.Scrape());
    }

    [Fact]
    public void An_observable_shows_its_current_values_and_drops_those_no_longer_observed()
    {
        var items = new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 };
        _meter.CreateObservableGauge(
            "items", () =>
                items.Select(
                    item => new Measurement<int>(item.Value, new KeyValuePair<string, object?>("of", item.Key))));
        _meter.CreateObservableCounter("seen_total", () => 41L);
        _meter.CreateObservableGauge("broken", int () => throw new InvalidOperationException());
        Assert.Equal(3, PrometheusReader.Read(_collector.Scrape()).Sum("items"));
        items.Remove("a");

        var now = PrometheusReader.Read(_collector.Scrape());

        Assert.Equal(2, now.Sum("items"));
        Assert.Equal("gauge", now.TypeOf("items"));
        Assert.Equal("counter", now.TypeOf("seen_total"));
        Assert.Contains("seen_total 41\n", _collector.Scrape());
        Assert.False(now.Has("broken"));
    }

    [Fact]
    public void A_label_with_ever_new_values_ends_in_one_series()
    {
        var counter = _meter.CreateCounter<long>("mistake_total");
        for (var i = 0; i < 5000; i++)
            counter.Add(1, new KeyValuePair<string, object?>("key", i));

        var text = PrometheusReader.Read(_collector.Scrape());

        Assert.Equal(PrometheusFamily.MaxSeries + 1, text.Count);
        Assert.Equal(5000 - PrometheusFamily.MaxSeries, text.Sum("mistake_total", "overflow=\"true\""));
    }

    [Fact]
    public void Another_hosts_meters_and_those_of_others_are_left_out()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        other.GetRequiredService<IMeterFactory>().Create("ECommerce.Test").CreateCounter<long>("foreign_total").Add(1);
        _services.GetRequiredService<IMeterFactory>().Create("Foreign").CreateCounter<long>("foreign_meter_total")
            .Add(1);

        Assert.Empty(_collector.Scrape());
    }

    public void Dispose()
    {
        _collector.Dispose();
        _services.Dispose();
    }
}
