using System.Diagnostics;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Drops tags: in L1 at once, then in Redis, then on the other nodes. What Redis did not receive is kept as pending
/// (<see cref="PendingInvalidations"/>); until it is applied this node does not read from Redis.
/// </summary>
internal sealed class Invalidator(
    CacheEngine engine, PatternSweep sweep, Announcements announcements, CacheEvents events,
    Backplane? backplane = null)
    : ICacheInvalidator
{
    public ValueTask<InvalidationOutcome> InvalidateAsync(
        IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default) =>
        InvalidateAsync(tags, null);

    public IAnnouncedInvalidation Announce(IReadOnlyCollection<string> tags)
    {
        // In a Redis Cluster the versions are on several servers, so it takes two round trips and gains nothing.
        if (tags.Count is 0 or > Announcements.MaxTags || backplane is null
            || engine.TrustedRedis is not { Layer: { IsCluster: false } redis })
        {
            return new UnannouncedInvalidation(this, tags);
        }
        foreach (var tag in tags)
            _ = CacheTags.Checked(tag);
        var own = new OwnAnnouncement(backplane, announcements);
        return announcements.TryBegin(backplane.Node, own.Id, tags)
            ? new AnnouncedInvalidation(
                engine.Clock, redis, () => AnnounceAsync(redis, backplane, tags, own.Id), own.EndHere,
                isInForce => CompleteAsync(tags, own, isInForce))
            : new UnannouncedInvalidation(this, tags);
    }

    private async Task<bool> AnnounceAsync(
        RedisLayer redis, Backplane nodes, IReadOnlyCollection<string> tags, string announcement)
    {
        try
        {
            return await nodes.AnnounceAsync(redis, tags, number => Drop(tags, number), announcement)
                .ConfigureAwait(false) == InvalidationOutcome.Applied;
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            engine.RedisFailed(exception, "announce", string.Join(' ', tags));
            return false;
        }
    }

    private async Task<InvalidationOutcome> CompleteAsync(
        IReadOnlyCollection<string> tags, OwnAnnouncement own, bool isInForce)
    {
        try
        {
            return await InvalidateAsync(tags, (own, isInForce)).ConfigureAwait(false);
        }
        finally
        {
            // Where Redis failed; otherwise it has ended.
            own.End();
        }
    }

    private async ValueTask<InvalidationOutcome> InvalidateAsync(
        IReadOnlyCollection<string> tags, (OwnAnnouncement Own, bool IsInForce)? completes)
    {
        if (tags.Count == 0)
            return InvalidationOutcome.Applied;
        foreach (var tag in tags)
            _ = CacheTags.Checked(tag);
        if (completes is not { Own.HasEndedHere: true })
            engine.Tags.Drop(tags);
        engine.Metrics.Invalidated(tags.Count, "tag");
        events.Invalidated(tags, isLocal: true);
        if (engine.Redis is not { } redis)
            return InvalidationOutcome.Applied;
        try
        {
            var started = Stopwatch.GetTimestamp();
            var outcome = await ApplyAsync(redis, tags, completes).ConfigureAwait(false);
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
            // Once more: since the first drop a read may have taken the old value from Redis.
            engine.Tags.Drop(tags);
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
        return await SweepAsync(engine.Policies.Scope(pattern), null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Drops what a scope covers; the action receives the keys found in Redis.</summary>
    internal async Task<InvalidationOutcome> SweepAsync(
        KeyScope scope, Action<IReadOnlyList<string>>? found, CancellationToken cancellationToken)
    {
        engine.Metrics.Invalidated(1, "pattern");
        sweep.SweepMemory(scope, 0);
        if (engine.Redis is not { } redis)
            return InvalidationOutcome.Applied;
        try
        {
            var outcome = backplane is not null
                ? await backplane.PublishAsync(
                    [PatternSweep.Write(scope)], await redis.DrawAsync().ConfigureAwait(false)).ConfigureAwait(false)
                : InvalidationOutcome.Applied;
            // Once begun it runs to its end: an entry left out would stay valid in Redis.
            await foreach (var keys in sweep.FindAsync(scope, CancellationToken.None).ConfigureAwait(false))
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
                found?.Invoke(keys);
            }
            return outcome;
        }
        catch (Exception exception) when (RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            // Without Redis the covered keys are unknown and cannot be kept as pending: all that they may be is
            // dropped.
            engine.RedisFailed(exception, "sweep", scope.Pattern);
            await InvalidateAsync(
                [scope.Tenant is { } tenant ? CacheTags.OfTenant(tenant) : CacheTags.Everything], cancellationToken)
                .ConfigureAwait(false);
            return InvalidationOutcome.Deferred;
        }
    }

    /// <summary>Raises the versions in Redis and publishes; throws where Redis fails.</summary>
    internal async Task<InvalidationOutcome> ApplyAsync(
        RedisLayer redis, IReadOnlyCollection<string> tags, (OwnAnnouncement Own, bool IsInForce)? completes = null)
    {
        if (backplane is not null && completes is var (own, isInForce))
        {
            return await backplane.CompleteAsync(redis, tags, number => Completed(tags, number, own), own.Id, isInForce)
                .ConfigureAwait(false);
        }
        if (backplane is not null && !redis.IsCluster)
            return await backplane.InvalidateAsync(redis, tags, number => Raised(tags, number)).ConfigureAwait(false);

        // Versions are raised before the message is published: a node that begins to follow in between finds them
        // raised.
        var version = await redis.DrawAsync().ConfigureAwait(false);
        await redis.RaiseAsync(tags, version).ConfigureAwait(false);
        Raised(tags, version);
        return backplane is not null ? await backplane.PublishAsync(tags, version).ConfigureAwait(false)
            : InvalidationOutcome.Applied;
    }

    private void Completed(IReadOnlyCollection<string> tags, long number, OwnAnnouncement own)
    {
        if (!own.HasEndedHere)
        {
            Raised(tags, number);
            own.End();
            return;
        }
        // What was read here since the commit is not dropped once more.
        foreach (var tag in tags)
            engine.Tags.Raise(tag, number);
        own.End();
        engine.Log.Invalidated(tags, number);
    }

    private void Raised(IReadOnlyCollection<string> tags, long number)
    {
        Drop(tags, number);
        engine.Log.Invalidated(tags, number);
    }

    // Dropped once more: between the first drop and the raise a read may have taken the old value from Redis, where it
    // was still valid.
    private void Drop(IReadOnlyCollection<string> tags, long number) => engine.Tags.Drop(tags, number);
}
