using System.Collections.Concurrent;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// Wakes the fills of this node that wait for another node's fill, when the backplane reports its end.
/// </summary>
internal sealed class FillSignals
{
    // More than one run of a key may wait: with other flags, or one that has overtaken another.
    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> _waiting = new(StringComparer.Ordinal);

    /// <summary>
    /// Waits for the signal, not longer than the given time: it may have come earlier, or be lost. False if the other
    /// node ended without a value that can be shared, so that waiting for the next attempt would be in vain.
    /// </summary>
    public async Task<bool> WaitAsync(
        string key, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        var signal = _waiting.GetOrAdd(
            key, static _ => new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            return await signal.Task.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return true;
        }
        finally
        {
            _waiting.TryRemove(new KeyValuePair<string, TaskCompletionSource<bool>>(key, signal));
        }
    }

    public void Ended(string key, bool withValue)
    {
        if (_waiting.TryRemove(key, out var signal))
            signal.TrySetResult(withValue);
    }
}
