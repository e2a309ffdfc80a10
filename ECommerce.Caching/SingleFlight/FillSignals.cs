using System.Collections.Concurrent;

namespace ECommerce.Caching.SingleFlight;

/// <summary>Wakes the flights of this node that wait for another node's: the backplane brings the word when that has ended.</summary>
internal sealed class FillSignals
{
    // More than one flight of a key may wait: with other flags, or one that has overtaken another.
    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> _waiting = new(StringComparer.Ordinal);

    /// <summary>
    /// Waits for the word, not longer than the given time: it may have come before we waited, or be lost. False if the other node ended without a value
    /// that can be shared, so that to wait for the next one that tries would be in vain.
    /// </summary>
    public async Task<bool> WaitAsync(string key, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        var word = _waiting.GetOrAdd(key, static _ => new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            return await word.Task.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return true;
        }
        finally
        {
            _waiting.TryRemove(new KeyValuePair<string, TaskCompletionSource<bool>>(key, word));
        }
    }

    public void Ended(string key, bool withValue)
    {
        if (_waiting.TryRemove(key, out var word))
            word.TrySetResult(withValue);
    }
}
