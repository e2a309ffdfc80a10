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
                    new KeyValuePair<(string, HybridCacheEntryFlags), SingleFlightRun>(
                        (_key, request.Flags), run));
            }
        }
    }

    private async Task<FillResult<T>> FillAsync(SingleFlight<T> run, TagSet held)
    {
        // Between the caller's look into memory and the start of this run another one may have ended.
        if (lookUp && request.ReadsMemory && engine.Memory.FindServable(_key) is CacheEntry<T> entry)
            return new FillResult<T>(entry.Value, entry, CacheOutcome.Memory);

        var redis = useRedis && (request.ReadsRedis || request.WritesRedis) && engine.MayShare(_policy)
            ? engine.TrustedRedis
            : null;
        // The lock is for the run whose value the waiting nodes will find in Redis.
        var look = new DistributedSingleFlight<T>(
            engine, _key, _policy, held,
            shares: request.WritesRedis && request.RunsFactory && _policy.SingleFlight == SingleFlightScope.Cluster,
            acceptStale, request.WritesMemory);
        await using var ending = look.ConfigureAwait(false);
        if (redis is not null && lookUp && request.ReadsRedis)
        {
            try
            {
                if (await look.FindOrLeadAsync(redis, run.Abandoned).ConfigureAwait(false) is { } found)
                {
                    engine.Metrics.RedisHit(_policy);
                    return new FillResult<T>(found.Value, found, CacheOutcome.Redis);
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
            return new FillResult<T>(default!, null, CacheOutcome.Miss);
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
            value = await request.Factory(request.State, context, run.Abandoned).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            engine.Metrics.Factory(_policy, exception is OperationCanceledException ? "cancelled" : "failed");
            throw;
        }
        engine.Metrics.Factory(_policy, "succeeded");

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
        redis = request.WritesRedis && sequence > 0 ? redis : null;
        var storable = (request.WritesMemory || redis is not null) && context.Storable && _policy.Accepts(value)
            && !run.Detached && !held.DroppedAfter(run.AsOf) && held.Count <= CacheTags.MaximumPerEntry;
        // Of what could be changed each caller gets a copy, kept or not. One is tried here: what cannot be read again
        // is not stored.
        var copies = ImmutableType<T>.MutableMember(value) is not null;
        var payload = storable || copies ? CacheSerializer.Serialize(value) : null;
        if (copies)
            _ = CacheSerializer.Deserialize<T>(payload);
        if (!storable || payload!.Length > engine.Settings.MaxValueSize)
            return new FillResult<T>(value, null, CacheOutcome.Miss, copies ? payload : null);

        var fresh = _policy.NextFresh();
        var lives = fresh + _policy.Stale;
        if (value is null && lives > engine.Settings.NullTtl)
            fresh = lives = Min(fresh, engine.Settings.NullTtl);
        if (context.MaximumLifetime is { } most && lives > most)
            (fresh, lives) = (Min(fresh, most), most);
        // Redis refuses to store for less; an external token may have expired on its way.
        if (lives < MinLifetime)
            return new FillResult<T>(value, null, CacheOutcome.Miss, copies ? payload : null);

        var entry = engine.Memory.Write(
            _key, value, _policy, held, run.AsOf, run.ReadAt, fresh, lives, payload, request.WritesMemory);
        if (redis is not null)
            await ShareAsync(redis, run, held, entry, payload, fresh, lives, clusterLock).ConfigureAwait(false);
        return new FillResult<T>(value, entry, CacheOutcome.Miss);
    }

    private async Task ShareAsync(
        RedisEntryStore redis, SingleFlight<T> run, TagSet held, CacheEntry<T> entry, byte[] payload, TimeSpan fresh,
            TimeSpan lives, FillLock? clusterLock)
    {
        clusterLock?.TryEnd();
        // The versions of its tags live twice as long as the entries of any policy, whatever a call's options ask for.
        (fresh, lives) = (Min(fresh, engine.Policies.MaxLifetime), Min(lives, engine.Policies.MaxLifetime));
        try
        {
            var isStored = await redis.WriteAsync(
                entry, TypeId<T>.Value, payload, fresh, lives, clusterLock?.Grant, overtakes: true,
                compress: request.Compresses).ConfigureAwait(false);
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
