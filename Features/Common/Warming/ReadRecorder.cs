using ECommerce.Caching;
using ECommerce.Caching.Warming;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Common.Warming;

/// <summary>
/// Records which keys are read most: it collects the marks that hits leave on entries every ten seconds, and shares the
/// counts once a minute and when the process stops. A hit does nothing for it.
/// </summary>
internal sealed partial class ReadRecorder(
    IReadSampler sampler, RecordedReads recorded, IReadOnlyList<WarmRead> reads, ListQueries queries, QueryHash hash,
    CacheHealth cache, WarmingSettings settings, TimeProvider time, ILogger<ReadRecorder> logger) : BackgroundService
{
    private const int SamplesPerShare = 6;
    private const int MaxKeys = 10_000;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastShare = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, WarmRead> _reads = reads.ToDictionary(static read => read.Policy.Pattern);

    // Only one flow at a time uses it: the loop, and the stop that follows its end.
    private Dictionary<SampledRead, int> _counts = [];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!IsUseful)
            return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LastShare);
        Sample();
        await TryShareAsync(limit.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsUseful)
            return;
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            for (var samples = 1; await timer.WaitForNextTickAsync(stoppingToken); samples++)
            {
                Sample();
                if (samples % SamplesPerShare == 0)
                    await TryShareAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private bool IsUseful => settings.IsOn && sampler.MaxItems > 0;

    /// <summary>Counts the keys that were read since the last sample.</summary>
    internal void Sample()
    {
        foreach (var read in sampler.Take())
        {
            if (_reads.ContainsKey(read.Pattern) && (_counts.Count < MaxKeys || _counts.ContainsKey(read)))
                _counts[read] = _counts.GetValueOrDefault(read) + 1;
        }
    }

    /// <summary>Adds the counts to those that all nodes share.</summary>
    internal async Task ShareAsync(CancellationToken ct)
    {
        var counts = Interlocked.Exchange(ref _counts, []);
        foreach (var tenant in counts.GroupBy(static count => count.Key.Tenant))
        {
            if (Tenant.IsCanonical(tenant.Key))
                await recorded.AddAsync(new Tenant(tenant.Key), [.. Repeatable(tenant)], ct);
        }
    }

    private IEnumerable<RecordedRead> Repeatable(IEnumerable<KeyValuePair<SampledRead, int>> counts)
    {
        var most = counts.OrderByDescending(static count => count.Value).Take(RecordedReads.MaxPerTenant);
        foreach (var (read, count) in most)
        {
            if (_reads[read.Pattern].ArgumentOf(read.Key, queries, hash) is { } argument)
                yield return new RecordedRead(read.Pattern, argument, count, default);
        }
    }

    private async Task TryShareAsync(CancellationToken ct)
    {
        // Without Redis there is nothing to share by: the counts remain for the next time.
        if (!cache.CanInvalidate)
            return;
        try
        {
            await ShareAsync(ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotShared(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The most-read keys could not be shared.")]
    private partial void LogNotShared(Exception exception);
}
