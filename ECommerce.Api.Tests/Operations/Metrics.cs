using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace ECommerce.Api.Tests.Operations;

/// <summary>The metrics that the API has, and those that a query names.</summary>
internal static partial class Metrics
{
    /// <summary>Of a host that has been built: also those that have measured nothing yet.</summary>
    public static IReadOnlySet<string> Of(ApiFixture fixture)
    {
        _ = fixture.Services;
        var instruments = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => instruments.Add(instrument.Name),
        };
        listener.Start();
        return instruments;
    }

    public static IReadOnlySet<string> In(string query) =>
        Metric().Matches(query).Select(static found => found.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    // A label stands before a comma, a bracket of "by" or a comparison; a metric before a brace, a range or the end of
    // an aggregation.
    [GeneratedRegex(@"\b(cache_[a-z_]+?)(?:_bucket|_sum|_count)?(?=\{|\[|\) ==)")]
    private static partial Regex Metric();
}
