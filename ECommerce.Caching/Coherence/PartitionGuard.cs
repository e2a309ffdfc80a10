using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Announces this node as partitioned while it has no lease. Writers wait for the nodes that Redis lists; a node that
/// Redis does not list, or soon will not, announces itself where every writer looks (<see cref="IPartitionedNodes"/>).
/// It may then serve what it has read since: a write that replaces it returns
/// <see cref="InvalidationOutcome.Deferred"/>.
/// </summary>
internal sealed class PartitionGuard(
    Backplane backplane, IPartitionedNodes? nodes, NodeLease lease, CacheClock clock, CacheLog log, TimeProvider time)
    : BackgroundService
{
    // Local trust (2 s, NodeLease) expires before the announcement, even if persisting it is slow.
    private static readonly TimeSpan AnnouncedFor = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan AnnouncementTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private bool _failureLogged;

    /// <summary>Whether an entry that was read at a time may be served now without the lease.</summary>
    public bool Covers(long readAt, long now) => lease.CoversAnnounced(readAt, now);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (nodes is null)
            return;
        using var timer = new PeriodicTimer(Period, time);
        var ticksWithoutLease = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                ticksWithoutLease = lease.IsHeld ? 0 : ticksWithoutLease + 1;
                // A single tick may be the start of the node or a late heartbeat. Neither throws but where it is
                // cancelled.
                if (ticksWithoutLease > 1)
                    await AnnounceAsync(nodes, stoppingToken).ConfigureAwait(false);
                else if (ticksWithoutLease == 0 && lease.IsAnnounced)
                    await WithdrawAsync(nodes, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    /// <summary>The lease is back and L1 was dropped with it: no write needs to consider this node any more.</summary>
    private async Task WithdrawAsync(IPartitionedNodes writers, CancellationToken cancellationToken)
    {
        lease.WithdrawAnnouncement();
        try
        {
            await writers.AnnounceAsync(backplane.Node, TimeSpan.Zero, cancellationToken)
                .WaitAsync(AnnouncementTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The announcement expires by itself.
        }
    }

    private async Task AnnounceAsync(IPartitionedNodes writers, CancellationToken cancellationToken)
    {
        var sentAt = clock.Now;
        try
        {
            await writers.AnnounceAsync(backplane.Node, AnnouncedFor, cancellationToken)
                .WaitAsync(AnnouncementTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Unannounced, L1 is not served: a writer would not know that it must not report success.
            if (!_failureLogged)
                log.PartitionNotAnnounced(exception.GetBaseException().Message);
            _failureLogged = true;
            return;
        }
        _failureLogged = false;
        lease.Announced(sentAt, (long)writers.VisibleAfter.TotalMilliseconds);
    }
}
