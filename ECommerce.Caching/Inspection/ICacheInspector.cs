namespace ECommerce.Caching.Inspection;

/// <summary>
/// Looks at the cache of this node, and at Redis, without changing anything: what it does counts as no hit and no miss,
/// saves nothing from eviction, stores nothing and refreshes nothing. It never shows a value. Without Redis it reports
/// L1, and that Redis was not available.
/// </summary>
public interface ICacheInspector
{
    /// <summary>The most keys that one listing may have.</summary>
    const int MaxKeys = 10_000;

    /// <summary>
    /// The keys that a pattern covers (<c>*</c>, <c>?</c>, <c>[…]</c> as Redis reads them), of data and of responses:
    /// first those in the memory of this node in the order of their names, then, page by page, those that only Redis
    /// has. Of other programs' keys in the same Redis none is listed.
    /// </summary>
    /// <param name="pattern">What to look for; the responses that show what it covers are listed too.</param>
    /// <param name="limit">The most keys to list, 1 to <see cref="MaxKeys"/>. Default 100.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="ArgumentException">The pattern is empty or has control characters, or the limit is out of
    /// range.</exception>
    CachedKeys FindKeys(string pattern, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>
    /// Explains one key: its policy, where it is stored, whether a read would use it, and if not, why not.
    /// </summary>
    /// <remarks>Asks Redis once, within the time of one call.</remarks>
    Task<KeyExplanation> ExplainAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>What this node has counted since it started, and how it stands now. Redis is not asked.</summary>
    Task<CacheStatistics> StatisticsAsync(CancellationToken cancellationToken = default);
}
