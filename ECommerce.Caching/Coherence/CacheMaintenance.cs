using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Works behind the requests: applies pending invalidations when Redis is back, applies the logged ones again when
/// Redis lost data, and removes what has expired.
/// </summary>
internal sealed class CacheMaintenance(
    CacheEngine engine, Invalidator invalidator, Announcements announcements, TimeProvider time,
    Backplane? backplane = null, IInvalidationLog? log = null)
    : BackgroundService
{
    // What Redis may have lost is no older: it saves, and its replicas follow, more often than that.
    private static readonly TimeSpan LostAtMost = TimeSpan.FromMinutes(10);

    private const int TagsAtOnce = 500;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CollectPeriod = TimeSpan.FromMinutes(10);

    private readonly FailureLog _failures = new(engine.Log, "The maintenance of the cache");
    private bool _failureLogged;
    private long _collectedAt = engine.Clock.Now;

    // A host stops within seconds; what is not stored by then is made again by the next node that needs it.
    private static readonly TimeSpan DrainAtMost = TimeSpan.FromSeconds(2);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // Refreshes end with the host: what they use is disposed after it.
        await engine.Fills.Refresher.StopAsync(cancellationToken).ConfigureAwait(false);
        await engine.Fills.Stores.DrainAsync(DrainAtMost).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (backplane is not null)
            backplane.GenerationRaised += engine.Pending.Forgotten;
        using var timer = new PeriodicTimer(Period, time);
        var watermark = engine.Tags.Moment;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                try
                {
                    watermark = await WorkAsync(watermark, stoppingToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    _failures.Report(exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task<long> WorkAsync(long watermark, CancellationToken stoppingToken)
    {
        announcements.EndOverdue();
        if (engine.Pending.Any && engine.Redis is { IsTrusted: true } redis)
            await ReplayAsync(redis).ConfigureAwait(false);
        if (engine.Pending.MustApplyAgain && log is not null)
            await ApplyAgainAsync(log, stoppingToken).ConfigureAwait(false);
        RemoveFailedRuns();
        engine.Log.LookAtLevel();
        engine.Memory.AdaptSample();
        if (engine.Clock.Now - _collectedAt < CollectPeriod.TotalMilliseconds)
            return watermark;
        engine.Memory.Layer.RemoveWhere(
            entry => entry.StaleUntil <= engine.Clock.Now || !entry.IsCurrent(engine.Tags.Node));
        // A fill that has run all that time may still find out what it depends on.
        var oldestRun = engine.Fills.Runs.Values.Min(run => (long?)run.AsOf) ?? watermark;
        engine.Tags.Collect(Math.Min(watermark, oldestRun), OldestEntry());
        _collectedAt = engine.Clock.Now;
        return engine.Tags.Moment;
    }

    // Numbers are microseconds of Redis' clock, unless many are drawn within one: then they are higher, and more is
    // kept.
    private long OldestEntry() => engine.HighestNumber - (long)engine.Policies.MaxLifetime.TotalMicroseconds;

    // A failed run stays for its negative window; without a later caller nothing else removes it.
    private void RemoveFailedRuns()
    {
        foreach (var run in engine.Fills.Runs)
        {
            if (run.Value.IsOver(engine.Clock.Now))
                engine.Fills.Runs.TryRemove(run);
        }
    }

    /// <summary>
    /// Redis lost data, and its entries are not trusted any more. Entries made since from a source that lags behind, or
    /// by a node that did not know yet, are covered by applying the invalidations of the last minutes again.
    /// </summary>
    private async Task ApplyAgainAsync(IInvalidationLog from, CancellationToken cancellationToken)
    {
        try
        {
            var times = engine.Pending.TimesForgotten;
            var recent = await from.RecentAsync(from.Reach < LostAtMost ? from.Reach : LostAtMost, cancellationToken)
                .ConfigureAwait(false);
            _failureLogged = false;
            foreach (var chunk in recent.Chunk(TagsAtOnce))
                await invalidator.InvalidateAsync(chunk, cancellationToken).ConfigureAwait(false);
            engine.Pending.AppliedAgain(times);
            engine.Log.Replayed(recent.Count);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database is not available either: the next tick repeats the attempt.
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
                await invalidator.ApplyAsync(redis, chunk).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Applying a tag twice does no harm.
            engine.Pending.Add(tags);
            if (!RedisFailure.Is(exception))
                _failures.Report(exception);
            return;
        }
        engine.Pending.Applied();
        engine.Log.Replayed(tags.Count);
    }
}
