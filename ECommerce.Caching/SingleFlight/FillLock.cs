using System.Globalization;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Redis;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// The right to make the value of one key for all nodes. It lasts five seconds and is renewed while the factory runs; a
/// dead holder delays the others that long at most. Redis rejects the store of a holder that does not have it any more.
/// </summary>
internal sealed class FillLock(RedisLayer redis, LockGrant grant, TimeSpan lifetime, CacheLog log,
    PendingStores held, TimeProvider time)
    : IAsyncDisposable
{
    // A name is the process and a counter.
    private static readonly string Process = Guid.NewGuid().ToString("N")[..8];
    private static uint _names;

    private ITimer? _renewal;
    private int _ended;

    public LockGrant Grant => grant;

    /// <summary>
    /// The name under which a look-up requests the lock: unique, and of fixed length.
    /// </summary>
    public static string NewHolder() =>
        string.Create(CultureInfo.InvariantCulture, $"{Process}{Interlocked.Increment(ref _names):x8}");

    /// <summary>Renews it at a third of its time, until the end.</summary>
    public void KeepRenewed()
    {
        held.Held(this);
        _renewal = time.CreateTimer(
            static self => _ = ((FillLock)self!).RenewAsync(), this, lifetime / 3, lifetime / 3);
        // It may have ended meanwhile, by a deadline or the end of the process.
        if (Volatile.Read(ref _ended) != 0)
        {
            _renewal.Dispose();
            held.Released(this);
        }
    }

    /// <summary>True once: the caller then releases the lock, with the value or without.</summary>
    public bool TryEnd()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return false;
        _renewal?.Dispose();
        held.Released(this);
        return true;
    }

    /// <summary>Gives it back without having made a value, unless it went with one.</summary>
    public ValueTask DisposeAsync() => EndAsync(withValue: false);

    /// <summary>Releases it; waiting nodes find a value, or run the factory themselves.</summary>
    public async ValueTask EndAsync(bool withValue)
    {
        if (!TryEnd())
            return;
        try
        {
            await redis.ReleaseAsync(grant, withValue).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // It ends by itself.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            if (Volatile.Read(ref _ended) == 0 && !await redis.RenewAsync(grant, lifetime).ConfigureAwait(false)
                && Volatile.Read(ref _ended) == 0)
            {
                log.LockLost(grant.Key);
            }
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // The next renewal comes before it ends; if that fails too, the value is not stored.
        }
    }
}
