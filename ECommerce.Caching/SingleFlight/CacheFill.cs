using System.Diagnostics;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// Makes the value of one key: Redis, then the factory, then both layers. One run serves all callers that join it.
/// </summary>
/// <remarks>
/// The fence: before anything is read, the fill notes the node's moment and the highest number Redis has issued. What
/// it keeps is stamped with these, so a value that was overtaken by an invalidation is born unusable, in memory and in
/// Redis, on whatever node; also where it turns out only while loading what the value depends on.
/// </remarks>
/// <param name="engine">The layers.</param>
/// <param name="request">The key, and how its value is made.</param>
/// <param name="useRedis">False: Redis has just failed, and is not called.</param>
/// <param name="lookUp">False: the factory's value replaces what the layers have.</param>
/// <param name="acceptStale">Whether a stale value of Redis will do.</param>
internal sealed class CacheFill<TState, T>(
    CacheEngine engine, CacheRequest<TState, T> request, bool useRedis, bool lookUp, bool acceptStale)
{
    private static readonly TimeSpan MinLifetime = TimeSpan.FromMilliseconds(1);

    private readonly string _key = request.Key;
    private readonly PolicyState _policy = request.Policy;

    /// <summary>Makes the value and leaves the slot, unless an exception is to be remembered there.</summary>
    public async Task RunAsync(SingleFlight<T> run, TagSet held)
    {
        CacheTrace.Suppress();
        WaitGraph.Begin(run);
        request.Member?.Undecided();
        try
        {
            await FillAsync(run, held).ConfigureAwait(false);
        }
        catch (FillBatchException failed)
        {
            // Of one of several keys: it is not remembered, and callers that only joined may load theirs alone.
            run.FailedInBatch = true;
            run.Fail(failed.InnerException!, TimeSpan.Zero);
        }
        catch (Exception exception)
        {
            run.Fail(exception, engine.Settings.FailureWindow);
        }
        finally
        {
            held.Dispose();
            if (run.IsOver(engine.Clock.Now))
            {
                engine.Fills.Runs.TryRemove(
                    new KeyValuePair<(string, HybridCacheEntryFlags), SingleFlightRun>(
                        (_key, request.Flags), run));
            }
            // At the very end: the factory of the others may go on from here.
            request.Member?.Decided();
        }
    }

    /// <summary>Completes the run, and returns when its value is stored.</summary>
    private async Task FillAsync(SingleFlight<T> run, TagSet held)
    {
        // Between the caller's look into memory and the start of this run another one may have ended.
        if (lookUp && request.ReadsMemory && engine.Memory.FindServable(_key) is CacheEntry<T> entry)
        {
            run.Complete(new FillResult<T>(entry.Value, entry, CacheOutcome.Memory));
            return;
        }

        var redis = useRedis && (request.ReadsRedis || request.WritesRedis) && engine.MayShare(_policy)
            ? engine.TrustedRedis
            : null;
        // The lock is for the run whose value the waiting nodes will find in Redis.
        var look = new DistributedSingleFlight<T>(
            engine, _key, _policy, held,
            shares: request.WritesRedis && request.RunsFactory && _policy.SingleFlight == SingleFlightScope.Cluster,
            acceptStale, request.WritesMemory, request.Member);
        await using var ending = look.ConfigureAwait(false);
        if (redis is not null && lookUp && request.ReadsRedis)
        {
            try
            {
                if (await look.FindOrLeadAsync(redis, run.Abandoned).ConfigureAwait(false) is { } found)
                {
                    engine.Metrics.RedisHit(_policy);
                    run.Complete(new FillResult<T>(found.Value, found, CacheOutcome.Redis));
                    return;
                }
                engine.Metrics.RedisMiss(_policy);
            }
            catch (Exception exception) when (RedisFailure.Is(exception) && !run.Abandoned.IsCancellationRequested)
            {
                engine.RedisFailed(exception, "read", _key);
                redis = null;
            }
        }
        if (!request.RunsFactory)
        {
            run.Complete(new FillResult<T>(default!, null, CacheOutcome.Miss));
            return;
        }
        run.BeginReading();
        engine.Log.Miss(_key);
        if (lookUp)
        {
            var cause = CauseOf(look.Cause, isRedisAway: redis is null && NeedsRedis);
            _policy.Counters.Fills.Count(cause);
            engine.Metrics.Recent.Filled(_key, cause.Name());
        }
        await MakeAsync(run, held, redis, look.Lock).ConfigureAwait(false);
    }

    private bool NeedsRedis => request.ReadsRedis && engine.Redis is not null && engine.MayShare(_policy);

    /// <summary>Why no layer had the value: what memory knows of its own entry comes first.</summary>
    private MissCause CauseOf(MissCause inRedis, bool isRedisAway)
    {
        if (engine.Memory.Layer.Peek(_key) is not { } entry)
            return isRedisAway ? MissCause.RedisUnavailable : inRedis;
        if (!entry.IsCurrent(engine.Tags))
            return MissCause.Invalidated;
        var now = engine.Clock.Now;
        return now >= entry.StaleUntil ? MissCause.Expired : now >= entry.FreshUntil ? MissCause.Refreshed
            : MissCause.RedisUnavailable;
    }

    private async Task MakeAsync(
        SingleFlight<T> run, TagSet held, RedisEntryStore? redis, FillLock? clusterLock)
    {
        // Before the factory reads anything: whatever was committed under a number up to this one it will see.
        var sequence = redis is null ? 0 : engine.HighestNumber;
        var context = engine.Fills.NewContext();
        var value = await RunFactoryAsync(run, context, clusterLock).ConfigureAwait(false);

        foreach (var tag in context.Tags)
            held.Add(tag);
        _ = _policy.Combine(_key, held);
        if (engine.Settings.Faults.NoFence)
        {
            run.BeginReading();
            sequence = engine.HighestNumber;
        }
        held.Stamp(sequence);
        if (held.Count > CacheTags.MaximumPerEntry)
            engine.Log.TooManyTagsOnce(_key, held.Count);
        run.DependsOn(held);
        redis = request.WritesRedis && sequence > 0 ? redis : null;
        var storable = (request.WritesMemory || redis is not null) && context.Storable && _policy.Accepts(value)
            && !run.Detached && !held.DroppedAfter(run.AsOf) && held.Count <= CacheTags.MaximumPerEntry;
        // Of what could be changed each caller gets a copy, stored or not.
        var frozen = storable || ImmutableType<T>.MutableMember(value) is not null
            ? engine.Memory.Freeze(value) : default;
        var uncached = new FillResult<T>(value, null, CacheOutcome.Miss, frozen.Copies);
        if (!storable || !frozen.CanStore || frozen.Size > engine.Settings.MaxValueSize)
        {
            run.Complete(uncached);
            return;
        }

        var (fresh, lives) = Lifetimes(value, context);
        // Redis refuses to store for less; an external token may have expired on its way.
        if (lives < MinLifetime)
        {
            run.Complete(uncached);
            return;
        }
        var entry = engine.Memory.Write(
            _key, frozen, _policy, held, run.AsOf, run.ReadAt, fresh, lives, request.WritesMemory);
        var result = new FillResult<T>(value, entry, CacheOutcome.Miss);
        if (redis is null || frozen.Payload is not { } payload)
            run.Complete(result);
        else
            await ShareAsync(redis, run, held, result, payload, fresh, lives, clusterLock).ConfigureAwait(false);
    }

    private async Task<T> RunFactoryAsync(SingleFlight<T> run, CacheEntryContext context, FillLock? clusterLock)
    {
        await using var ending = context.ConfigureAwait(false);
        clusterLock?.KeepRenewed();
        // The other nodes do not wait for a run that no caller waits for, or that is overdue: it may never end.
        using var abandoned = run.Abandoned.UnsafeRegister(
            static held => _ = ((FillLock?)held)?.EndAsync(withValue: false).AsTask(), clusterLock);
        var deadline = engine.Fills.Time.CreateTimer(
            static fill => ((Action)fill!)(), (Action)(() => Expire(run)), _policy.Deadline, Timeout.InfiniteTimeSpan);
        await using var ended = deadline.ConfigureAwait(false);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var value = await request.Factory(request.State, context, run.Abandoned).ConfigureAwait(false);
            engine.Metrics.Factory(_policy, started, failure: null);
            return value;
        }
        catch (Exception exception)
        {
            engine.Metrics.Factory(_policy, started, exception);
            throw;
        }
    }

    private void Expire(SingleFlight<T> run)
    {
        engine.Log.Overdue(_key, _policy.Deadline.TotalSeconds);
        run.Expire(_policy.Deadline);
    }

    private (TimeSpan Fresh, TimeSpan Lives) Lifetimes(T value, CacheEntryContext context)
    {
        var fresh = _policy.NextFresh();
        var lives = fresh + _policy.Stale;
        if (value is null && lives > engine.Settings.NullTtl)
            fresh = lives = Min(fresh, engine.Settings.NullTtl);
        if (context.MaximumLifetime is { } most && lives > most)
            (fresh, lives) = (Min(fresh, most), most);
        return (fresh, lives);
    }

    /// <summary>
    /// Releases the callers, who do not wait for the store in Redis; the fill lock and the run's place stay until that
    /// has ended. Beyond the bounds of pending stores they wait.
    /// </summary>
    private async Task ShareAsync(
        RedisEntryStore redis, SingleFlight<T> run, TagSet held, FillResult<T> result, byte[] payload, TimeSpan fresh,
        TimeSpan lives, FillLock? clusterLock)
    {
        var callersWait = !engine.Fills.Stores.Begin(payload.Length);
        run.BeginStoring();
        // Before the callers are released: the first of them continues in that call, maybe for long.
        var storing = StoreAsync(redis, run, held, result, payload, (fresh, lives), clusterLock, callersWait);
        if (!callersWait)
            run.Release(result);
        await storing.ConfigureAwait(false);
    }

    private async Task StoreAsync(
        RedisEntryStore redis, SingleFlight<T> run, TagSet held, FillResult<T> result, byte[] payload,
        (TimeSpan Fresh, TimeSpan Lives) times, FillLock? clusterLock, bool callersWait)
    {
        try
        {
            // The versions of its tags live twice as long as the entries of any policy, whatever the call's options.
            var longest = engine.Policies.MaxLifetime;
            // The store ends the lock; its renewal goes on until the store has ended.
            var isStored = await redis.WriteAsync(
                result.Entry!, engine.Memory.Serializers.For<T>().TypeId, payload, Min(times.Fresh, longest),
                Min(times.Lives, longest), clusterLock?.Grant, compress: request.Compresses,
                isAwaited: callersWait).ConfigureAwait(false);
            if (isStored)
                clusterLock?.TryEnd();
            // A pattern sweep scans Redis after its command arrived here: a sweep between our check and the store may
            // have missed the entry.
            if (isStored && held.DroppedAfter(run.AsOf))
                await redis.Layer.RemoveAsync(_key).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            engine.RedisFailed(exception, "write", _key);
        }
        finally
        {
            engine.Fills.Stores.End(payload.Length);
            run.Complete(result);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
