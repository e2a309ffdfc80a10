using System.Diagnostics;

namespace ECommerce.Caching.Redis;

/// <summary>
/// Lets stores for which no caller waits be sent together. Sent one by one, the store of a miss would delay the look-up
/// of the next miss, here and in Redis.
/// </summary>
/// <param name="interval">The minimum time between two turns, by the real clock: it limits how often the connection is
/// written to, and expires nothing.</param>
internal sealed class StoreTurns(TimeSpan interval)
{
    private readonly Lock _lock = new();
    private List<TaskCompletionSource> _waiting = [];
    private bool _isScheduled;
    private long _lastAt;

    /// <summary>Waits for the next turn. All that have waited continue on one thread, one after the other.</summary>
    public Task NextAsync()
    {
        var store = new TaskCompletionSource();
        long lastAt;
        lock (_lock)
        {
            _waiting.Add(store);
            if (_isScheduled)
                return store.Task;
            _isScheduled = true;
            lastAt = _lastAt;
        }
        // One that comes alone goes on immediately, on another thread: this one has callers to release.
        if (Stopwatch.GetElapsedTime(lastAt) >= interval)
            ThreadPool.UnsafeQueueUserWorkItem(static turns => turns.Begin(), this, preferLocal: false);
        else
            _ = BeginLaterAsync();
        return store.Task;
    }

    private async Task BeginLaterAsync()
    {
        await Task.Delay(interval).ConfigureAwait(false);
        Begin();
    }

    private void Begin()
    {
        List<TaskCompletionSource> stores;
        lock (_lock)
        {
            (stores, _waiting) = (_waiting, []);
            _isScheduled = false;
            _lastAt = Stopwatch.GetTimestamp();
        }
        foreach (var store in stores)
            store.SetResult();
    }
}
