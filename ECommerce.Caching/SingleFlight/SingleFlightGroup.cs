using ECommerce.Caching.Redis;

namespace ECommerce.Caching.SingleFlight;

/// <summary>Joins the callers of a key to its running fill, or starts one.</summary>
internal sealed class SingleFlightGroup(CacheEngine engine)
{
    // A caller that arrived after an invalidation never takes a value from before it, but it does not run after the
    // invalidations for ever either.
    private const int MaxReruns = 3;

    /// <summary>One run for all callers of the key: Redis, then the factory, then the value is stored.</summary>
    public async Task<FillResult<T>> RunAsync<TState, T>(
        CacheRequest<TState, T> request, bool useRedis, CancellationToken cancellationToken)
    {
        var arrived = engine.Tags.Moment;
        if (engine.Fills.Announcements.Any)
            await WaitForWritesAsync(request, cancellationToken).ConfigureAwait(false);
        var hasFailed = false;
        for (var attempt = 0; ; attempt++)
        {
            var run = JoinOrStart(request, out var isFirst, useRedis);
            FillResult<T> result;
            try
            {
                result = await run.WaitAsync(cancellationToken, isFirst).ConfigureAwait(false);
            }
            catch (Exception failure) when (
                failure is not OperationCanceledException && MayRepeat(run, isFirst) && !hasFailed)
            {
                // One successor serves all that waited; if it fails or expires too, they get the error.
                hasFailed = true;
                continue;
            }
            if (run.IsTooOld(result, arrived) && attempt < MaxReruns)
                continue;
            return result;
        }
    }

    /// <summary>
    /// The same for several keys that are loaded together: joins the runs there are, and starts the others as one
    /// batch. Returns when all have ended.
    /// </summary>
    /// <exception cref="Exception">That of the first key that failed; what the others made is stored all the
    /// same.</exception>
    public async Task<FillResult<T>[]> RunManyAsync<TState, T>(
        IReadOnlyList<CacheRequest<TState, T>> requests, BatchFactory<TState, T> factory,
        CancellationToken cancellationToken)
    {
        var arrived = engine.Tags.Moment;
        if (engine.Fills.Announcements.Any)
        {
            await Task.WhenAll(requests.Select(request => WaitForWritesAsync(request, cancellationToken)))
                .ConfigureAwait(false);
        }
        var results = new FillResult<T>[requests.Count];
        var hasFailed = new bool[requests.Count];
        int[] pending = [.. Enumerable.Range(0, requests.Count)];
        for (var attempt = 0; pending.Length > 0; attempt++)
        {
            var runs = StartMany([.. pending.Select(i => requests[i])], factory, cancellationToken);
            await ((Task)Task.WhenAll(runs.Select(static run => run.Ended)))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var again = new List<int>();
            for (var i = 0; i < runs.Length; i++)
            {
                var (run, isFirst, ended) = runs[i];
                ref var failed = ref hasFailed[pending[i]];
                if (ended.IsFaulted && MayRepeat(run, isFirst) && !failed)
                {
                    failed = true;
                    again.Add(pending[i]);
                    continue;
                }
                // It has ended: throws what the run failed with.
                var result = await ended.ConfigureAwait(false);
                if (run.IsTooOld(result, arrived) && attempt < MaxReruns)
                    again.Add(pending[i]);
                else
                    results[pending[i]] = result;
            }
            pending = [.. again];
        }
        return results;
    }

    /// <summary>
    /// Lets announced invalidations of the key end: meanwhile no run is shared, and nothing is kept.
    /// </summary>
    private async Task WaitForWritesAsync<TState, T>(
        CacheRequest<TState, T> request, CancellationToken cancellationToken)
    {
        using var held = engine.Hold(request.Key, request.Policy, request.Tags);
        await engine.Fills.Announcements.WaitForEndAsync(held, cancellationToken).ConfigureAwait(false);
    }

    private (SingleFlight<T> Run, bool IsFirst, Task<FillResult<T>> Ended)[] StartMany<TState, T>(
        CacheRequest<TState, T>[] requests, BatchFactory<TState, T> factory, CancellationToken cancellationToken)
    {
        var batch = new FillBatch<TState, T>(
            requests[0].State, factory, engine.TrustedRedis is { } redis ? new LookupBatch(redis.Layer) : null,
            engine.Fills.Waits);
        try
        {
            return Array.ConvertAll(requests, request =>
            {
                var run = JoinOrStart(batch.Request(request), out var isFirst);
                return (run, isFirst, run.WaitAsync(cancellationToken, isFirst));
            });
        }
        finally
        {
            // Whatever happens: the runs that have begun wait for it.
            batch.Begin();
        }
    }

    /// <summary>
    /// Whether a caller of a failed run may try a successor: the run was overdue, or it was part of another caller's
    /// batch, which a fault of another key may have ended.
    /// </summary>
    private static bool MayRepeat<T>(SingleFlight<T> run, bool isFirst) =>
        run.IsExpired || (run.FailedInBatch && !isFirst);

    /// <summary>Joins the run of the key and its flags; starts one if there is none, or it was overtaken.</summary>
    /// <param name="request">The key, and how its value is made.</param>
    /// <param name="isFirst">Whether the call started the run.</param>
    /// <param name="useRedis">False: Redis has just failed, and is not asked again.</param>
    /// <param name="acceptStale">False for a refresh, which replaces a stale value.</param>
    public SingleFlight<T> JoinOrStart<TState, T>(
        in CacheRequest<TState, T> request, out bool isFirst, bool useRedis = true, bool acceptStale = true) =>
        JoinOrStart(request, join: true, out isFirst, useRedis, acceptStale);

    /// <summary>Starts a run that replaces the running one, whose value is then not stored.</summary>
    public SingleFlight<T> Start<TState, T>(in CacheRequest<TState, T> request) =>
        JoinOrStart(request, join: false, out _, useRedis: true, acceptStale: true);

    private SingleFlight<T> JoinOrStart<TState, T>(
        in CacheRequest<TState, T> request, bool join, out bool isFirst, bool useRedis, bool acceptStale)
    {
        isFirst = false;
        var slot = (request.Key, request.Flags);
        SingleFlight<T>? mine = null;
        Tags.TagSet? held = null;
        while (true)
        {
            if (engine.Fills.Runs.TryGetValue(slot, out var running) && join && running is SingleFlight<T> run
                && run.TryJoin())
            {
                held?.Dispose();
                engine.Metrics.Joined(request.Policy);
                return run;
            }
            if (mine is null)
            {
                held = engine.Hold(request.Key, request.Policy, request.Tags);
                mine = new SingleFlight<T>(request.Key, engine.Tags, held, engine.Clock, engine.Fills.Waits);
            }
            var registered = running is null ? engine.Fills.Runs.TryAdd(slot, mine)
                : engine.Fills.Runs.TryUpdate(slot, mine, running);
            if (!registered)
                continue;
            // The previous run was overtaken, has ended, or is replaced by SetAsync: its value is not stored.
            if (running is not null)
                running.Detached = true;
            isFirst = true;
            mine.Execution = new CacheFill<TState, T>(
                engine, request, useRedis, lookUp: join, acceptStale && request.Policy.Stale > TimeSpan.Zero)
                .RunAsync(mine, held!);
            return mine;
        }
    }
}
