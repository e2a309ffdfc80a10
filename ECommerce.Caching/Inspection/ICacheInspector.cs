namespace ECommerce.Caching.Inspection;

/// <summary>
/// Looks at the cache of this node, and at Redis, without changing anything: what it does counts as no hit and no miss,
/// saves nothing from eviction, stores nothing and refreshes nothing. It never shows a value. Without Redis it reports
/// L1, and that Redis was not available.
/// </summary>
public interface ICacheInspector
{
    /// <summary>The most keys that one step of a listing may ask for.</summary>
    const int MaxKeys = 1000;

    /// <summary>
    /// A step of a listing of the keys that a pattern covers (<c>*</c>, <c>?</c>, <c>[…]</c> as Redis reads them), of
    /// data and of responses: first those in Redis, which scans some twenty milliseconds at most for a step, then those
    /// that only the memory of this node has. A key that changes place meanwhile may come twice or not at all. Of other
    /// programs' keys in the same Redis none is listed.
    /// </summary>
    /// <param name="pattern">What to look for; the responses that show what it covers are listed too.</param>
    /// <param name="tenant">Whose keys; null: those of all tenants.</param>
    /// <param name="cursor">The <see cref="KeyPage.NextCursor"/> of the step before; null: the first step.</param>
    /// <param name="limit">The most keys to list, 1 to <see cref="MaxKeys"/>; a few more if Redis returns them
    /// together. Default 100.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    /// <exception cref="ArgumentException">The pattern is empty or has control characters, the cursor is not one of a
    /// listing, or the limit is out of range.</exception>
    Task<KeyPage> ListKeysAsync(
        string pattern, string? tenant = null, string? cursor = null, int limit = 100,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// The tenant of a key or tag of the key schema, as it is written there: percent-escaped. Null: no policy has such
    /// a key or tag.
    /// </summary>
    string? TenantOf(string keyOrTag);

    /// <summary>
    /// Whether a pattern is about other tenants: by the patterns of the policies it can cover keys of others, and none
    /// of this tenant (<c>orders:list:globex:*</c> for acme). <c>orders:*</c> is about all.
    /// </summary>
    bool NamesAnotherTenant(string pattern, string tenant);

    /// <summary>
    /// Explains one key: its policy, where it is stored, whether a read would use it, and if not, why not.
    /// </summary>
    /// <remarks>Asks Redis once, within the time of one call.</remarks>
    Task<KeyExplanation> ExplainAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>What this node has counted since it started, and how it stands now. Redis is not asked.</summary>
    /// <param name="tenant">Whose entries in memory are counted; null: all. Reads are counted per policy, of all
    /// tenants.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<CacheStatistics> StatisticsAsync(string? tenant = null, CancellationToken cancellationToken = default);
}
