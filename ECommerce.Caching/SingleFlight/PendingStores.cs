using System.Collections.Concurrent;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// Values whose callers have them already and whose store in Redis has not ended, and the fill locks that are held.
/// Bounded: beyond the bounds a run waits for its store before it releases its callers.
/// </summary>
internal sealed class PendingStores(TimeProvider time)
{
    internal const int MaxCount = 512;
    internal const long MaxBytes = 16 << 20;

    private readonly ConcurrentDictionary<FillLock, byte> _locks = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _drained;
    private int _count;
    private long _bytes;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Begins a store; false if too many are pending, and the caller has to wait for it.</summary>
    public bool Begin(int bytes)
    {
        lock (_lock)
        {
            _count++;
            _bytes += bytes;
            return _count <= MaxCount && _bytes <= MaxBytes;
        }
    }

    public void End(int bytes)
    {
        lock (_lock)
        {
            _bytes -= bytes;
            if (--_count > 0)
                return;
            _drained?.TrySetResult();
            _drained = null;
        }
    }

    public void Held(FillLock fillLock) => _locks[fillLock] = 0;

    public void Released(FillLock fillLock) => _locks.TryRemove(fillLock, out _);

    /// <summary>Completes when no store is pending.</summary>
    public Task WhenDrained()
    {
        lock (_lock)
        {
            return _count == 0 ? Task.CompletedTask
                : (_drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>
    /// The process stops: waits for the pending stores, at most for a time, and then releases the locks that are still
    /// held, so that no other node waits until they expire.
    /// </summary>
    public async Task DrainAsync(TimeSpan atMost)
    {
        try
        {
            await WhenDrained().WaitAsync(atMost, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A value that is not stored is made again by the next node that needs it.
        }
        await Task.WhenAll(_locks.Keys.Select(static held => held.EndAsync(withValue: false).AsTask()))
            .ConfigureAwait(false);
    }
}
