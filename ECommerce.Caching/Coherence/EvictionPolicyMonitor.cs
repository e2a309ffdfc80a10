using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Redis;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Checks the eviction policy of Redis. An allkeys policy also evicts versions, the sequence and the message log: no
/// outdated entry becomes valid by that, but whole parts of the cache become unusable at once. It is reported as a
/// configuration error.
/// </summary>
internal sealed class EvictionPolicyMonitor(
    IConnectionMultiplexer redis, Backplane backplane, CacheLog log, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly FailureLog _failures = new(log, "The check of the eviction policy");
    private string? _fault;

    /// <summary>What is wrong; null: nothing, as far as is known.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Asks all masters.</summary>
    internal async Task LookAsync()
    {
        foreach (var endpoint in redis.GetEndPoints())
        {
            var server = redis.GetServer(endpoint);
            if (!server.IsConnected || server.IsReplica)
                continue;
            var memory = await server.InfoAsync("memory").WaitAsync(Period, time).ConfigureAwait(false);
            var policy = memory.SelectMany(static section => section)
                .FirstOrDefault(static pair => pair.Key == "maxmemory_policy").Value;
            if (policy?.StartsWith("allkeys", StringComparison.Ordinal) != true)
                continue;
            var before = Interlocked.Exchange(
                ref _fault, $"maxmemory-policy is {policy}; allowed are noeviction and the volatile ones");
            if (before is null)
                log.EvictsAnyKey(policy);
            return;
        }
        Volatile.Write(ref _fault, null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await backplane.Listening.WaitAsync(stoppingToken).ConfigureAwait(false);
            using var timer = new PeriodicTimer(Period, time);
            do
            {
                try
                {
                    await LookAsync().ConfigureAwait(false);
                }
                catch (Exception exception) when (
                    RedisFailure.Is(exception) && !stoppingToken.IsCancellationRequested)
                {
                    // Not available, or INFO is not permitted: the last finding stands until the next check.
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    _failures.Report(exception);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }
}
