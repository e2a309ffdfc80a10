using System.Diagnostics;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// Refreshes stale entries in the background, after they were served (stale-while-revalidate, RFC 5861): each with a
/// deadline and a span of its own, without the execution context of the request, and at most 16 at once. A refresh that
/// finds no free place, or fails, leaves the entry as it is: the next read tries again, until the entry expires.
/// </summary>
internal sealed class BackgroundRefresher(CacheClock clock, CacheLog log, TimeProvider time) : IDisposable
{
    public const string ActivitySourceName = "ECommerce.Caching";

    private const int AtOnce = 16;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly ActivitySource Source = new(ActivitySourceName);

    private readonly SemaphoreSlim _places = new(AtOnce);

    public void Begin(CacheEntry stale, Func<CancellationToken, Task> refresh)
    {
        if (!stale.TryBeginRefresh(clock.Now, (long)Deadline.TotalMilliseconds))
            return;
        if (!_places.Wait(0))
        {
            stale.RefreshNotBefore(clock.Now);
            return;
        }
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => RunAsync(stale, refresh));
    }

    public void Dispose() => _places.Dispose();

    private async Task RunAsync(CacheEntry stale, Func<CancellationToken, Task> refresh)
    {
        using var span = Source.StartActivity("cache refresh");
        span?.SetTag("cache.key_pattern", stale.Policy.Pattern);
        try
        {
            using var deadline = new CancellationTokenSource(Deadline, time);
            await refresh(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            log.RefreshFailed(exception, stale.Key);
            stale.RefreshNotBefore(clock.Now + (long)PauseAfterFailure.TotalMilliseconds);
        }
        finally
        {
            _places.Release();
        }
    }
}
