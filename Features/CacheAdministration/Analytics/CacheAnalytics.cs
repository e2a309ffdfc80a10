namespace ECommerce.Features.CacheAdministration.Analytics;

/// <summary>
/// The history as columns: the values of every column belong to the times of <see cref="At"/>, at which steps begin.
/// Counts are those of all nodes and tenants within a step.
/// </summary>
/// <param name="From">The begin of the first step.</param>
/// <param name="To">The end of the last one.</param>
/// <param name="StepMinutes">How long a step is.</param>
/// <param name="AreOthersKnown">Whether other nodes are counted; not so while Redis is unavailable.</param>
/// <param name="At">When the steps begin.</param>
/// <param name="System">What is not counted by policy.</param>
/// <param name="Policies">Those that were read in that time, or have entries.</param>
internal sealed record CacheAnalytics(
    DateTime From, DateTime To, int StepMinutes, bool AreOthersKnown, IReadOnlyList<DateTime> At, SystemSeries System,
    IReadOnlyList<PolicySeries> Policies);

/// <param name="Nodes">How many nodes counted.</param>
/// <param name="OpenCircuits">How many of them had an open circuit to Redis at the end of a minute.</param>
/// <param name="Invalidations">Tags and patterns that were invalidated.</param>
/// <param name="Deferred">Invalidations that not every node was known to have in time.</param>
/// <param name="LagMs">How long an invalidation took on average until all nodes had it; null: there were none.</param>
/// <param name="Evictions">Entries that left memory because it was full.</param>
/// <param name="RedisErrors">Calls to Redis that failed.</param>
internal sealed record SystemSeries(
    IReadOnlyList<int> Nodes, IReadOnlyList<int> OpenCircuits, IReadOnlyList<long> Invalidations,
    IReadOnlyList<long> Deferred, IReadOnlyList<double?> LagMs, IReadOnlyList<long> Evictions,
    IReadOnlyList<long> RedisErrors);

/// <param name="Pattern">The policy.</param>
/// <param name="Layers">What each layer was asked.</param>
/// <param name="Factories">Runs of factories: queries that no layer and no other caller spared.</param>
/// <param name="FailedFactories">Those of them that failed or were cancelled.</param>
/// <param name="FactoryMs">How long a run took on average; null: there were none.</param>
/// <param name="Joined">Callers that shared a run, on their node or with another one.</param>
/// <param name="StaleServed">Stale values that were served.</param>
/// <param name="Causes">Why factories ran.</param>
/// <param name="Entries">Entries in the memories of all nodes at the end of a step; for a SUPERADMIN only.</param>
/// <param name="Bytes">What they take; for a SUPERADMIN only.</param>
internal sealed record PolicySeries(
    string Pattern, IReadOnlyList<LayerSeries> Layers, IReadOnlyList<long> Factories,
    IReadOnlyList<long> FailedFactories, IReadOnlyList<double?> FactoryMs, IReadOnlyList<long> Joined,
    IReadOnlyList<long> StaleServed, CauseSeries Causes, IReadOnlyList<long>? Entries, IReadOnlyList<long>? Bytes);

internal sealed record LayerSeries(
    string Layer, IReadOnlyList<long> Hits, IReadOnlyList<long> Misses, IReadOnlyList<double?> LatencyMs);

internal sealed record CauseSeries(
    IReadOnlyList<long> NotCached, IReadOnlyList<long> Expired, IReadOnlyList<long> Invalidated,
    IReadOnlyList<long> Refreshed, IReadOnlyList<long> RedisUnavailable, IReadOnlyList<long> Unreadable);
