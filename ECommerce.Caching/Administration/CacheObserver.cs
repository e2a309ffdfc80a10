using ECommerce.Caching.Coherence;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;

namespace ECommerce.Caching.Administration;

/// <summary>
/// Lets a process administer the caches without being one of their nodes, as a command does whose host is not started:
/// it keeps nothing in memory, and no writer waits for it.
/// </summary>
public sealed class CacheObserver
{
    private const int Attempts = 3;

    private readonly CacheEngine _engine;
    private readonly Backplane? _backplane;

    internal CacheObserver(CacheEngine engine, Backplane? backplane) => (_engine, _backplane) = (engine, backplane);

    /// <summary>Called once, before anything else of the cache is used.</summary>
    /// <returns>False: Redis does not respond, or refuses.</returns>
    /// <exception cref="InvalidOperationException"><c>CACHE_BACKEND=memory</c>: nothing reaches the caches of other
    /// processes.</exception>
    public async Task<bool> TryJoinAsync(CancellationToken cancellationToken = default)
    {
        if (_backplane is not { } backplane || _engine.Redis is not { } redis)
        {
            throw new InvalidOperationException(
                "CACHE_BACKEND=memory: each process has a cache of its own, which another one does not reach.");
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await backplane.ObserveAsync(cancellationToken).ConfigureAwait(false);
                // The first call takes longer than the time that a call has.
                _ = await redis.DrawAsync().ConfigureAwait(false);
                return true;
            }
            catch (Exception exception) when (
                RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == Attempts)
                    return false;
            }
        }
    }
}
