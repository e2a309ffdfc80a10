using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Serialization;

namespace ECommerce.Caching.Diagnostics;

/// <summary>
/// All reads so far: those a layer served, those that ran a factory, and the time their look-ups took.
/// </summary>
internal readonly record struct ReadTotals(long Hits, long Misses, long Timed, double Seconds);

/// <summary>The instruments of the cache, on the meter <c>ECommerce.Caching</c>.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "Callers do not depend on where a count is kept.")]
internal sealed class CacheMetrics : IDisposable
{
    public const string MeterName = "ECommerce.Caching";

    private static readonly KeyValuePair<string, object?> Memory = new("cache_layer", "memory");
    private static readonly KeyValuePair<string, object?> Redis = new("cache_layer", "redis");
    private static readonly KeyValuePair<string, object?> Output = new("cache_layer", "output");
    private static readonly KeyValuePair<string, object?> Application = new("cache_layer", "application");
    private static readonly KeyValuePair<string, object?> Process = new("scope", "process");
    private static readonly KeyValuePair<string, object?> Cluster = new("scope", "cluster");
    private static readonly KeyValuePair<string, object?> Get = new("operation", "get");
    private static readonly KeyValuePair<string, object?> Set = new("operation", "set");

    private readonly PolicyRegistry _policies;
    private readonly CacheEvents _events;
    private readonly Meter _meter;
    private readonly Counter<long> _errors, _factories, _joined, _stale, _invalidations, _deferred, _evictions;
    private readonly Histogram<double> _latency, _lag;
    private readonly ConcurrentDictionary<string, CircuitState> _circuits = new(StringComparer.Ordinal);
    private long _timed, _timedTicks, _evicted, _invalidated, _deferrals, _redisErrors;

    public CacheMetrics(
        IMeterFactory meters, MemoryLayer memory, PolicyRegistry policies, CacheSettings settings, CacheEvents events,
        TimeProvider time)
    {
        _policies = policies;
        _events = events;
        Keys = new KeyReads(time);
        if (settings.Backend != CacheBackend.Memory)
            _circuits["redis"] = CircuitState.Closed;
        // Switched off, the meter is not published: instruments without listeners cost next to nothing.
        _meter = settings.MetricsEnabled ? meters.Create(new MeterOptions(MeterName)
        {
            // A tag of the meter distinguishes the instruments of keyed caches.
            Tags = settings.Name is { } name ? [new("cache", name)] : null,
        })
            : new Meter("off");
        _meter.CreateObservableCounter("cache_hit_total", ObserveHits, description: "Reads served by a layer.");
        _meter.CreateObservableCounter(
            "cache_miss_total", ObserveMisses, description: "Reads a layer could not serve.");
        _errors = _meter.CreateCounter<long>("cache_error_total", description: "Calls to a layer that failed.");
        _latency = _meter.CreateHistogram<double>(
            "cache_latency_seconds", "s", "How long a layer took; reads of memory are sampled.",
                advice: new() { HistogramBucketBoundaries = LatencyBuckets });
        _factories = _meter.CreateCounter<long>("cache_factory_total", description: "Runs of factories by outcome.");
        _joined = _meter.CreateCounter<long>(
            "cache_single_flight_joined_total", description: "Callers that shared the run of another one.");
        _stale = _meter.CreateCounter<long>(
            "cache_stale_served_total", description: "Stale values that were served.");
        _invalidations = _meter.CreateCounter<long>("cache_invalidation_total", description: "Tags dropped.");
        _deferred = _meter.CreateCounter<long>(
            "cache_invalidation_deferred_total",
            description: "Invalidations that not every node was known to have when the write completed.");
        _lag = _meter.CreateHistogram<double>(
            "cache_invalidation_lag_seconds", "s",
                "From a commit until every node was known to have applied what it drops, by the clock of the node "
                + "that committed.", advice: new() { HistogramBucketBoundaries = LagBuckets });
        _evictions = _meter.CreateCounter<long>(
            "cache_eviction_total", description: "Entries that left memory before their time.");
        _meter.CreateObservableGauge(
            "cache_items", () => new Measurement<long>(memory.Count, Memory), description: "Entries in memory.");
        _meter.CreateObservableGauge(
            "cache_size_bytes", () => new Measurement<long>(memory.Bytes, Memory),
            description: "Bytes of the entries in memory.");
        _meter.CreateObservableGauge(
            "cache_circuit_state", ObserveCircuits, description: "Circuit breakers: 0 closed, 1 half open, 2 open.");
    }

    private static double[] LatencyBuckets =>
        [0.0000001, 0.000001, 0.00001, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

    private static double[] LagBuckets =>
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

    /// <summary>Of what a circuit breaker guards; a dependency without one is closed.</summary>
    public CircuitState Circuit(string dependency) => _circuits.GetValueOrDefault(dependency);

    /// <summary>The most-read keys.</summary>
    public KeyReads Keys { get; }

    /// <summary>The last fills and invalidations.</summary>
    public RecentChanges Recent => _events.Recent;

    /// <summary>How long invalidations of this node took until all nodes had them.</summary>
    public TimedReads Lag { get; } = new();

    public void RedisHit(PolicyState policy) => policy.Counters.RedisHits.Increment();

    /// <summary>A response that stood in Redis.</summary>
    public void OutputHit(PolicyState policy, string key)
    {
        policy.Counters.OutputHits.Increment();
        Keys.Count(key);
    }

    public void MemoryMiss(PolicyState policy, string key)
    {
        policy.Counters.MemoryMisses.Increment();
        Keys.Count(key);
    }

    public void RedisMiss(PolicyState policy) => policy.Counters.RedisMisses.Increment();

    public void OutputMiss(PolicyState policy, string key)
    {
        policy.Counters.OutputMisses.Increment();
        Keys.Count(key);
    }

    public void RedisError(Exception exception)
    {
        Interlocked.Increment(ref _redisErrors);
        _errors.Add(1, Redis, new KeyValuePair<string, object?>("error_type", exception.GetType().Name));
    }

    /// <summary>One read of memory that was timed, for all those that were not.</summary>
    public void MemoryRead(CacheEntry entry, long started, int standsFor)
    {
        var counters = entry.Policy.Counters;
        Time(
            started, standsFor, Memory, Get,
            entry.Hits == counters.OutputHits ? counters.OutputTime : counters.MemoryTime);
        Keys.Count(entry.Key, standsFor);
    }

    public void RedisRead(PolicyState policy, long started, bool isResponse = false) => Time(
        started, 1, Redis, Get, isResponse ? policy.Counters.OutputTime : policy.Counters.RedisTime);

    public void RedisWrite(long started) => Time(started, 0, Redis, Set);

    public void Unusable(EntryFault fault)
    {
        Interlocked.Increment(ref _redisErrors);
        _errors.Add(1, Redis, new KeyValuePair<string, object?>("error_type", fault.ToString()));
    }

    /// <summary>A factory has ended: with a value, or else with an exception.</summary>
    public void Factory(PolicyState policy, long started, Exception? failure)
    {
        var fills = policy.Counters.Fills;
        fills.Time.Add(Stopwatch.GetTimestamp() - started);
        if (failure is null)
            fills.Succeed();
        else if (failure is OperationCanceledException)
            fills.Cancel();
        else
            fills.Fail();
        var outcome = failure is null ? "succeeded" : failure is OperationCanceledException ? "cancelled" : "failed";
        _factories.Add(1, policy.MetricTag, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void Joined(PolicyState policy)
    {
        policy.Counters.Fills.Join();
        _joined.Add(1, Process);
    }

    public void JoinedCluster(PolicyState policy)
    {
        policy.Counters.Fills.JoinCluster();
        _joined.Add(1, Cluster);
    }

    public void StaleServed(PolicyState policy)
    {
        policy.Counters.Fills.ServeStale();
        _stale.Add(1, policy.MetricTag);
    }

    public void Invalidated(int count, string kind)
    {
        Interlocked.Add(ref _invalidated, count);
        _invalidations.Add(count, new KeyValuePair<string, object?>("kind", kind));
    }

    public void Deferred()
    {
        Interlocked.Increment(ref _deferrals);
        _deferred.Add(1);
    }

    /// <summary>
    /// An invalidation of this node was in force everywhere so long after it was made. The way back of the last
    /// acknowledgement is in it.
    /// </summary>
    public void InvalidationLag(TimeSpan lag)
    {
        Lag.Add((long)(lag.TotalSeconds * Stopwatch.Frequency));
        _lag.Record(lag.TotalSeconds);
    }

    public void CircuitChanged(string dependency, CircuitState state)
    {
        _circuits[dependency] = state;
        _events.Changed(dependency, state);
    }

    public void Evicted()
    {
        Interlocked.Increment(ref _evicted);
        _evictions.Add(1, Memory, new KeyValuePair<string, object?>("reason", "capacity"));
    }

    /// <summary>How many entries were evicted so far.</summary>
    public long Evictions => Volatile.Read(ref _evicted);

    /// <summary>How many tags and patterns this node has invalidated so far.</summary>
    public long Invalidations => Volatile.Read(ref _invalidated);

    /// <summary>How many invalidations of this node were deferred so far.</summary>
    public long Deferrals => Volatile.Read(ref _deferrals);

    /// <summary>How many calls to Redis failed so far, or brought an entry that could not be read.</summary>
    public long RedisErrors => Volatile.Read(ref _redisErrors);

    /// <summary>
    /// What a request asks is counted once: a response that is not there leads to reads of data, and one that memory
    /// has not to one of Redis.
    /// </summary>
    public ReadTotals Totals()
    {
        long hits = 0, misses = 0;
        foreach (var policy in _policies.All)
        {
            var reads = policy.Counters.Reads;
            (hits, misses) = (hits + reads.Hits, misses + reads.Misses);
        }
        return new ReadTotals(
            hits, misses, Volatile.Read(ref _timed), Volatile.Read(ref _timedTicks) / (double)Stopwatch.Frequency);
    }

    public void Dispose() => _meter.Dispose();

    private void Time(
        long started, int stands, KeyValuePair<string, object?> layer, KeyValuePair<string, object?> operation,
        TimedReads? reads = null)
    {
        var ticks = Stopwatch.GetTimestamp() - started;
        _latency.Record(ticks / (double)Stopwatch.Frequency, layer, operation);
        Interlocked.Add(ref _timed, stands);
        Interlocked.Add(ref _timedTicks, stands * ticks);
        reads?.Add(ticks, stands);
    }

    private IEnumerable<Measurement<long>> ObserveHits() =>
        _policies.All.SelectMany(policy => (IEnumerable<Measurement<long>>)
    [
        .. policy.IsApplication
            ? [new Measurement<long>(policy.Counters.ApplicationHits, Application, policy.MetricTag)]
            : (Measurement<long>[])[new(policy.Counters.MemoryHits.Value, Memory, policy.MetricTag),
                new(policy.Counters.RedisHits.Value, Redis, policy.MetricTag)],
        new(policy.Counters.OutputHits.Value, Output, policy.MetricTag),
    ]);

    private IEnumerable<Measurement<long>> ObserveMisses() =>
        _policies.All.SelectMany(policy => (IEnumerable<Measurement<long>>)
    [
        .. policy.IsApplication
            ? [new Measurement<long>(policy.Counters.ApplicationMisses(), Application, policy.MetricTag)]
            : (Measurement<long>[])[new(policy.Counters.MemoryMisses.Value, Memory, policy.MetricTag),
                new(policy.Counters.RedisMisses.Value, Redis, policy.MetricTag)],
        new(policy.Counters.OutputMisses.Value, Output, policy.MetricTag),
    ]);

    private IEnumerable<Measurement<int>> ObserveCircuits() =>
        _circuits.Select(
            circuit =>
            new Measurement<int>((int)circuit.Value, new KeyValuePair<string, object?>("dependency", circuit.Key)));
}
