namespace ECommerce.Caching.Inspection;

/// <summary>Whether a listing covers Redis.</summary>
public enum RedisAvailability
{
    /// <summary>There is none: <c>CACHE_BACKEND=memory</c>.</summary>
    NotUsed,

    /// <summary>The listing covers Redis.</summary>
    Available,

    /// <summary>Redis failed: the listing cannot go on.</summary>
    Unavailable,
}

/// <summary>One key that a layer has something under.</summary>
/// <param name="Key">The key.</param>
/// <param name="Policy">The pattern of its policy; <c>(none)</c> for what is kept in memory under plain
/// options.</param>
/// <param name="Memory">Whether memory has it, and whether a read would take it from there.</param>
/// <param name="InRedis">Whether Redis has an entry of ours under it, usable or not; null if Redis could not be asked
/// or is not in use.</param>
/// <param name="MemoryBytes">What it takes of memory, in bytes.</param>
/// <param name="RedisBytes">The length of its entry in Redis, in bytes.</param>
/// <param name="FreshFor">How long it is still fresh, in memory if it is there, else in Redis; null if that is not
/// known. Zero: no longer.</param>
/// <param name="LivesFor">How long until its stale time ends, of the same layer. An invalidated entry is of no use in
/// all that time.</param>
public sealed record CachedKey(
    string Key, string Policy, MemoryState Memory, bool? InRedis, long? MemoryBytes, long? RedisBytes,
        TimeSpan? FreshFor, TimeSpan? LivesFor);

/// <summary>A step of a listing.</summary>
/// <param name="Keys">What it found; perhaps none, though there is more.</param>
/// <param name="NextCursor">Where the next step goes on, on any node; null: this was the last one.</param>
/// <param name="Redis">Whether Redis was asked. Unavailable: the next step is this one again.</param>
public sealed record KeyPage(IReadOnlyList<CachedKey> Keys, string? NextCursor, RedisAvailability Redis);
