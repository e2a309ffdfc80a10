using ECommerce.Caching.Inspection;

namespace ECommerce.Caching.History;

/// <summary>
/// What all nodes have counted in each minute of the last 24 hours. Each node adds one small record a minute to a list
/// in Redis, so the history survives restarts; a read counts nothing for it.
/// </summary>
public interface ICacheHistory
{
    /// <summary>How far it reaches back.</summary>
    static readonly TimeSpan Reach = TimeSpan.FromHours(24);

    /// <summary>
    /// The minutes that begin in a time, of all nodes, in no order. A minute is there once it is over.
    /// </summary>
    /// <remarks>Without Redis, those of this node since its start.</remarks>
    Task<CacheHistory> ReadAsync(
        DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken = default);
}

/// <summary>A part of the history.</summary>
/// <param name="Minutes">One for each node and minute in which it ran.</param>
/// <param name="AreOthersKnown">Whether the other nodes' minutes are among them; not so while Redis is
/// unavailable.</param>
public sealed record CacheHistory(IReadOnlyList<CacheMinute> Minutes, bool AreOthersKnown);

/// <summary>What one node has counted in one minute.</summary>
/// <param name="At">When the minute began.</param>
/// <param name="Node">A number of the process that counted, unlike any other one's.</param>
/// <param name="Number">The number of the record among those of its node.</param>
/// <param name="Policies">The growth of the counts by policy, and the entries at its end; only policies with some.
/// </param>
/// <param name="Invalidations">The growth of the counts.</param>
/// <param name="Evictions">How many entries left memory because it was full.</param>
/// <param name="RedisErrors">How many calls to Redis failed.</param>
/// <param name="Circuit">The circuit breaker before Redis at its end.</param>
public sealed record CacheMinute(
    DateTimeOffset At, string Node, long Number, IReadOnlyList<PolicyStatistics> Policies,
    InvalidationStatistics Invalidations, long Evictions, long RedisErrors, CircuitState Circuit);
