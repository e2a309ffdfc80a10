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
/// <param name="Copies">Makes a copy for each caller, if the value is mutable, not stored, and can be copied.</param>
internal readonly record struct FillResult<T>(
    T Value, CacheEntry<T>? Entry, CacheOutcome Outcome, CopySource<T>? Copies = null)
{
    /// <summary>The value for one of the callers: a copy if it is mutable and a copy would be whole.</summary>
    public T ForCaller()
    {
        if (Entry is { } entry)
            return entry.Value;
        return Copies is null ? Value : Copies.Copy();
    }
}

/// <summary>One run of a factory that any number of callers share.</summary>
internal abstract class SingleFlightRun(string key)
{
    public string Key => key;

    /// <summary>The runs that its factory waits for now; guarded by <see cref="WaitGraph"/>.</summary>
    public List<SingleFlightRun> WaitsFor { get; } = [];

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

    /// <summary>It failed because a factory failed that loads other keys too.</summary>
    public volatile bool FailedInBatch;
}

/// <inheritdoc/>
[SuppressMessage(
    "Design", "CA1001",
    Justification =
    "A source without a timer holds nothing to dispose, and the last caller may cancel it after the end.")]
internal sealed class SingleFlight<T>(string key, TagTable tags, TagSet held, CacheClock clock, WaitGraph waits)
    : SingleFlightRun(key)
{
    // Continues in Complete: the first caller goes on where the run ends, without another thread.
    private readonly TaskCompletionSource _ended = new();

    private readonly TaskCompletionSource<FillResult<T>> _result =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private int _callers = 1;
    private volatile bool _isStoring;
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

    public override bool IsOver(long now) =>
        _result.Task.IsCompleted && !_isStoring && now >= Volatile.Read(ref _rememberUntil);

    /// <summary>
    /// Joins, unless all callers have left, the run has ended, or a tag it depends on was dropped since it began.
    /// </summary>
    public bool TryJoin()
    {
        if (IsOver(clock.Now) || IsOvertaken())
            return false;
        if (_result.Task.IsCompleted)
            return !HasExpired();
        while (true)
        {
            var callers = Volatile.Read(ref _callers);
            if (callers == 0)
                return false;
            if (Interlocked.CompareExchange(ref _callers, callers + 1, callers) == callers)
                return true;
        }
    }

    /// <summary>The run to its end, the store in Redis included. Never fails: what went wrong is its result.</summary>
    public Task Execution { get; set; } = Task.CompletedTask;

    /// <summary>
    /// Waits as one of the callers; cancelling leaves, and the last to leave cancels the run. The first caller
    /// continues on the thread where the run ends; the others are woken on threads of their own, so that none delays
    /// the next.
    /// </summary>
    /// <exception cref="InvalidOperationException">The run waits for the factory that this call is made in.</exception>
    public async Task<FillResult<T>> WaitAsync(CancellationToken cancellationToken, bool asFirst = false)
    {
        try
        {
            using var wait = waits.Enter(this);
            if (asFirst)
                await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return await _result.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Names the caller's own token, also if the run was cancelled meanwhile.
            throw new OperationCanceledException(cancellationToken);
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

    // Of a value that is still being stored; one that failed is remembered for its window.
    private bool HasExpired() => _result.Task is { IsCompletedSuccessfully: true, Result.Entry: { } entry }
        && entry.FreshUntil <= clock.Now;

    private bool IsOvertaken()
    {
        var asOf = AsOf;
        return tags.Node.DroppedAt > asOf
            || Array.Exists(Volatile.Read(ref _dependsOn), tag => tags.DroppedAfter(tag, asOf));
    }

    /// <summary>
    /// The value will be stored in Redis: until <see cref="Complete"/> the run keeps its place, and later callers get
    /// what its callers were released with.
    /// </summary>
    public void BeginStoring() => _isStoring = true;

    /// <summary>Releases the callers.</summary>
    public void Release(FillResult<T> result)
    {
        _result.TrySetResult(result);
        _ended.TrySetResult();
    }

    /// <summary>Ends the run, and releases callers that still wait.</summary>
    public void Complete(FillResult<T> result)
    {
        _isStoring = false;
        Release(result);
    }

    /// <summary>Whether the run did not end by its deadline.</summary>
    public bool IsExpired { get; private set; }

    /// <summary>
    /// The deadline has passed: the callers are released to try a successor, the token of the factory is cancelled, and
    /// what it may still return is not stored.
    /// </summary>
    public void Expire(TimeSpan deadline)
    {
        if (_result.Task.IsCompleted)
            return;
        Detached = IsExpired = true;
        _result.TrySetException(new RunOverdueException(Key, deadline));
        _ = _result.Task.Exception;
        _ended.TrySetResult();
        _ = _cancellation.CancelAsync();
    }

    /// <summary>
    /// All callers get the exception, and so do later ones within the negative window: they do not query a failing
    /// source in turn.
    /// </summary>
    public void Fail(Exception exception, TimeSpan window)
    {
        if (exception is not OperationCanceledException && !_result.Task.IsCompleted)
        {
            Volatile.Write(
                ref _rememberUntil,
                clock.Now + (long)(window.TotalMilliseconds * (0.5 + (Random.Shared.NextDouble() / 2))));
        }
        _result.TrySetException(exception);
        _ = _result.Task.Exception; // Observed: the callers may all have left.
        _ended.TrySetResult();
    }
}
