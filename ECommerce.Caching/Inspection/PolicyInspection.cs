using ECommerce.Caching.Policies;

namespace ECommerce.Caching.Inspection;

/// <summary>Reads the counters of policies.</summary>
internal static class PolicyInspection
{
    public static PolicyStatistics Count(PolicyState policy, (int Entries, long Bytes) kept)
    {
        var (hits, misses) = policy.Counters.Reads;
        return new PolicyStatistics(
            policy.Pattern, !policy.IsOff, kept.Entries, kept.Bytes, LayerStatistics.Share(hits, misses),
            [.. Layers(policy)])
        {
            Fills = Fills(policy.Counters.Fills),
        };
    }

    private static IEnumerable<LayerStatistics> Layers(PolicyState policy)
    {
        var counters = policy.Counters;
        if (policy.IsApplication)
        {
            yield return Layer(
                "application", counters.ApplicationHits, counters.ApplicationMisses(), counters.MemoryTime,
                counters.RedisTime);
        }
        else
        {
            yield return Layer("memory", counters.MemoryHits.Value, counters.MemoryMisses.Value, counters.MemoryTime);
            yield return Layer("redis", counters.RedisHits.Value, counters.RedisMisses.Value, counters.RedisTime);
        }
        yield return Layer("output", counters.OutputHits.Value, counters.OutputMisses.Value, counters.OutputTime);
    }

    private static LayerStatistics Layer(string name, long hits, long misses, params ReadOnlySpan<TimedReads> times)
    {
        var (timed, seconds) = (0L, 0.0);
        foreach (var time in times)
            (timed, seconds) = (timed + time.Count, seconds + time.Seconds);
        return new LayerStatistics(name, hits, misses) { Timed = timed, Seconds = seconds };
    }

    private static FillStatistics Fills(FillCounters fills) => new(
        fills.Succeeded, fills.Failed, fills.Cancelled, fills.Time.Seconds, fills.Joined, fills.JoinedCluster,
        fills.StaleServed,
        new MissCauses(
            fills.Of(MissCause.NotCached), fills.Of(MissCause.Expired), fills.Of(MissCause.Invalidated),
            fills.Of(MissCause.Refreshed), fills.Of(MissCause.RedisUnavailable), fills.Of(MissCause.Unreadable)));
}
