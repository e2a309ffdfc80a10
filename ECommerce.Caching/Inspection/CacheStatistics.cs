using System.Numerics;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Warming;

namespace ECommerce.Caching.Inspection;

/// <summary>What one node has counted since it started, and how it stands.</summary>
/// <param name="Node">The node.</param>
/// <param name="Entries">How many entries are in memory.</param>
/// <param name="Bytes">What they take, in bytes.</param>
/// <param name="Evictions">How many left memory because it was full.</param>
/// <param name="FillsRunning">How many values are being made now.</param>
/// <param name="PendingInvalidations">Invalidations that are committed and were not applied in time; null: the
/// invalidation log is not available.</param>
/// <param name="HitRate">The share of reads that any layer served, 0 to 1; null: there were none.</param>
/// <param name="Policies">The same by policy, in the order of their patterns; what has plain options comes as
/// <c>(none)</c>.</param>
public sealed record CacheStatistics(
    NodeState Node, int Entries, long Bytes, long Evictions, int FillsRunning, int? PendingInvalidations,
        double? HitRate, IReadOnlyList<PolicyStatistics> Policies)
{
    /// <summary>How far the warming of the node is; null: the application has none.</summary>
    public WarmingProgress? Warming { get; init; }

    /// <summary>The invalidations that this node made.</summary>
    public InvalidationStatistics Invalidations { get; init; } = InvalidationStatistics.None;

    /// <summary>How many calls to Redis failed, or brought an entry that could not be read.</summary>
    public long RedisErrors { get; init; }

    /// <summary>The most-read keys of the last minutes, twenty at most.</summary>
    public IReadOnlyList<KeyCount> TopKeys { get; init; } = [];
}

/// <summary>What was counted for one policy.</summary>
/// <param name="Pattern">Its pattern.</param>
/// <param name="IsOn">Whether its flag, if it has one, is on.</param>
/// <param name="Entries">How many of its entries, responses included, are in memory.</param>
/// <param name="Bytes">What they take, in bytes.</param>
/// <param name="HitRate">The share of reads that any layer served, 0 to 1; null: there were no reads.</param>
/// <param name="Layers">The same by layer.</param>
public sealed record PolicyStatistics(
    string Pattern, bool IsOn, int Entries, long Bytes, double? HitRate, IReadOnlyList<LayerStatistics> Layers)
{
    /// <summary>What its misses led to.</summary>
    public FillStatistics Fills { get; init; } = FillStatistics.None;
}

/// <summary>What one layer was asked for one policy.</summary>
/// <param name="Layer">As in the metrics: <c>memory</c>, <c>redis</c> and <c>output</c>, or <c>application</c> in the
/// place of the first two.</param>
/// <param name="Hits">The reads it served.</param>
/// <param name="Misses">The reads it could not serve. Misses of memory are look-ups in Redis.</param>
public sealed record LayerStatistics(string Layer, long Hits, long Misses)
    : IAdditionOperators<LayerStatistics, LayerStatistics, LayerStatistics>,
    ISubtractionOperators<LayerStatistics, LayerStatistics, LayerStatistics>
{
    /// <summary>How many reads the time stands for; reads of memory are sampled.</summary>
    public long Timed { get; init; }

    /// <summary>How long these took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The share it served, 0 to 1; null: there were no reads.</summary>
    public double? HitRate => Share(Hits, Misses);

    /// <summary>The counts of one layer on two nodes, or in two times.</summary>
    public static LayerStatistics operator +(LayerStatistics left, LayerStatistics right) => new(
        left.Layer, left.Hits + right.Hits, left.Misses + right.Misses)
    {
        Timed = left.Timed + right.Timed,
        Seconds = left.Seconds + right.Seconds,
    };

    /// <summary>What was counted since earlier counts.</summary>
    public static LayerStatistics operator -(LayerStatistics left, LayerStatistics right) => new(
        left.Layer, left.Hits - right.Hits, left.Misses - right.Misses)
    {
        Timed = left.Timed - right.Timed,
        Seconds = left.Seconds - right.Seconds,
    };

    internal static double? Share(long hits, long misses) => hits + misses <= 0 ? null : (double)hits / (hits + misses);
}
