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
internal sealed class CacheFill<TState, T>(
    CacheEngine engine, (string Key, HybridCacheEntryFlags Flags) slot, PolicyState policy, TState state,
    Func<TState, CacheEntryContext, CancellationToken, ValueTask<T>> factory, bool lookUp, bool useRedis, bool keep,
        bool acceptStale)
{
    private readonly string _key = slot.Key;

    /// <summary>Makes the value and leaves the slot, unless an exception is to be remembered there.</summary>
    public async Task RunAsync(SingleFlight<T> run, TagSet held)
    {
        CacheTrace.Suppress();
        try
        {
            run.Complete(await FillAsync(run, held).ConfigureAwait(false));
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
                    new KeyValuePair<(string, HybridCacheEntryFlags), SingleFlightRun>(slot, run));
            }
        }
    }

    private async Task<FillResult<T>> FillAsync(SingleFlight<T> run, TagSet held)
    {
        // Between the caller's look into memory and the start of this run another one may have ended.
        if (lookUp && engine.Memory.FindServable(_key) is CacheEntry<T> entry)
            return new FillResult<T>(entry.Value, entry, CacheOutcome.Memory);

        var redis = useRedis && engine.MayShare(policy) ? engine.TrustedRedis : null;
        var look = new DistributedSingleFlight<T>(
            engine, _key, policy, held, shares: lookUp && keep && policy.SingleFlight == SingleFlightScope.Cluster,
            acceptStale);
        await using var ending = look.ConfigureAwait(false);
        if (redis is not null)
        {
            try
            {
                if (await look.FindOrLeadAsync(redis, run.Abandoned).ConfigureAwait(false) is { } found && lookUp)
                {
                    engine.Metrics.RedisHit(policy);
                    return new FillResult<T>(found.Value, found, CacheOutcome.Redis);
                }
                engine.Metrics.RedisMiss(policy);
            }
            catch (Exception exception) when (RedisFailure.Is(exception) && !run.Abandoned.IsCancellationRequested)
            {
                engine.RedisFailed(exception, "read", _key);
                redis = null;
            }
        }
        run.BeginReading();
        engine.Log.Miss(_key);
        return await MakeAsync(run, held, redis, look.Lock).ConfigureAwait(false);
    }

    private async Task<FillResult<T>> MakeAsync(
        SingleFlight<T> run, TagSet held, RedisEntryStore? redis, FillLock? clusterLock)
    {
        // Before the factory reads anything: whatever was committed under a number up to this one it will see.
        var sequence = redis is null ? 0 : engine.HighestNumber;
        var context = engine.Fills.NewContext();
        await using var ending = context.ConfigureAwait(false);
        clusterLock?.KeepRenewed();
        T value;
        try
        {
            value = await factory(state, context, run.Abandoned).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            engine.Metrics.Factory(policy, exception is OperationCanceledException ? "cancelled" : "failed");
            throw;
        }
        engine.Metrics.Factory(policy, "succeeded");

        foreach (var tag in context.Tags)
            held.Add(tag);
        if (engine.Settings.Faults.NoFence)
        {
            run.BeginReading();
            sequence = engine.HighestNumber;
        }
        held.Stamp(sequence);
        if (held.Count > CacheTags.MaximumPerEntry)
            engine.Log.TooManyTagsOnce(_key, held.Count);
        run.DependsOn(held);
        var storable = keep && context.Storable && policy.Accepts(value) && !run.Detached
            && !held.DroppedAfter(run.AsOf) && held.Count <= CacheTags.MaximumPerEntry;
        // Of what could be changed each caller gets a copy, kept or not. One is tried here: what cannot be read again
        // is not stored.
        var copies = ImmutableType<T>.MutableMember(value) is not null;
        var payload = storable || copies ? CacheSerializer.Serialize(value) : null;
        if (copies)
            _ = CacheSerializer.Deserialize<T>(payload);
        if (!storable || payload!.Length > engine.Settings.MaxValueSize)
            return new FillResult<T>(value, null, CacheOutcome.Miss, copies ? payload : null);

        var fresh = policy.NextFresh();
        var lives = fresh + policy.Stale;
        if (value is null && lives > engine.Settings.NullTtl)
            fresh = lives = Min(fresh, engine.Settings.NullTtl);
        if (context.MaximumLifetime is { } most && lives > most)
            (fresh, lives) = (Min(fresh, most), most);

        var entry = engine.Memory.Write(_key, value, policy, held, run.AsOf, run.ReadAt, fresh, lives, payload);
        if (redis is not null && sequence > 0)
            await ShareAsync(redis, run, held, entry, payload, fresh, lives, clusterLock).ConfigureAwait(false);
        return new FillResult<T>(value, entry, CacheOutcome.Miss);
    }

    private async Task ShareAsync(
        RedisEntryStore redis, SingleFlight<T> run, TagSet held, CacheEntry<T> entry, byte[] payload, TimeSpan fresh,
            TimeSpan lives, FillLock? clusterLock)
    {
        clusterLock?.TryEnd();
        try
        {
            var isStored = await redis.WriteAsync(
                entry, TypeId<T>.Value, payload, fresh, lives, clusterLock?.Grant, overtakes: true).ConfigureAwait(
                false);
            // A pattern sweep scans Redis after its command arrived here: a sweep between our check and the store may
            // have missed the entry.
            if (isStored && held.DroppedAfter(run.AsOf))
                await redis.Layer.RemoveAsync(_key).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            engine.RedisFailed(exception, "write", _key);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
