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
        var hasExpired = false;
        for (var attempt = 0; ; attempt++)
        {
            var run = JoinOrStart(request, out var isFirst, useRedis);
            FillResult<T> result;
            try
            {
                result = await run.WaitAsync(cancellationToken, isFirst).ConfigureAwait(false);
            }
            catch (RunOverdueException) when (run.IsExpired && !hasExpired)
            {
                // One successor serves all that waited; if it fails or expires too, they get the error.
                hasExpired = true;
                continue;
            }
            if (run.IsTooOld(result, arrived) && attempt < MaxReruns)
                continue;
            return result;
        }
    }

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
                engine.Metrics.Joined();
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
