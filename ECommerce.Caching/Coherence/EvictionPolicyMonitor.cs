using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Redis;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Looks at what Redis does when its memory is full. One that evicts keys of any kind evicts versions, the sequence and the log of invalidations as well: nothing
/// old becomes valid by that, but whole parts of the cache become useless at once. That is a mistake of the configuration, and is told as one.
/// </summary>
internal sealed class EvictionPolicyMonitor(IConnectionMultiplexer redis, Backplane backplane, CacheLog log, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

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
            var policy = memory.SelectMany(static section => section).FirstOrDefault(static pair => pair.Key == "maxmemory_policy").Value;
            if (policy?.StartsWith("allkeys", StringComparison.Ordinal) != true)
                continue;
            var before = Interlocked.Exchange(ref _fault, $"maxmemory-policy is {policy}; allowed are noeviction and the volatile ones");
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
                catch (Exception exception) when (RedisFailure.Is(exception) || exception is RedisCommandException)
                {
                    // Away, or the client is not allowed to ask: what was found before still stands; in a minute again.
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
