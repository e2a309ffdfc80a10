namespace ECommerce.Caching.Redis;

/// <summary>When a look-up in Redis requests the fill lock.</summary>
internal enum FillLockRequest
{
    /// <summary>A plain read: on a miss each node runs the factory or asks again.</summary>
    Never,

    /// <summary>If there is no value.</summary>
    IfAbsent,

    /// <summary>Even if there is a value: a refresh ignores stale values.</summary>
    Always,
}

/// <summary>A look-up that may be granted the fill lock.</summary>
/// <param name="Key">The key of the value.</param>
/// <param name="NewerThan">What was read before this version is missing.</param>
/// <param name="Request">When to request the lock.</param>
/// <param name="Holder">The name to grant it to.</param>
/// <param name="Sliding">The sliding expiration that the read renews; zero: none.</param>
internal readonly record struct LookupCall(
    string Key, long NewerThan, FillLockRequest Request, string Holder, TimeSpan Sliding = default);

/// <summary>A fill lock that a look-up was granted.</summary>
/// <param name="Key">The key of the value.</param>
/// <param name="Holder">The name the lock was granted to; no other look-up has it, so it is the fencing
/// token: the value of a holder that does not have the lock any more is not stored.</param>
internal sealed record LockGrant(string Key, string Holder);

/// <summary>What one look-up in Redis brought.</summary>
/// <param name="Bytes">What stands under the key; null if nothing does.</param>
/// <param name="TimeToLive">How long it still lives there.</param>
/// <param name="Grant">The fill lock, if it was granted.</param>
/// <param name="HeldFor">If another node has it: how long it lasts unless it is renewed.</param>
/// <param name="IsKnown">Whether these bytes were seen there before.</param>
internal readonly record struct RedisLookup(
    ReadOnlyMemory<byte>? Bytes, TimeSpan TimeToLive, LockGrant? Grant = null, TimeSpan? HeldFor = null,
        bool IsKnown = false);
