using System.Diagnostics.CodeAnalysis;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// One call of the factory of a batch: the keys it is for, and its result. Keys are added until it is closed; then the
/// first of them runs the factory, and the others wait for it.
/// </summary>
/// <param name="leader">The run of the first key; null outside runs.</param>
[SuppressMessage(
    "Design", "CA1001",
    Justification = "A source without a timer holds nothing to dispose, and a key may leave after the end.")]
internal sealed class FillRound<T>(SingleFlightRun? leader)
{
    private readonly Lock _lock = new();
    private readonly List<(string Key, CancellationToken Abandoned)> _members = [];
    private readonly Dictionary<string, CacheEntryContext> _contexts = new(StringComparer.Ordinal);

    // Both continue at once: the first key with the factory, and the others with their stores.
    private readonly TaskCompletionSource _closed = new();
    private readonly TaskCompletionSource<IReadOnlyDictionary<string, T>> _values = new();

    private readonly CancellationTokenSource _abandoned = new();
    private int _left;
    private bool _isClosed;

    public SingleFlightRun? Leader => leader;

    /// <summary>Completes when no key is added any more.</summary>
    public Task Closed => _closed.Task;

    /// <summary>What the factory returned.</summary>
    public Task<IReadOnlyDictionary<string, T>> Values => _values.Task;

    /// <summary>Cancelled when no key has a caller any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    public bool HasSeveral => _members.Count > 1;

    /// <summary>The keys that have a caller.</summary>
    public IReadOnlyList<string> Keys =>
        [.. _members.Where(static one => !one.Abandoned.IsCancellationRequested).Select(static one => one.Key)];

    public void Add(string key, CacheEntryContext context, CancellationToken abandoned)
    {
        _members.Add((key, abandoned));
        _contexts.Add(key, context);
        abandoned.UnsafeRegister(static round => ((FillRound<T>)round!).Leave(), this);
    }

    /// <exception cref="ArgumentException">The key is none of the call.</exception>
    public CacheEntryContext ContextOf(string key) => _contexts.TryGetValue(key, out var context) ? context
        : throw new ArgumentException($"The factory is not called for the key '{key}'.", nameof(key));

    public void Close()
    {
        Leave(isClosing: true);
        _closed.TrySetResult();
    }

    public void Complete(IReadOnlyDictionary<string, T> values) => _values.TrySetResult(values);

    public void Fail(Exception exception)
    {
        _values.TrySetException(exception);
        // Observed: the others may all have left.
        _ = _values.Task.Exception;
    }

    private void Leave(bool isClosing = false)
    {
        lock (_lock)
        {
            _isClosed |= isClosing;
            _left += isClosing ? 0 : 1;
            if (!_isClosed || _left < _members.Count)
                return;
        }
        _ = _abandoned.CancelAsync();
    }
}
