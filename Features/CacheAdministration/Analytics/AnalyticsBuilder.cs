using ECommerce.Caching;
using ECommerce.Caching.History;
using ECommerce.Caching.Inspection;

namespace ECommerce.Features.CacheAdministration.Analytics;

/// <summary>Sums the minutes of all nodes into steps, and writes them as columns.</summary>
/// <param name="range">Which steps.</param>
/// <param name="showsMemory">Whether entries of all tenants may be shown.</param>
internal sealed class AnalyticsBuilder(AnalyticsRange range, bool showsMemory)
{
    public CacheAnalytics Build(CacheHistory history)
    {
        var steps = new CacheMinute[range.Steps][];
        var byStep = history.Minutes.ToLookup(minute => range.StepOf(minute.At));
        for (var i = 0; i < steps.Length; i++)
            steps[i] = [.. byStep[i]];
        var patterns = history.Minutes.SelectMany(static minute => minute.Policies)
            .Select(static policy => policy.Pattern).Distinct().Order(StringComparer.Ordinal);
        return new CacheAnalytics(
            range.From, range.To, range.StepMinutes, history.AreOthersKnown, range.Times, System(steps),
            [.. patterns.Select(pattern => Policy(pattern, steps))]);
    }

    private static SystemSeries System(CacheMinute[][] steps)
    {
        var sums = Array.ConvertAll(steps, static step => step.Select(static minute => minute.Invalidations)
            .Aggregate(InvalidationStatistics.None, static (sum, one) => sum + one));
        return new SystemSeries(
            Array.ConvertAll(steps, static step => step.DistinctBy(static minute => minute.Node).Count()),
            Array.ConvertAll(steps, static step => step.Where(static minute => minute.Circuit == CircuitState.Open)
                .DistinctBy(static minute => minute.Node).Count()),
            Array.ConvertAll(sums, static sum => sum.Tags), Array.ConvertAll(sums, static sum => sum.Deferred),
            Array.ConvertAll(sums, static sum => Average(sum.Seconds, sum.Timed)),
            Array.ConvertAll(steps, static step => step.Sum(static minute => minute.Evictions)),
            Array.ConvertAll(steps, static step => step.Sum(static minute => minute.RedisErrors)));
    }

    private PolicySeries Policy(string pattern, CacheMinute[][] steps)
    {
        var counted = Array.ConvertAll(steps, step => step.Select(minute => (minute.At, minute.Node, Policy:
            minute.Policies.FirstOrDefault(policy => policy.Pattern == pattern)))
            .Where(static one => one.Policy is not null).ToArray());
        var fills = Array.ConvertAll(counted, static step => step.Select(static one => one.Policy!.Fills)
            .Aggregate(FillStatistics.None, static (sum, one) => sum + one));
        // An entry is counted in each minute: of a step the last minute of each node counts.
        var kept = !showsMemory ? null : Array.ConvertAll(counted, static step => step
            .GroupBy(static one => one.Node).Select(static node => node.MaxBy(static one => one.At).Policy!).ToArray());
        return new PolicySeries(
            pattern, Layers(Array.ConvertAll(counted, static step => step.SelectMany(static one => one.Policy!.Layers)
                .ToArray())),
            Array.ConvertAll(fills, Runs), Array.ConvertAll(fills, static sum => sum.Failed + sum.Cancelled),
            Array.ConvertAll(fills, static sum => Average(sum.Seconds, Runs(sum))),
            Array.ConvertAll(fills, static sum => sum.Joined + sum.JoinedCluster),
            Array.ConvertAll(fills, static sum => sum.StaleServed), Causes(Array.ConvertAll(fills, sum => sum.Causes)),
            kept is null ? null : Array.ConvertAll(kept, static step => step.Sum(static one => (long)one.Entries)),
            kept is null ? null : Array.ConvertAll(kept, static step => step.Sum(static one => one.Bytes)));
    }

    private static IReadOnlyList<LayerSeries> Layers(LayerStatistics[][] steps)
    {
        return [.. steps.SelectMany(static step => step).Select(static layer => layer.Layer).Distinct().Select(Layer)];

        LayerSeries Layer(string name)
        {
            var sums = Array.ConvertAll(steps, step => step.Where(layer => layer.Layer == name)
                .Aggregate(new LayerStatistics(name, 0, 0), static (sum, one) => sum + one));
            return new LayerSeries(
                name, Array.ConvertAll(sums, static sum => sum.Hits), Array.ConvertAll(sums, static sum => sum.Misses),
                Array.ConvertAll(sums, static sum => Average(sum.Seconds, sum.Timed)));
        }
    }

    private static CauseSeries Causes(MissCauses[] sums) => new(
        Array.ConvertAll(sums, static sum => sum.NotCached), Array.ConvertAll(sums, static sum => sum.Expired),
        Array.ConvertAll(sums, static sum => sum.Invalidated), Array.ConvertAll(sums, static sum => sum.Refreshed),
        Array.ConvertAll(sums, static sum => sum.RedisUnavailable),
        Array.ConvertAll(sums, static sum => sum.Unreadable));

    private static long Runs(FillStatistics fills) => fills.Succeeded + fills.Failed + fills.Cancelled;

    private static double? Average(double seconds, long count) =>
        count == 0 ? null : Math.Round(seconds * 1000 / count, 5);
}
