using System.Numerics;
using ECommerce.Caching.Inspection;

namespace ECommerce.Caching.History;

/// <summary>What was counted between two looks at the counts of one node.</summary>
internal static class Growth
{
    public static CacheMinute Between(
        CacheStatistics? before, CacheStatistics now, DateTimeOffset at, string node, long number)
    {
        var earlier = before?.Policies.ToDictionary(static policy => policy.Pattern, StringComparer.Ordinal) ?? [];
        return new CacheMinute(
            at, node, number,
            [
                .. now.Policies.Select(policy => Of(earlier.GetValueOrDefault(policy.Pattern), policy))
                    .Where(static policy => policy.Entries > 0 || HasCounted(policy)),
            ],
            Less(now.Invalidations, before?.Invalidations), now.Evictions - (before?.Evictions ?? 0),
            now.RedisErrors - (before?.RedisErrors ?? 0), now.Node.Circuit);
    }

    private static bool HasCounted(PolicyStatistics policy) =>
        policy.Layers.Any(static layer => layer.Hits > 0 || layer.Misses > 0) || policy.Fills != FillStatistics.None;

    private static PolicyStatistics Of(PolicyStatistics? before, PolicyStatistics now) => now with
    {
        Layers =
        [
            .. now.Layers.Select(layer =>
                Less(layer, before?.Layers.FirstOrDefault(earlier => earlier.Layer == layer.Layer))),
        ],
        HitRate = null,
        Fills = Less(now.Fills, before?.Fills),
    };

    private static T Less<T>(T now, T? before)
        where T : class, ISubtractionOperators<T, T, T> => before is null ? now : now - before;
}
