using System.Threading.Channels;
using ECommerce.Caching;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.CacheCoherence;

/// <summary>
/// Runs on every node: marks the commits of this node as applied, behind the answers; applies those that nobody has applied in time, because
/// their process was killed or Redis was away; and deletes what has served its time.
/// </summary>
internal sealed partial class OutboxRelay(
    InvalidationOutbox outbox, PartitionedNodes cutOff, ICacheInvalidator invalidator, CacheHealth cache, SchemaState schema, TimeProvider time, ILogger<OutboxRelay> logger) : BackgroundService
{
    public static readonly TimeSpan CleanUpPeriod = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(4);
    internal static readonly TimeSpan MarkPause = TimeSpan.FromMilliseconds(150);
    private const int MarkBatch = 1000;
    private const int TagsAtOnce = 500;

    private readonly Channel<long> _applied = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true });
    private bool _outage;

    /// <summary>Returns at once. A row that is never marked is applied a second time, which does no harm.</summary>
    public void MarkApplied(long id) => _applied.Writer.TryWrite(id);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(MarkAsync(stoppingToken), RelayAsync(stoppingToken), CleanUpAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    /// <summary>Applies what is overdue, and says whether it could.</summary>
    internal async Task<bool> ApplyDueAsync(CancellationToken ct)
    {
        if (!cache.CanInvalidate)
            return false;
        IReadOnlyList<OutboxRow> rows;
        do
        {
            rows = await outbox.TakeDueAsync(ct);
            if (rows.Count == 0)
                break;
            var deferred = false;
            foreach (var tags in rows.SelectMany(row => row.Tags).Distinct(StringComparer.Ordinal).Chunk(TagsAtOnce))
                deferred |= cache.CanInvalidate && await invalidator.InvalidateAsync(tags, ct) == InvalidationOutcome.Deferred;
            if (!cache.CanInvalidate)
            {
                // Redis went away meanwhile, perhaps from this node alone: the others need not wait until its claim runs out.
                await outbox.GiveBackAsync(rows.Select(row => row.Id), ct);
                return false;
            }
            if (deferred)
                return false;
            await outbox.MarkAppliedAsync(rows.Select(row => row.Id), ct);
            LogRelayed(rows.Count);
        }
        while (rows.Count == InvalidationOutbox.Batch);
        return true;
    }

    private async Task MarkAsync(CancellationToken ct)
    {
        // Not at once: each mark is a commit of its own, which the disk has to take besides those of the writers, and it may be late by less than
        // the time after which a relay would apply the row again.
        while (await _applied.Reader.WaitToReadAsync(ct))
        {
            await Task.Delay(MarkPause, time, ct);
            var ids = new List<long>();
            while (ids.Count < MarkBatch && _applied.Reader.TryRead(out var id))
                ids.Add(id);
            try
            {
                await outbox.MarkAppliedAsync(ids, ct);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogUnmarked(exception, ids.Count);
            }
        }
    }

    private async Task RelayAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            if (!schema.IsReady)
                continue;
            var reason = "Redis is away";
            var (done, failed) = (false, false);
            try
            {
                done = await ApplyDueAsync(ct);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                reason = exception.GetBaseException().Message;
                failed = true;
            }
            if (!done && !_outage)
                LogOutage(reason);
            // A database that does not answer is asked less and less. What is only deferred must not hold up what others commit meanwhile.
            timer.Period = failed ? Min(2 * timer.Period, MaxPause) : Period;
            _outage = !done;
        }
    }

    private async Task CleanUpAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(CleanUpPeriod, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                await outbox.DeleteOldAsync(ct);
                await cutOff.DeleteOldAsync(ct);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The next round deletes them; the relay says what is wrong.
                LogNotDeleted(exception);
            }
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(Level = LogLevel.Information, Message = "Invalidations of {Count} commits were applied that nobody had applied in time.")]
    private partial void LogRelayed(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Invalidations wait in the outbox ({Reason}). Said once until it is over.")]
    private partial void LogOutage(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Count} applied invalidations could not be marked and will be applied again.")]
    private partial void LogUnmarked(Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Old invalidations could not be deleted.")]
    private partial void LogNotDeleted(Exception exception);
}
