using System.Collections.Concurrent;
using System.Diagnostics;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// Refreshes stale entries in the background, after they were served (stale-while-revalidate, RFC 5861): each with a
/// deadline and a span of its own, without the execution context of the request, and at most 16 at once. A refresh that
/// finds no free place, fails, or makes nothing that is kept, leaves the entry as it is: a later read tries again,
/// until the entry expires. All end with the host.
/// </summary>
internal sealed class BackgroundRefresher(CacheClock clock, CacheLog log, TimeProvider time) : IDisposable
{
    public const string ActivitySourceName = "ECommerce.Caching";

    private const int AtOnce = 16;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxDrain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly ActivitySource Source = new(ActivitySourceName);

    // Not disposed: a refresh that ignores its token releases its place later, and nothing waits by a handle.
    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    public void Begin(CacheEntry stale, Func<CancellationToken, Task> refresh)
    {
        if (_stopping.IsCancellationRequested)
            return;
        if (!stale.TryBeginRefresh(clock.Now, (long)Deadline.TotalMilliseconds))
            return;
        if (!_places.Wait(0))
        {
            stale.RefreshNotBefore(clock.Now);
            return;
        }
        using (ExecutionContext.SuppressFlow())
        {
            var running = Task.Run(() => RunAsync(stale, refresh));
            _running.TryAdd(running, true);
            _ = running.ContinueWith(
                static (ended, all) => ((ConcurrentDictionary<Task, bool>)all!).TryRemove(ended, out _), _running,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>
    /// Cancels the refreshes and waits for their end, at most two seconds: one that ignores its token is left behind.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Keys).WaitAsync(MaxDrain, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Cancel();

    private async Task RunAsync(CacheEntry stale, Func<CancellationToken, Task> refresh)
    {
        using var span = Source.StartActivity("cache refresh");
        span?.SetTag("cache.key_pattern", stale.Policy.Pattern);
        try
        {
            using var deadline = new CancellationTokenSource(Deadline, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stopping.Token);
            await refresh(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            log.RefreshFailed(exception, stale.Key);
        }
        finally
        {
            // Whether it failed or not: an entry that was replaced is not asked again.
            stale.RefreshNotBefore(clock.Now + (long)Pause.TotalMilliseconds);
            _places.Release();
        }
    }
}
