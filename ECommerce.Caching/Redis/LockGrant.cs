namespace ECommerce.Caching.Redis;

/// <summary>A fill lock that a look-up was granted.</summary>
/// <param name="Key">The key of the value.</param>
/// <param name="Holder">The name the lock was granted to; no other look-up has it.</param>
/// <param name="Fence">The fencing number: the store of a holder with a lower one than the last granted fails.</param>
internal sealed record LockGrant(string Key, string Holder, string Fence);
