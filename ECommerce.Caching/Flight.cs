using System.Diagnostics.CodeAnalysis;

namespace ECommerce.Caching;

/// <summary>What a fill brought its callers.</summary>
/// <param name="Value">The value.</param>
/// <param name="Entry">The entry it was kept as; null if it was not kept.</param>
/// <param name="Outcome">Where it came from.</param>
/// <param name="OvertakenAt">The moment at which something the value depends on was dropped while it was made; zero if nothing was.</param>
/// <param name="CopyFrom">The serialised value, if it was not kept and could be changed.</param>
internal readonly record struct FillResult<T>(T Value, CacheEntry<T>? Entry, CacheOutcome Outcome, long OvertakenAt, byte[]? CopyFrom = null)
{
    /// <summary>The value for one of the callers: his own if it could be changed.</summary>
    public T ForCaller()
    {
        if (Entry is { } entry)
            return entry.Value;
        return CopyFrom is null ? Value : CacheSerializer.Deserialize<T>(CopyFrom);
    }
}

/// <summary>One run of a factory that any number of callers share.</summary>
internal abstract class Flight
{
    /// <summary>Whether it has ended and its exception, if it ended with one, need not be remembered any longer.</summary>
    public abstract bool IsOver(long now);

    /// <summary>Another flight has taken its place: its callers get the value, and it is not kept.</summary>
    public volatile bool Detached;
}

/// <inheritdoc/>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing to dispose, and the last caller may cancel it after the end.")]
internal sealed class Flight<T>(TagTable tags, HeldTags held, CacheClock clock) : Flight
{
    private readonly TaskCompletionSource<FillResult<T>> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private int _callers = 1;
    private long _rememberUntil;

    /// <summary>The moment before anything was read.</summary>
    public long AsOf { get; set; } = tags.Moment;

    /// <summary>Cancelled when the last caller has gone.</summary>
    public CancellationToken Abandoned => _cancellation.Token;

    public override bool IsOver(long now) => _result.Task.IsCompleted && now >= Volatile.Read(ref _rememberUntil);

    /// <summary>Joins, unless everybody has left, it is over, or something it depends on was dropped since it began: then its value is of the past.</summary>
    public bool TryJoin()
    {
        if (IsOver(clock.Now) || held.DroppedAfter(AsOf) != 0)
            return false;
        if (_result.Task.IsCompleted)
            return true;
        while (true)
        {
            var callers = Volatile.Read(ref _callers);
            if (callers == 0)
                return false;
            if (Interlocked.CompareExchange(ref _callers, callers + 1, callers) == callers)
                return true;
        }
    }

    /// <summary>Waits as one of the callers; one who stops waiting leaves, and the last to leave stops the run.</summary>
    public async Task<FillResult<T>> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _result.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (Interlocked.Decrement(ref _callers) == 0 && !_result.Task.IsCompleted)
                await _cancellation.CancelAsync().ConfigureAwait(false);
        }
    }

    public void Complete(FillResult<T> result) => _result.TrySetResult(result);

    /// <summary>All callers get the exception, and so does who comes within the window: a failing source is not asked again by each of them in turn.</summary>
    public void Fail(Exception exception, TimeSpan window)
    {
        if (exception is not OperationCanceledException)
            Volatile.Write(ref _rememberUntil, clock.Now + (long)(window.TotalMilliseconds * (0.5 + (Random.Shared.NextDouble() / 2))));
        _result.TrySetException(exception);
        _ = _result.Task.Exception; // Observed: the callers may all have left.
    }
}
