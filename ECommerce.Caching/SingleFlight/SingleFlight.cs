using System.Diagnostics.CodeAnalysis;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.SingleFlight;

/// <summary>The result of a fill for its callers.</summary>
/// <param name="Value">The value.</param>
/// <param name="Entry">The entry it is stored as; null if it is not stored.</param>
/// <param name="Outcome">Where it came from.</param>
/// <param name="CopyFrom">The serialised value, if it is mutable and not stored.</param>
internal readonly record struct FillResult<T>(
    T Value, CacheEntry<T>? Entry, CacheOutcome Outcome, byte[]? CopyFrom = null)
{
    /// <summary>The value for one of the callers: a copy if it is mutable.</summary>
    public T ForCaller()
    {
        if (Entry is { } entry)
            return entry.Value;
        return CopyFrom is null ? Value : CacheSerializer.Deserialize<T>(CopyFrom);
    }
}

/// <summary>One run of a factory that any number of callers share.</summary>
internal abstract class SingleFlightRun
{
    /// <summary>
    /// Whether it has ended and its exception, if it ended with one, need not be remembered any longer.
    /// </summary>
    public abstract bool IsOver(long now);

    /// <summary>Whether its result, or its exception, is there.</summary>
    public abstract bool HasEnded { get; }

    /// <summary>The moment before anything was read.</summary>
    public abstract long AsOf { get; }

    /// <summary>What its value depends on, as far as that is known by now.</summary>
    public abstract IReadOnlyList<TagState> Tags { get; }

    /// <summary>Another run has taken its place: its callers get the value, and it is not stored.</summary>
    public volatile bool Detached;
}

/// <inheritdoc/>
[SuppressMessage(
    "Design", "CA1001",
    Justification =
    "A source without a timer holds nothing to dispose, and the last caller may cancel it after the end.")]
internal sealed class SingleFlight<T>(TagTable tags, TagSet held, CacheClock clock) : SingleFlightRun
{
    private readonly TaskCompletionSource<FillResult<T>> _result =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private int _callers = 1;
    private long _rememberUntil;
    private long _asOf = tags.Moment;

    // A copy: the fill goes on writing to what it holds.
    private TagState[] _dependsOn = held.States();

    public override IReadOnlyList<TagState> Tags => Volatile.Read(ref _dependsOn);

    public override long AsOf => Volatile.Read(ref _asOf);

    /// <summary>The clock's milliseconds at that moment.</summary>
    public long ReadAt { get; private set; } = clock.Now;

    /// <summary>Cancelled when the last caller has gone.</summary>
    public CancellationToken Abandoned => _cancellation.Token;

    public override bool HasEnded => _result.Task.IsCompleted;

    public override bool IsOver(long now) => _result.Task.IsCompleted && now >= Volatile.Read(ref _rememberUntil);

    /// <summary>
    /// Joins, unless all callers have left, the run has ended, or a tag it depends on was dropped since it began.
    /// </summary>
    public bool TryJoin()
    {
        if (IsOver(clock.Now) || IsOvertaken())
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

    /// <summary>
    /// The run as its first caller awaits it: that caller continues on the thread where the run ends. The others are
    /// woken on threads of their own, so that none delays the next.
    /// </summary>
    public Task? Execution { get; set; }

    /// <summary>Waits as one of the callers; cancelling leaves, and the last to leave cancels the run.</summary>
    public async Task<FillResult<T>> WaitAsync(CancellationToken cancellationToken, bool asFirst = false)
    {
        try
        {
            if (asFirst && Execution is { } execution)
                await execution.WaitAsync(cancellationToken).ConfigureAwait(false);
            return await _result.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (Interlocked.Decrement(ref _callers) == 0 && !_result.Task.IsCompleted)
                await _cancellation.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>From now on the source is read: it already contains what was dropped before.</summary>
    public void BeginReading()
    {
        ReadAt = clock.Now;
        Volatile.Write(ref _asOf, tags.Moment);
    }

    /// <summary>What the value turned out to depend on besides.</summary>
    public void DependsOn(TagSet all) => Volatile.Write(ref _dependsOn, all.States());

    /// <summary>
    /// Whether a caller that arrived at a moment must not get the result: a tag was dropped before its arrival, and one
    /// of the dependencies since the value was read. Checked by the caller after the run, which may be overtaken until
    /// its end. Only the last drop of a tag is known, so a later one may refuse it too; that costs another run, which
    /// has begun after the arrival.
    /// </summary>
    public bool IsTooOld(in FillResult<T> result, long arrived) => result.Entry is { } entry
        ? arrived > entry.AsOf && !entry.IsCurrent(tags.Node)
        : arrived > AsOf && IsOvertaken();

    private bool IsOvertaken()
    {
        var asOf = AsOf;
        return tags.Node.DroppedAt > asOf || Array.Exists(Volatile.Read(ref _dependsOn), tag => tag.DroppedAt > asOf);
    }

    public void Complete(FillResult<T> result) => _result.TrySetResult(result);

    /// <summary>
    /// All callers get the exception, and so do later ones within the negative window: they do not query a failing
    /// source in turn.
    /// </summary>
    public void Fail(Exception exception, TimeSpan window)
    {
        if (exception is not OperationCanceledException)
        {
            Volatile.Write(
                ref _rememberUntil,
                clock.Now + (long)(window.TotalMilliseconds * (0.5 + (Random.Shared.NextDouble() / 2))));
        }
        _result.TrySetException(exception);
        _ = _result.Task.Exception; // Observed: the callers may all have left.
    }
}
