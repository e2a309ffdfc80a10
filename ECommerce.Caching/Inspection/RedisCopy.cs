namespace ECommerce.Caching.Inspection;

/// <summary>The state of the entry of a key in Redis.</summary>
public enum RedisState
{
    /// <summary>There is no Redis: <c>CACHE_BACKEND=memory</c>.</summary>
    NotUsed,

    /// <summary>The key is not usable, so there is no entry.</summary>
    NotAsked,

    /// <summary>Redis could not be asked: it did not respond in time, or its circuit is open.</summary>
    Unavailable,

    /// <summary>There is nothing.</summary>
    Absent,

    /// <summary>
    /// There is something that is not ours: no policy covers the key, or it does not begin as entries do. It was not
    /// read.
    /// </summary>
    Foreign,

    /// <summary>There is an entry that cannot be read; see <see cref="RedisCopy.Fault"/>.</summary>
    Unusable,

    /// <summary>A read takes it, if its value is of the type asked for.</summary>
    Fresh,

    /// <summary>A read takes it, if its value is of the type asked for, and refreshes it.</summary>
    Stale,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>One of its tags was invalidated since its value was read.</summary>
    Invalidated,

    /// <summary>
    /// Redis has no version of one of its tags, because it was invalidated with many others or is lost, or Redis has
    /// lost its last numbers: whether the entry is valid is unknown, so it is not used.
    /// </summary>
    Forgotten,

    /// <summary>
    /// Its key implies a tag today that the entry does not carry: it was written under another policy.
    /// </summary>
    OtherPolicy,
}

/// <summary>What stands in Redis under a key.</summary>
/// <param name="State">Whether a read of this node would take it, if this node trusts Redis.</param>
/// <param name="Fault">Why it cannot be read, as the <c>error_type</c> of <c>cache_error_total</c>.</param>
/// <param name="OutdatedBy">The tag that makes it unusable, if one does.</param>
/// <param name="FreshFor">How long it is still fresh. Zero: no longer.</param>
/// <param name="LivesFor">How long it stays there.</param>
/// <param name="Bytes">The length of the entry as it stands there, in bytes.</param>
/// <param name="IsCompressed">Whether its value is compressed.</param>
/// <param name="EncryptedWith">The id of the key its value is encrypted with; null: it is not.</param>
/// <param name="Tags">What it depends on; empty if it cannot be read, for then nothing of it is believed.</param>
public sealed record RedisCopy(
    RedisState State, string? Fault, string? OutdatedBy, TimeSpan? FreshFor, TimeSpan? LivesFor, long? Bytes,
        bool IsCompressed, string? EncryptedWith, IReadOnlyList<RedisTag> Tags)
{
    internal static RedisCopy Without(RedisState state) => new(state, null, null, null, null, null, false, null, []);
}

/// <summary>A tag of an entry in Redis.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Sequence">Up to which number its invalidations are in the value.</param>
/// <param name="Version">The number of its last invalidation as Redis has it, or a number before the value was read;
/// null: Redis has none.</param>
/// <param name="HeardVersion">The same as this node has received it; null: none.</param>
public sealed record RedisTag(string Tag, long Sequence, long? Version, long? HeardVersion)
{
    /// <summary>Whether it was invalidated since the entry's value was read.</summary>
    public bool IsOutdated => Version > Sequence || HeardVersion > Sequence;
}
