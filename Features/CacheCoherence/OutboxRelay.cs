using System.Threading.Channels;
using ECommerce.Caching;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.CacheCoherence;

/// <summary>
/// Runs on every node: marks the commits of this node as applied, in the background; applies overdue rows, whose
/// process was killed or whose Redis was unavailable; looks for partitioned nodes; deletes old rows.
/// </summary>
internal sealed partial class OutboxRelay(
    InvalidationOutbox outbox, PartitionedNodes partitionedNodes, ICacheInvalidator invalidator, CacheHealth cache,
    SchemaState schema, TimeProvider time, ILogger<OutboxRelay> logger) : BackgroundService
{
    public static readonly TimeSpan CleanUpPeriod = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(4);
    internal static readonly TimeSpan MarkPause = TimeSpan.FromMilliseconds(150);
    private const int MarkBatch = 1000;
    private const int TagsAtOnce = 500;

    private readonly Channel<long> _applied = Channel.CreateUnbounded<long>(
        new UnboundedChannelOptions { SingleReader = true });
    private bool _outage;

    // The rows that this node has applied or dropped, as far as they are still listed as overdue.
    private readonly HashSet<long> _handled = [];

    /// <summary>Returns immediately. A row that is never marked is applied again, which is harmless.</summary>
    public void MarkApplied(long id) => _applied.Writer.TryWrite(id);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(MarkAsync(stoppingToken), RelayAsync(stoppingToken), CleanUpAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The process is stopping.
        }
    }

    /// <summary>Applies overdue rows. Returns whether it succeeded.</summary>
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
            {
                deferred |= cache.CanInvalidate
                    && await invalidator.InvalidateAsync(tags, ct) == InvalidationOutcome.Deferred;
            }

            if (!cache.CanInvalidate)
            {
                // Redis has become unavailable, perhaps for this node only: other relays need not wait until the claim
                // expires.
                await outbox.GiveBackAsync(rows.Select(row => row.Id), ct);
                return false;
            }
            // Not before: of rows that are given back some tags may not have been dropped here.
            _handled.UnionWith(rows.Select(row => row.Id));
            if (deferred)
                return false;
            await outbox.MarkAppliedAsync(rows.Select(row => row.Id), ct);
            LogRelayed(rows.Count);
        }
        while (rows.Count == InvalidationOutbox.Batch);
        return true;
    }

    /// <summary>
    /// Applies, as far as this node can, what no node has applied within a second: Redis may have failed before a relay
    /// could apply it, and this node may still have its lease. Rows that another relay has claimed are applied too,
    /// which is harmless; they are not marked.
    /// </summary>
    internal async Task ApplyOverdueHereAsync(CancellationToken ct)
    {
        var overdue = await outbox.OverdueAsync(ct);
        _handled.IntersectWith(overdue.Select(row => row.Id));
        var rows = overdue.Where(row => _handled.Add(row.Id)).ToArray();
        if (rows.Length == 0)
            return;
        string[] tags = overdue.Count > InvalidationOutbox.MaxOverdue
            ? [CacheTags.Everything]
            : [.. rows.SelectMany(row => row.Tags).Distinct(StringComparer.Ordinal)];
        // Whatever becomes of it in Redis, it is in force on this node.
        foreach (var some in tags.Chunk(TagsAtOnce))
            await invalidator.InvalidateAsync(some, ct);
    }

    private async Task MarkAsync(CancellationToken ct)
    {
        // Delayed to batch the marks: each batch is a commit beside those of the writers. The delay is shorter than the
        // time after which a relay applies the row again.
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
            var reason = "Redis is unavailable";
            var (done, failed) = (false, false);
            try
            {
                await partitionedNodes.LookAsync(ct);
                done = await ApplyDueAsync(ct);
                await ApplyOverdueHereAsync(ct);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                reason = exception.GetBaseException().Message;
                failed = true;
            }
            if (!done && !_outage)
                LogOutage(reason);
            // Back off while the database fails. Rows that are only deferred must not delay later commits.
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
                await partitionedNodes.DeleteOldAsync(ct);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The next round deletes them; the relay logs the cause.
                LogNotDeleted(exception);
            }
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Applied the overdue invalidations of {Count} commits.")]
    private partial void LogRelayed(int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Invalidations are waiting in the outbox ({Reason}). Logged once per outage.")]
    private partial void LogOutage(string reason);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "{Count} applied invalidations could not be marked and will be applied again.")]
    private partial void LogUnmarked(Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Old invalidations could not be deleted.")]
    private partial void LogNotDeleted(Exception exception);
}
