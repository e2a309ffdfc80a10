namespace ECommerce.Caching.Redis;

/// <summary>A fill lock that a look-up was granted.</summary>
/// <param name="Key">The key of the value.</param>
/// <param name="Holder">The name the lock was granted to; no other look-up has it, so it is the fencing
/// token: the value of a holder that does not have the lock any more is not stored.</param>
internal sealed record LockGrant(string Key, string Holder);
