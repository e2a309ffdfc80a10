using System.Diagnostics;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Drops tags: here at once, then in Redis, then on the other nodes. What Redis could not be told is kept and applied when it is back, and
/// until then this node does not read from Redis.
/// </summary>
internal sealed class Invalidator(CacheEngine engine, PatternSweep sweep, TimeProvider time, IInvalidationLog? log = null) : BackgroundService, ICacheInvalidator
{
    // What Redis may have forgotten is no older: it saves, or its replicas follow, more often than that.
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private const int TagsAtOnce = 500;

    private static readonly TimeSpan ReplayPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CollectPeriod = TimeSpan.FromMinutes(10);

    private bool _failureLogged;
    private long _collectedAt = engine.Clock.Now;

    public async ValueTask<InvalidationOutcome> InvalidateAsync(IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default)
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

    public async ValueTask<InvalidationOutcome> InvalidatePatternAsync(string pattern, CancellationToken cancellationToken = default)
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
            var outcome = engine.Backplane is { } backplane
                ? await backplane.PublishAsync([BackplaneCommands.Write(PatternSweep.Word, pattern)], await redis.DrawAsync().ConfigureAwait(false)).ConfigureAwait(false)
                : InvalidationOutcome.Applied;
            // Once begun it goes to its end: what it left out would go on being valid in Redis.
            await foreach (var keys in sweep.FindAsync(pattern, CancellationToken.None).ConfigureAwait(false))
            {
                if (keys.Count == 0)
                    continue;
                if (await InvalidateAsync([.. keys.Select(key => sweep.TagOf(key!)).Distinct(StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false) == InvalidationOutcome.Deferred)
                    outcome = InvalidationOutcome.Deferred;
                await sweep.UnlinkAsync(keys).ConfigureAwait(false);
            }
            return outcome;
        }
        catch (Exception exception) when (RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            // What the pattern covers there cannot be named without Redis, so it cannot be kept for later either: everything is dropped.
            engine.RedisFailed(exception, "sweep", pattern);
            await InvalidateAsync([CacheTags.Everything], cancellationToken).ConfigureAwait(false);
            return InvalidationOutcome.Deferred;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (engine.Backplane is { } heard)
            heard.GenerationRaised += engine.Pending.Forgotten;
        using var timer = new PeriodicTimer(ReplayPeriod, time);
        var watermark = engine.Tags.Moment;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                if (engine.Pending.Any && engine.Redis is { IsTrusted: true } redis)
                    await ReplayAsync(redis).ConfigureAwait(false);
                if (engine.Pending.MustApplyAgain && log is not null)
                    await ApplyAgainAsync(log, stoppingToken).ConfigureAwait(false);
                ForgetFailures();
                engine.Log.LookAtLevel();
                if (engine.Clock.Now - _collectedAt < CollectPeriod.TotalMilliseconds)
                    continue;
                engine.Memory.RemoveWhere(entry => entry.StaleUntil <= engine.Clock.Now || !entry.IsCurrent(engine.Tags.Node));
                // A fill that has run all that time may still find out what it depends on.
                engine.Tags.Collect(Math.Min(watermark, engine.Flights.Values.Min(flight => (long?)flight.AsOf) ?? watermark), OldestEntry());
                (_collectedAt, watermark) = (engine.Clock.Now, engine.Tags.Moment);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    // Numbers are microseconds of Redis' clock, unless many are drawn within one: then they are higher, and more is kept.
    private long OldestEntry() => engine.HighWaterMark.Last - (long)engine.Policies.MaxLifetime.TotalMicroseconds;

    // A failed flight stays for its window, so that whoever comes fails with it; nobody may come.
    private void ForgetFailures()
    {
        foreach (var flight in engine.Flights)
        {
            if (flight.Value.IsOver(engine.Clock.Now))
                engine.Flights.TryRemove(flight);
        }
    }

    private async Task<InvalidationOutcome> ApplyAsync(RedisLayer redis, IReadOnlyCollection<string> tags)
    {
        if (engine.Backplane is { } one && !redis.IsCluster)
            return await one.InvalidateAsync(redis, tags, Raised).ConfigureAwait(false);

        // Who begins to follow now must find the versions raised of what he does not hear: first they are raised, then it is told.
        var version = await redis.DrawAsync().ConfigureAwait(false);
        await redis.RaiseAsync(tags, version).ConfigureAwait(false);
        Raised(version);
        return engine.Backplane is { } backplane ? await backplane.PublishAsync(tags, version).ConfigureAwait(false) : InvalidationOutcome.Applied;

        // Dropped once more: between the first drop and the raise a read may have taken the old value from Redis, where it was still valid.
        void Raised(long number)
        {
            foreach (var tag in tags)
                engine.Tags.Drop(tag, number);
            engine.Log.Invalidated(string.Join(' ', tags), number);
        }
    }

    /// <summary>
    /// Redis has forgotten something, and what stood in it is not trusted any more. What was made since from a source that lags behind, or by a
    /// node that did not know yet, is covered by the invalidations of the last minutes.
    /// </summary>
    private async Task ApplyAgainAsync(IInvalidationLog from, CancellationToken cancellationToken)
    {
        try
        {
            var times = engine.Pending.TimesForgotten;
            var recent = await from.RecentAsync(from.Reach < Forgotten ? from.Reach : Forgotten, cancellationToken).ConfigureAwait(false);
            _failureLogged = false;
            foreach (var chunk in recent.Chunk(TagsAtOnce))
                await InvalidateAsync(chunk, cancellationToken).ConfigureAwait(false);
            engine.Pending.AppliedAgain(times);
            engine.Log.Replayed(recent.Count);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database is away as well: at the next tick again.
            if (!_failureLogged)
                engine.Log.NotReplayed(exception);
            _failureLogged = true;
        }
    }

    private async Task ReplayAsync(RedisLayer redis)
    {
        var tags = engine.Pending.Take();
        try
        {
            foreach (var chunk in tags.Chunk(TagsAtOnce))
                await ApplyAsync(redis, chunk).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            engine.Pending.Add(tags); // Applying one twice does no harm.
            return;
        }
        engine.Pending.Applied();
        engine.Log.Replayed(tags.Count);
    }
}
