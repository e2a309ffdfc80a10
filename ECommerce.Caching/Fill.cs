namespace ECommerce.Caching;

/// <summary>Makes the value of one key: Redis, then the factory, then both layers. One run serves all callers of its flight.</summary>
/// <remarks>
/// The fence: before anything is read, the fill notes the node's moment and the versions Redis has of the tags. What it keeps is stamped with
/// these, so a value that was overtaken by an invalidation is born unusable, in memory and in Redis, on whatever node.
/// </remarks>
internal sealed class Fill<TState, T>(
    CacheEngine engine, string key, PolicyState policy, TState state, Func<TState, CacheEntryContext, CancellationToken, ValueTask<T>> factory, bool lookUp, bool useRedis, bool keep,
    bool acceptStale)
{
    public async Task RunAsync(Flight<T> flight, HeldTags held)
    {
        CacheTrace.Suppress();
        try
        {
            flight.Complete(await FillAsync(flight, held).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            flight.Fail(exception, engine.Settings.FailureWindow);
        }
        finally
        {
            held.Dispose();
        }
    }

    private async Task<FillResult<T>> FillAsync(Flight<T> flight, HeldTags held)
    {
        // Between the caller's look into memory and the start of this flight another one may have ended.
        if (lookUp && engine.FindServable(key) is CacheEntry<T> entry)
            return new FillResult<T>(entry.Value, entry, CacheOutcome.Memory);

        var redis = useRedis && engine.MayShare(policy) ? engine.TrustedRedis : null;
        var sequence = 0L;
        if (redis is not null)
        {
            try
            {
                (var found, var lookup) = await engine.ReadRedisAsync<T>(redis, key, policy, held, acceptStale).ConfigureAwait(false);
                if (found is not null && lookUp)
                {
                    engine.Metrics.RedisHit(policy);
                    return new FillResult<T>(found.Value, found, CacheOutcome.Redis);
                }
                engine.Metrics.RedisMiss(policy);
                await redis.CreateMissingVersionsAsync(held).ConfigureAwait(false);
                sequence = lookup.Sequence;
            }
            catch (Exception exception) when (RedisFailure.Is(exception))
            {
                engine.RedisFailed(exception, "read", key);
                held.ForgetVersions();
                redis = null;
            }
        }
        // Again, because the versions just read may have been news.
        flight.BeginReading();
        engine.Log.Miss(key);
        return await MakeAsync(flight, held, redis, sequence).ConfigureAwait(false);
    }

    private async Task<FillResult<T>> MakeAsync(Flight<T> flight, HeldTags held, RedisLayer? redis, long sequence)
    {
        var context = engine.NewContext();
        await using var ending = context.ConfigureAwait(false);
        T value;
        try
        {
            value = await factory(state, context, flight.Abandoned).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            engine.Metrics.Factory(policy, exception is OperationCanceledException ? "cancelled" : "failed");
            throw;
        }
        engine.Metrics.Factory(policy, "succeeded");

        var early = held.Count;
        foreach (var tag in context.Tags)
            held.Add(tag);
        flight.DependsOn(held);
        var storable = keep && context.Storable && policy.Accepts(value) && !flight.Detached && !held.DroppedAfter(flight.AsOf) && held.Count <= CacheTags.MaximumPerEntry;
        // Of what could be changed each caller gets a copy, kept or not. One is tried here: what cannot be read again is not stored.
        var copies = ImmutableType<T>.MutableMember(value) is not null;
        var payload = storable || copies ? CacheSerializer.Serialize(value) : null;
        if (copies)
            _ = CacheSerializer.Deserialize<T>(payload);
        if (!storable || payload!.Length > engine.Settings.MaxValueSize)
            return new FillResult<T>(value, null, CacheOutcome.Miss, copies ? payload : null);

        if (redis is not null && !await StampLateTagsAsync(redis, held, early, sequence).ConfigureAwait(false))
        {
            // The versions read last may be newer than the value: nothing may be stamped with them, nor a response that is built from it.
            held.ForgetVersions();
            redis = null;
        }
        var fresh = policy.NextFresh();
        var lives = fresh + policy.Stale;
        if (value is null && lives > engine.Settings.NullTtl)
            fresh = lives = Min(fresh, engine.Settings.NullTtl);
        if (context.MaximumLifetime is { } most && lives > most)
            (fresh, lives) = (Min(fresh, most), most);

        var entry = engine.Keep(key, value, policy, held, flight.AsOf, flight.ReadAt, fresh, lives, payload);
        if (redis is not null)
        {
            try
            {
                await engine.WriteRedisAsync(redis, entry, TypeId<T>.Value, payload, fresh, lives, sequence).ConfigureAwait(false);
            }
            catch (Exception exception) when (RedisFailure.Is(exception))
            {
                engine.RedisFailed(exception, "write", key);
            }
        }
        return new FillResult<T>(value, entry, CacheOutcome.Miss);
    }

    /// <summary>
    /// The versions of tags that were only found while loading were not noted before. One that was raised after the noted sequence number may
    /// have been raised while we loaded, so the value must not reach Redis. One that had no version, and that we are the first to give one, was
    /// not raised meanwhile: a bump would have left one.
    /// </summary>
    private async Task<bool> StampLateTagsAsync(RedisLayer redis, HeldTags held, int early, long sequence)
    {
        if (held.Count == early)
            return true;
        try
        {
            await redis.ReadVersionsAsync(held, early).ConfigureAwait(false);
            var created = await redis.CreateMissingVersionsAsync(held).ConfigureAwait(false);
            for (var i = early; i < held.Count; i++)
            {
                if (held[i].Version > sequence && !created.Contains(held[i].State.Name))
                    return false;
            }
            return true;
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            engine.RedisFailed(exception, "read", key);
            return false;
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
