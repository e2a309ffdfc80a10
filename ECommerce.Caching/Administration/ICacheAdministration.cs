using ECommerce.Caching.Inspection;
using ECommerce.Caching.Warming;

namespace ECommerce.Caching.Administration;

/// <summary>
/// Serves operators: reports of all nodes, and the removal of entries by pattern or of all. Changes of data use
/// <see cref="ICacheInvalidator"/>.
/// </summary>
public interface ICacheAdministration
{
    /// <summary><see cref="ICacheInspector.StatisticsAsync"/> of every node, the asked one first.</summary>
    Task<NodeReports<CacheStatistics>> StatisticsAsync(
        string? tenant = null, CancellationToken cancellationToken = default);

    /// <summary><see cref="ICacheInspector.ExplainAsync"/> of every node, the asked one first.</summary>
    Task<NodeReports<KeyExplanation>> ExplainAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Drops the entries that a pattern covers, data and responses, on every node, and removes them from Redis. Never
    /// fails because of Redis: then all that the pattern may cover, up to everything of the tenant, or of all if none
    /// is given, is dropped here and pending for the others.
    /// </summary>
    /// <param name="pattern"><c>*</c>, <c>?</c>, <c>[…]</c> as Redis reads them.</param>
    /// <param name="tenant">Whose entries; null: those of all tenants.</param>
    /// <param name="cancellationToken">Ends the call only before it has begun to drop.</param>
    /// <exception cref="ArgumentException">The pattern is empty or has control characters.</exception>
    Task<CacheRemoval> RemoveAsync(
        string pattern, string? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>How many entries <see cref="RemoveAsync"/> would remove now; null: Redis is not available.</summary>
    /// <inheritdoc cref="RemoveAsync"/>
    Task<long?> CountAsync(string pattern, string? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Drops every entry of every tenant on every node, and removes what is ours from Redis; keys of other programs,
    /// and what nodes agree by, stay.
    /// </summary>
    Task<CacheRemoval> ResetAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts the warming of every node and does not wait for its end, which the statistics show. No node reports where
    /// the application has no <see cref="ICacheWarmer"/>.
    /// </summary>
    /// <param name="tenant">Whose values; null: those of all tenants.</param>
    /// <param name="cancellationToken">Ends the call only before it has begun.</param>
    Task<NodeReports<WarmingProgress>> WarmAsync(
        string? tenant = null, CancellationToken cancellationToken = default);
}

/// <summary>What the nodes report.</summary>
/// <typeparam name="T">The report of one node.</typeparam>
/// <param name="Nodes">The reports, that of the asked node first.</param>
/// <param name="MissingNodes">The nodes that did not answer within two seconds, by the ids they are registered with in
/// Redis.</param>
/// <param name="AreOthersKnown">Whether the other nodes are known; not so without Redis.</param>
public sealed record NodeReports<T>(
    IReadOnlyList<T> Nodes, IReadOnlyList<string> MissingNodes, bool AreOthersKnown);

/// <summary>What a removal did.</summary>
/// <param name="Outcome">Whether every other node is known to have it.</param>
/// <param name="Keys">How many keys were removed: of Redis, and of those that only the memory of this node had.</param>
public sealed record CacheRemoval(InvalidationOutcome Outcome, long Keys);
