using System.Numerics;

namespace ECommerce.Caching.Inspection;

/// <summary>What the misses of one policy led to: runs of factories, and what spared them.</summary>
/// <param name="Succeeded">Runs that returned a value.</param>
/// <param name="Failed">Runs that threw.</param>
/// <param name="Cancelled">Runs that no caller waited for any more, or that took too long.</param>
/// <param name="Seconds">How long all runs took.</param>
/// <param name="Joined">Callers that shared the run of another one on their node.</param>
/// <param name="JoinedCluster">Runs that waited for the value of another node.</param>
/// <param name="StaleServed">Stale values that were served.</param>
/// <param name="Causes">Why factories had to run.</param>
public sealed record FillStatistics(
    long Succeeded, long Failed, long Cancelled, double Seconds, long Joined, long JoinedCluster, long StaleServed,
    MissCauses Causes) : IAdditionOperators<FillStatistics, FillStatistics, FillStatistics>,
    ISubtractionOperators<FillStatistics, FillStatistics, FillStatistics>
{
    /// <summary>Nothing was counted.</summary>
    public static readonly FillStatistics None = new(0, 0, 0, 0, 0, 0, 0, MissCauses.None);

    /// <summary>The counts of both.</summary>
    public static FillStatistics operator +(FillStatistics left, FillStatistics right) => new(
        left.Succeeded + right.Succeeded, left.Failed + right.Failed, left.Cancelled + right.Cancelled,
        left.Seconds + right.Seconds, left.Joined + right.Joined, left.JoinedCluster + right.JoinedCluster,
        left.StaleServed + right.StaleServed, left.Causes + right.Causes);

    /// <summary>What was counted since earlier counts.</summary>
    public static FillStatistics operator -(FillStatistics left, FillStatistics right) => new(
        left.Succeeded - right.Succeeded, left.Failed - right.Failed, left.Cancelled - right.Cancelled,
        left.Seconds - right.Seconds, left.Joined - right.Joined, left.JoinedCluster - right.JoinedCluster,
        left.StaleServed - right.StaleServed, left.Causes - right.Causes);
}

/// <summary>Misses of all layers, by why none had the value.</summary>
/// <param name="NotCached">It was never stored, or was evicted or removed.</param>
/// <param name="Expired">Its lifetimes were over.</param>
/// <param name="Invalidated">One of its tags was invalidated.</param>
/// <param name="Refreshed">It was stale, and was refreshed behind its readers.</param>
/// <param name="RedisUnavailable">Redis could not be read, or this node may not serve its copy without it.</param>
/// <param name="Unreadable">What Redis has could not be read.</param>
public sealed record MissCauses(
    long NotCached, long Expired, long Invalidated, long Refreshed, long RedisUnavailable, long Unreadable)
    : IAdditionOperators<MissCauses, MissCauses, MissCauses>, ISubtractionOperators<MissCauses, MissCauses, MissCauses>
{
    /// <summary>There were none.</summary>
    public static readonly MissCauses None = new(0, 0, 0, 0, 0, 0);

    /// <summary>The counts of both.</summary>
    public static MissCauses operator +(MissCauses left, MissCauses right) => new(
        left.NotCached + right.NotCached, left.Expired + right.Expired, left.Invalidated + right.Invalidated,
        left.Refreshed + right.Refreshed, left.RedisUnavailable + right.RedisUnavailable,
        left.Unreadable + right.Unreadable);

    /// <summary>What was counted since earlier counts.</summary>
    public static MissCauses operator -(MissCauses left, MissCauses right) => new(
        left.NotCached - right.NotCached, left.Expired - right.Expired, left.Invalidated - right.Invalidated,
        left.Refreshed - right.Refreshed, left.RedisUnavailable - right.RedisUnavailable,
        left.Unreadable - right.Unreadable);
}

/// <summary>The invalidations that one node made.</summary>
/// <param name="Tags">Tags and patterns.</param>
/// <param name="Deferred">Invalidations that not every node was known to have when the write completed.</param>
/// <param name="Timed">Invalidations that all nodes had in time.</param>
/// <param name="Seconds">How long those took until then, together.</param>
public sealed record InvalidationStatistics(long Tags, long Deferred, long Timed, double Seconds)
    : IAdditionOperators<InvalidationStatistics, InvalidationStatistics, InvalidationStatistics>,
    ISubtractionOperators<InvalidationStatistics, InvalidationStatistics, InvalidationStatistics>
{
    /// <summary>There were none.</summary>
    public static readonly InvalidationStatistics None = new(0, 0, 0, 0);

    /// <summary>The counts of both.</summary>
    public static InvalidationStatistics operator +(InvalidationStatistics left, InvalidationStatistics right) => new(
        left.Tags + right.Tags, left.Deferred + right.Deferred, left.Timed + right.Timed, left.Seconds + right.Seconds);

    /// <summary>What was counted since earlier counts.</summary>
    public static InvalidationStatistics operator -(InvalidationStatistics left, InvalidationStatistics right) => new(
        left.Tags - right.Tags, left.Deferred - right.Deferred, left.Timed - right.Timed, left.Seconds - right.Seconds);
}
