using System.Numerics;
using ECommerce.Caching;
using ECommerce.Caching.Administration;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Inspection;

namespace ECommerce.Features.CacheAdministration;

/// <summary>
/// The sums over all nodes that answered, and each node's own figures, those of the asked one first. Reads are counted
/// over all tenants, entries, bytes and keys are those of the own one.
/// </summary>
internal sealed record CacheFigures(
    CacheStatus Status, int Entries, long Bytes, IReadOnlyList<PolicyFigures> Policies,
    InvalidationStatistics Invalidations, IReadOnlyList<KeyCount> TopKeys, IReadOnlyList<CacheStatistics> Nodes,
    IReadOnlyList<string> MissingNodes, bool AreOthersKnown)
{
    private const int MaxTopKeys = 20;

    public static CacheFigures From(NodeReports<CacheStatistics> reports) => new(
        StatusOf(reports), reports.Nodes.Sum(node => node.Entries), reports.Nodes.Sum(node => node.Bytes),
        [.. reports.Nodes.SelectMany(node => node.Policies).GroupBy(policy => policy.Pattern).Select(SumOf)],
        Sum(reports.Nodes.Select(node => node.Invalidations)),
        [
            .. reports.Nodes.SelectMany(node => node.TopKeys).GroupBy(key => key.Key)
                .Select(key => new KeyCount(key.Key, key.Sum(node => node.Reads)))
                .OrderByDescending(key => key.Reads).ThenBy(key => key.Key, StringComparer.Ordinal).Take(MaxTopKeys),
        ],
        reports.Nodes, reports.MissingNodes, reports.AreOthersKnown);

    private static PolicyFigures SumOf(IGrouping<string, PolicyStatistics> nodes) => new(
        nodes.Key, nodes.Sum(policy => policy.Entries), nodes.Sum(policy => policy.Bytes),
        [.. nodes.SelectMany(policy => policy.Layers).GroupBy(layer => layer.Layer).Select(Sum)],
        Sum(nodes.Select(policy => policy.Fills)));

    private static T Sum<T>(IEnumerable<T> of)
        where T : IAdditionOperators<T, T, T> => of.Aggregate((sum, one) => sum + one);

    private static CacheStatus StatusOf(NodeReports<CacheStatistics> reports) =>
        reports.AreOthersKnown && reports.MissingNodes.Count == 0 && reports.Nodes.All(node => IsHealthy(node.Node))
            ? CacheStatus.Healthy
            : CacheStatus.Degraded;

    private static bool IsHealthy(NodeState node) =>
        node.Circuit == CircuitState.Closed && node.TrustsRedis != false && node.Lease != TimeSpan.Zero;
}

/// <summary>Whether all nodes use Redis and one another; degraded, they serve from what they have.</summary>
internal enum CacheStatus
{
    Healthy,
    Degraded,
}

internal sealed record PolicyFigures(
    string Pattern, int Entries, long Bytes, IReadOnlyList<LayerStatistics> Layers, FillStatistics Fills);
