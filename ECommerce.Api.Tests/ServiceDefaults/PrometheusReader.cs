using System.Globalization;
using System.Text.RegularExpressions;

namespace ECommerce.Api.Tests.ServiceDefaults;

/// <summary>Reads the text format strictly: what it does not accept, Prometheus may not either.</summary>
internal sealed partial class PrometheusReader
{
    private readonly Dictionary<string, double> _samples = [];
    private readonly Dictionary<string, string> _types = [];

    public static PrometheusReader Read(string text)
    {
        var reader = new PrometheusReader();
        Assert.EndsWith("\n", text);
        string? family = null;
        string? helped = null;
        foreach (var line in text.Split('\n')[..^1])
        {
            if (Help().Match(line) is { Success: true } help)
            {
                helped = help.Groups[1].Value;
                continue;
            }
            if (Type().Match(line) is { Success: true } type)
            {
                family = type.Groups[1].Value;
                Assert.True(helped is null || helped == family, $"HELP of {helped} before TYPE of {family}");
                Assert.True(reader._types.TryAdd(family, type.Groups[2].Value), $"{family} comes twice");
                helped = null;
                continue;
            }
            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"Not a sample: {line}");
            var name = sample.Groups[1].Value;
            Assert.NotNull(family);
            Assert.Contains(
                name, reader._types[family] == "histogram"
                    ? [$"{family}_bucket", $"{family}_sum", $"{family}_count"]
                    : (string[])[family]);
            Assert.True(
                reader._samples.TryAdd(
                    $"{name}{{{sample.Groups[2].Value}}}", Number(sample.Groups[3].Value)), $"Twice: {line}");
        }
        reader.AssertHistograms();
        return reader;
    }

    public string TypeOf(string family) => _types.GetValueOrDefault(family, "");

    public bool Has(string family) => _types.ContainsKey(family);

    public int Count => _samples.Count;

    /// <summary>The sum of the samples that have all the labels (<c>cache_layer="memory"</c>).</summary>
    public double Sum(string name, params string[] labels) =>
        _samples.Where(
            sample =>
                sample.Key.StartsWith(name + "{", StringComparison.Ordinal)
                    && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal))).Sum(
                        sample => sample.Value);

    private void AssertHistograms()
    {
        foreach (var (family, _) in _types.Where(type => type.Value == "histogram"))
        {
            foreach (
                var (sample, count) in _samples.Where(
                    sample => sample.Key.StartsWith(family + "_count{", StringComparison.Ordinal)))
            {
                var labels = sample[(family.Length + "_count{".Length)..^1];
                var prefix = $"{family}_bucket{{{labels}{(labels.Length > 0 ? "," : "")}le=\"";
                var buckets = _samples.Where(bucket => bucket.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .ToArray();
                Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
                Assert.Equal(prefix + "+Inf\"}", buckets[^1].Key);
                Assert.Equal(count, buckets[^1].Value);
                Assert.Contains($"{family}_sum{{{labels}}}", _samples.Keys);
            }
        }
    }

    private static double Number(string text) =>
        text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
        };

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\\n]|\\\\|\\n)+$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    // Name, labels, value: "cache_hit_total{cache_layer="memory"} 3".
    [GeneratedRegex(
        "^([a-zA-Z_:][a-zA-Z0-9_:]*)"
        + """(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*"(?:,(?!\})|(?=\})))+)\})?"""
        + @" (\+Inf|-Inf|NaN|-?[0-9][0-9.]*(?:E[+-]?[0-9]+)?)$")]
    private static partial Regex Sample();
}
