using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Inspection;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Caching.History;

/// <summary>Looks at the counts of this node at the end of every minute, and records how they have grown.</summary>
internal sealed class HistorySampler(
    ICacheInspector inspector, HistoryStore store, CacheLog log, TimeProvider time) : BackgroundService, ICacheHistory
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FailureLog _failures = new(log, "The history of the cache");

    // Of the process, and not the name of the node: several caches of a process may have one.
    private readonly string _id = Guid.NewGuid().ToString("N")[..12];
    private CacheStatistics? _last;
    private int _isSampling;
    private long _number;
    private DateTimeOffset _since = time.GetUtcNow();

    public Task<CacheHistory> ReadAsync(
        DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        store.ReadAsync(from, until, cancellationToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // What was counted since the last full minute.
        await SampleAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Records what was counted since the last time, unless that is just being done.</summary>
    internal async Task SampleAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isSampling, 1) == 1)
            return;
        try
        {
            var now = await inspector.StatisticsAsync(tenant: null, cancellationToken).ConfigureAwait(false);
            var minute = Growth.Between(_last, now, Floor(_since), _id, ++_number);
            (_last, _since) = (now, time.GetUtcNow());
            await store.AddAsync(minute).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failures.Report(exception);
        }
        finally
        {
            Volatile.Write(ref _isSampling, 0);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var now = time.GetUtcNow();
                await Task.Delay(Floor(now) + Minute - now, time, stoppingToken).ConfigureAwait(false);
                await SampleAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private static DateTimeOffset Floor(DateTimeOffset moment) =>
        moment - TimeSpan.FromTicks(moment.Ticks % Minute.Ticks);
}
