using System.Diagnostics;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Drops tags: in L1 at once, then in Redis, then on the other nodes. What Redis did not receive is kept as pending
/// (<see cref="PendingInvalidations"/>); until it is applied this node does not read from Redis.
/// </summary>
internal sealed class Invalidator(CacheEngine engine, PatternSweep sweep, Backplane? backplane = null)
    : ICacheInvalidator
{
    public async ValueTask<InvalidationOutcome> InvalidateAsync(
        IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default)
    {
        if (tags.Count == 0)
            return InvalidationOutcome.Applied;
        foreach (var tag in tags)
            _ = CacheTags.Checked(tag);
        foreach (var tag in tags)
            engine.Tags.Drop(tag);
        engine.Metrics.Invalidated(tags.Count, "tag");
        if (engine.Redis is not { } redis)
            return InvalidationOutcome.Applied;
        try
        {
            var started = Stopwatch.GetTimestamp();
            var outcome = await ApplyAsync(redis, tags).ConfigureAwait(false);
            if (outcome == InvalidationOutcome.Deferred)
                engine.Metrics.Deferred();
            else
                engine.Metrics.InvalidationLag(Stopwatch.GetElapsedTime(started));
            return outcome;
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            engine.Metrics.RedisError(exception);
            engine.Metrics.Deferred();
            engine.Log.Deferred(string.Join(' ', tags));
            engine.Pending.Add(tags);
            return InvalidationOutcome.Deferred;
        }
    }

    public ValueTask<InvalidationOutcome> InvalidateAllOfAsync(
        IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return InvalidateAsync([engine.Policies.AllOf(tags)], cancellationToken);
    }

    public async ValueTask<InvalidationOutcome> InvalidatePatternAsync(
        string pattern, CancellationToken cancellationToken = default)
    {
        _ = CacheTags.Checked(pattern);
        if (!GlobPattern.IsOne(pattern) || engine.Policies.IsTag(pattern))
            return await InvalidateAsync([pattern], cancellationToken).ConfigureAwait(false);
        engine.Metrics.Invalidated(1, "pattern");
        sweep.SweepMemory(pattern, 0);
        if (engine.Redis is not { } redis)
            return InvalidationOutcome.Applied;
        try
        {
            var outcome = backplane is not null
                ? await backplane.PublishAsync(
                    [BackplaneCommands.Write(PatternSweep.Command, pattern)], await redis.DrawAsync()
                    .ConfigureAwait(false)).ConfigureAwait(false)
                : InvalidationOutcome.Applied;
            // Once begun it runs to its end: an entry left out would stay valid in Redis.
            await foreach (var keys in sweep.FindAsync(pattern, CancellationToken.None).ConfigureAwait(false))
            {
                if (keys.Count == 0)
                    continue;
                if (await InvalidateAsync(
                    [.. keys.Select(sweep.TagOf).Distinct(StringComparer.Ordinal)], cancellationToken)
                    .ConfigureAwait(false) == InvalidationOutcome.Deferred)
                {
                    outcome = InvalidationOutcome.Deferred;
                }
                await sweep.UnlinkAsync(keys).ConfigureAwait(false);
            }
            return outcome;
        }
        catch (Exception exception) when (RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            // Without Redis the covered keys are unknown and cannot be kept as pending: everything is dropped.
            engine.RedisFailed(exception, "sweep", pattern);
            await InvalidateAsync([CacheTags.Everything], cancellationToken).ConfigureAwait(false);
            return InvalidationOutcome.Deferred;
        }
    }

    /// <summary>Raises the versions in Redis and publishes; throws where Redis fails.</summary>
    internal async Task<InvalidationOutcome> ApplyAsync(RedisLayer redis, IReadOnlyCollection<string> tags)
    {
        if (backplane is not null && !redis.IsCluster)
            return await backplane.InvalidateAsync(redis, tags, Raised).ConfigureAwait(false);

        // Versions are raised before the message is published: a node that begins to follow in between finds them
        // raised.
        var version = await redis.DrawAsync().ConfigureAwait(false);
        await redis.RaiseAsync(tags, version).ConfigureAwait(false);
        Raised(version);
        return backplane is not null ? await backplane.PublishAsync(tags, version).ConfigureAwait(false)
            : InvalidationOutcome.Applied;

        // Dropped once more: between the first drop and the raise a read may have taken the old value from Redis, where
        // it was still valid.
        void Raised(long number)
        {
            foreach (var tag in tags)
                engine.Tags.Drop(tag, number);
            engine.Log.Invalidated(string.Join(' ', tags), number);
        }
    }
}
