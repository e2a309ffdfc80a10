using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// The right to serve from memory without a lease. Writers wait for the nodes that Redis names; one that Redis does not name, or soon will not, says so
/// where every writer looks (<see cref="IPartitionedNodes"/>), and may then serve what it has read since: whatever replaces that is answered as deferred.
/// </summary>
internal sealed class PartitionGuard(Backplane backplane, IPartitionedNodes? nodes, CacheClock clock, CacheLog log, TimeProvider time) : BackgroundService
{
    // As with the lease: what is trusted ends before what was said, also if the word takes its time.
    private const long TrustedMilliseconds = 2000;
    private static readonly TimeSpan Said = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private long _since = long.MaxValue;
    private long _until;
    private bool _failureLogged;

    /// <summary>Whether an entry that was read at a time may be served now, as far as the other nodes are concerned.</summary>
    public bool Covers(long readAt, long now) => nodes is null || (readAt > Volatile.Read(ref _since) && now < Volatile.Read(ref _until));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (nodes is null)
            return;
        using var timer = new PeriodicTimer(Period, time);
        var silences = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                silences = clock.Now < backplane.LeaseUntil ? 0 : silences + 1;
                // Once may be the moment at which a node starts, or a heartbeat that is late: not worth a word.
                if (silences > 1)
                    await AnnouncePartitionAsync(stoppingToken).ConfigureAwait(false);
                else if (silences == 0 && _until != 0)
                    await TakeBackAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    /// <summary>There is a lease again, and with it memory was dropped: no write needs to mind this node any more.</summary>
    private async Task TakeBackAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _until, 0);
        try
        {
            await nodes!.AnnounceAsync(backplane.Node, TimeSpan.Zero, cancellationToken).WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // It runs out by itself.
        }
    }

    private async Task AnnouncePartitionAsync(CancellationToken cancellationToken)
    {
        var sentAt = clock.Now;
        try
        {
            await nodes!.AnnounceAsync(backplane.Node, Said, cancellationToken).WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Then memory is not served: what cannot be told must not be relied upon.
            if (!_failureLogged)
                log.PartitionNotAnnounced(exception.GetBaseException().Message);
            _failureLogged = true;
            return;
        }
        _failureLogged = false;
        // The word before has run out, or there was none: what was read meanwhile nobody was told of.
        if (sentAt >= _until)
            Volatile.Write(ref _since, clock.Now);
        Volatile.Write(ref _until, sentAt + TrustedMilliseconds);
    }
}
