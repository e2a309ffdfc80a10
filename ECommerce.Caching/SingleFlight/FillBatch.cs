namespace ECommerce.Caching.SingleFlight;

/// <summary>The place of one key in a batch, as its fill sees it.</summary>
internal interface IFillBatchMember
{
    /// <summary>Sends the look-ups of the batch in one round trip; null without Redis.</summary>
    Redis.LookupBatch? Lookups { get; }

    /// <summary>The fill looks for its value: the factory waits for the outcome.</summary>
    void Undecided();

    /// <summary>The fill has its value, needs the factory, waits for another node, or has ended.</summary>
    void Decided();
}

/// <summary>The factory of several keys has failed.</summary>
internal sealed class FillBatchException(Exception inner) : Exception(inner.Message, inner);

/// <summary>
/// The keys of one call, each with a fill and a run of its own: lock, fence, tags, deadline and store are those of a
/// single key. Common to them are the look-up and the factory, which runs once for all keys that need it when no fill
/// looks for its value any more. A key that waits for another node and gets no value from it comes later, with others
/// of its kind.
/// </summary>
internal sealed class FillBatch<TState, T>(
    TState state, BatchFactory<TState, T> factory, Redis.LookupBatch? lookups, WaitGraph waits)
{
    private readonly Lock _lock = new();
    private FillRound<T>? _round;

    // One is the caller, which begins the fills one after the other.
    private int _undecided = 1;

    /// <summary>The request of one key.</summary>
    public CacheRequest<Member, T> Request(in CacheRequest<TState, T> of)
    {
        var member = new Member(this, of.Key);
        return new CacheRequest<Member, T>(
            of.Key, member, static (member, context, token) => member.LoadAsync(context, token), of.Policy, of.Flags,
            of.Tags)
        { Member = member };
    }

    /// <summary>The fills have begun: sends their look-ups, after which the factory runs.</summary>
    public void Begin()
    {
        lookups?.Send();
        Count(-1);
    }

    private void Count(int change)
    {
        FillRound<T>? closed = null;
        lock (_lock)
        {
            _undecided += change;
            if (_undecided == 0)
                (closed, _round) = (_round, null);
        }
        // Continues with the factory.
        closed?.Close();
    }

    private FillRound<T> Join(string key, CacheEntryContext context, CancellationToken abandoned, out bool isFirst)
    {
        lock (_lock)
        {
            isFirst = _round is null;
            _round ??= new FillRound<T>(WaitGraph.Run);
            _round.Add(key, context, abandoned);
            return _round;
        }
    }

    // The first of a round runs the factory in its own flow, also when its callers have left and others' have not.
    private async Task<IReadOnlyDictionary<string, T>> RunAsync(FillRound<T> round, CacheEntryContext context)
    {
        await round.Closed.ConfigureAwait(false);
        try
        {
            var keys = round.Keys;
            round.Abandoned.ThrowIfCancellationRequested();
            var values = await factory(state, new CacheBatchContext(keys, round.ContextOf, context), round.Abandoned)
                .ConfigureAwait(false)
                ?? throw new InvalidOperationException("The factory of several cached values returned null.");
            round.Complete(values);
            return values;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && round.HasSeveral)
        {
            var failed = new FillBatchException(exception);
            round.Fail(failed);
            throw failed;
        }
        catch (Exception exception)
        {
            round.Fail(exception);
            throw;
        }
    }

    /// <inheritdoc/>
    internal sealed class Member(FillBatch<TState, T> batch, string key) : IFillBatchMember
    {
        private int _isUndecided;

        public Redis.LookupBatch? Lookups => batch.Lookups;

        public void Undecided()
        {
            if (Interlocked.Exchange(ref _isUndecided, 1) == 0)
                batch.Count(1);
        }

        public void Decided()
        {
            if (Interlocked.Exchange(ref _isUndecided, 0) == 1)
                batch.Count(-1);
        }

        /// <summary>The value of the key, from the one factory.</summary>
        public async ValueTask<T> LoadAsync(CacheEntryContext context, CancellationToken abandoned)
        {
            var round = batch.Join(key, context, abandoned, out var isFirst);
            // Before the factory begins: one that reads this key would wait for itself.
            using var wait = isFirst || round.Leader is not { } leader ? null : batch.Waits.Enter(leader);
            Decided();
            var values = isFirst ? await batch.RunAsync(round, context).ConfigureAwait(false)
                : await round.Values.WaitAsync(abandoned).ConfigureAwait(false);
            return ValueOf(values, key);
        }
    }

    private Redis.LookupBatch? Lookups => lookups;

    private WaitGraph Waits => waits;

    /// <summary>
    /// The value of a key among those the factory returned. A key that it leaves out has none: null, where the type has
    /// it.
    /// </summary>
    /// <exception cref="KeyNotFoundException">It is left out, and the type has no null.</exception>
    public static T ValueOf(IReadOnlyDictionary<string, T> values, string key)
    {
        if (values.TryGetValue(key, out var value))
            return value;
        return default(T) is null ? default!
            : throw new KeyNotFoundException($"The factory returned no value for the key '{key}'.");
    }
}

/// <summary>Makes the values of several keys.</summary>
internal delegate ValueTask<IReadOnlyDictionary<string, T>> BatchFactory<TState, T>(
    TState state, CacheBatchContext context, CancellationToken cancellationToken);
