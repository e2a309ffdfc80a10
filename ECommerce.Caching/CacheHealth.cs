using System.Text.Json.Serialization;
using ECommerce.Caching.Coherence;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;

namespace ECommerce.Caching;

/// <summary>
/// The health of this node's cache. It can always serve: without Redis from memory, without either from the factories.
/// </summary>
public sealed class CacheHealth : IDisposable
{
    private const int Samples = 30;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PatienceWithLog = TimeSpan.FromSeconds(1);

    /// <summary>The name of this node: machine and process.</summary>
    public static string Node { get; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    private readonly CacheEngine _engine;
    private readonly NodeLease? _lease;
    private readonly IInvalidationLog? _log;
    private readonly EvictionPolicyMonitor? _evictions;
    private readonly RedisRefusals? _refusals;
    private readonly ITimer _timer;

    // The totals of the last five minutes, oldest first: what happened since is the difference to now.
    private readonly Queue<ReadTotals> _samples = new([default]);

    internal CacheHealth(
        CacheEngine engine, NodeLease? lease, IInvalidationLog? log, EvictionPolicyMonitor? evictions,
            RedisRefusals? refusals, TimeProvider time)
    {
        _engine = engine;
        _lease = lease;
        _log = log;
        _evictions = evictions;
        _refusals = refusals;
        _timer = time.CreateTimer(static state => ((CacheHealth)state!).Sample(), this, Period, Period);
    }

    /// <summary>
    /// Whether an invalidation would reach the other nodes now, as far as is known without asking Redis: it is
    /// connected and has all invalidations of this node, or is not in use.
    /// </summary>
    public bool CanInvalidate => _engine.Redis is null || _engine.TrustedRedis is not null;

    /// <summary>Whether there are invalidations of this process that Redis has not received.</summary>
    public bool HasPendingInvalidations => _engine.Pending.Any;

    /// <summary>
    /// Whether this node serves its memory with full lifetimes now: it receives the invalidations of the other nodes,
    /// or there are none.
    /// </summary>
    public bool ServesMemory => _lease is null || _lease.IsHeld;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    internal async Task<CacheHealthReport> ReportAsync(CancellationToken cancellationToken)
    {
        var pending = await PendingAsync(cancellationToken).ConfigureAwait(false);
        var (hits, misses, timed, seconds) = LastFiveMinutes();
        var circuit = _engine.Metrics.Circuit("redis");
        var backplane = _lease is null ? "off" : _lease.IsHeld ? "connected" : "disconnected";
        var fault = _evictions?.Fault;
        var refusals = _refusals?.Present ?? [];
        var healthy = CanInvalidate && circuit == CircuitState.Closed && backplane != "disconnected" && fault is null
            && refusals.Count == 0;
        return new CacheHealthReport(
            Status: healthy ? "healthy" : "degraded",
            Node: Node,
            Redis: _engine.Redis is not { } redis ? "off" : refusals.Count > 0 ? "refusing"
                : redis.IsTrusted ? "healthy" : "unhealthy",
            Memory: _engine.Settings.Backend == CacheBackend.Redis ? "off" : "healthy",
            HitRate: hits + misses == 0 ? null : Math.Round((double)hits / (hits + misses), 4),
            AvgLatencyMs: timed == 0 ? null : Math.Round(seconds * 1000 / timed, 4),
            CircuitBreaker: circuit switch
            {
                CircuitState.Open => "open",
                CircuitState.HalfOpen => "half_open",
                _ => "closed",
            },
            Backplane: backplane,
            PendingInvalidations: pending,
            ConfigurationError: fault,
            RedisErrors: refusals.Count > 0 ? refusals : null);
    }

    private void Sample()
    {
        lock (_samples)
        {
            _samples.Enqueue(_engine.Metrics.Totals());
            if (_samples.Count > Samples)
                _samples.Dequeue();
        }
    }

    private ReadTotals LastFiveMinutes()
    {
        var now = _engine.Metrics.Totals();
        ReadTotals then;
        lock (_samples)
            then = _samples.Peek();
        return new ReadTotals(
            now.Hits - then.Hits, now.Misses - then.Misses, now.Timed - then.Timed, now.Seconds - then.Seconds);
    }

    /// <summary>Null if the log is not available.</summary>
    internal async Task<int?> PendingAsync(CancellationToken cancellationToken)
    {
        if (_log is null)
            return _engine.Pending.Any ? 1 : 0;
        try
        {
            var count = await _log.CountPendingAsync(cancellationToken).WaitAsync(PatienceWithLog, cancellationToken)
                .ConfigureAwait(false);
            return _engine.Pending.MustApplyAgain ? count + 1 : count;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database has a health check of its own; this one reports on the cache.
            return null;
        }
    }
}

/// <summary>The response of <c>/health/cache</c>.</summary>
internal sealed record CacheHealthReport(
    string Status, string Node, string Redis, string Memory, double? HitRate, double? AvgLatencyMs,
        string CircuitBreaker, string Backplane, int? PendingInvalidations,
    string? ConfigurationError,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? RedisErrors);

/// <summary>The calls that a circuit breaker allows; the numbers are those of the metric.</summary>
public enum CircuitState
{
    /// <summary>All calls.</summary>
    Closed = 0,

    /// <summary>One probe, whose outcome closes or opens the circuit.</summary>
    HalfOpen = 1,

    /// <summary>None.</summary>
    Open = 2,
}
