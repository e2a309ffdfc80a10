using System.Diagnostics.Metrics;

namespace ECommerce.Caching;

/// <summary>The instruments of the cache, on the meter <c>ECommerce.Caching</c>.</summary>
internal sealed class CacheMetrics : IDisposable
{
    public const string MeterName = "ECommerce.Caching";

    private static readonly KeyValuePair<string, object?> Memory = new("cache_layer", "memory");
    private static readonly KeyValuePair<string, object?> Redis = new("cache_layer", "redis");
    private static readonly KeyValuePair<string, object?> Output = new("cache_layer", "output");
    private static readonly KeyValuePair<string, object?> Process = new("scope", "process");

    private readonly Meter _meter;
    private readonly Counter<long> _hits, _misses, _errors, _factories, _joined, _invalidations, _deferred, _evictions, _stale;

    public CacheMetrics(IMeterFactory meters, MemoryLayer memory)
    {
        _meter = meters.Create(MeterName);
        _hits = _meter.CreateCounter<long>("cache_hit_total", description: "Reads answered by a layer.");
        _misses = _meter.CreateCounter<long>("cache_miss_total", description: "Reads a layer could not answer.");
        _errors = _meter.CreateCounter<long>("cache_error_total", description: "Calls to a layer that failed.");
        _factories = _meter.CreateCounter<long>("cache_factory_total", description: "Runs of factories by outcome.");
        _joined = _meter.CreateCounter<long>("cache_single_flight_joined_total", description: "Callers that shared the run of another one.");
        _invalidations = _meter.CreateCounter<long>("cache_invalidation_total", description: "Tags dropped.");
        _deferred = _meter.CreateCounter<long>("cache_invalidation_deferred_total", description: "Invalidations kept because Redis was away.");
        _evictions = _meter.CreateCounter<long>("cache_eviction_total", description: "Entries that left memory before their time.");
        _stale = _meter.CreateCounter<long>("cache_stale_served_total", description: "Answers that had run out of their fresh time.");
        _meter.CreateObservableGauge("cache_items", () => new Measurement<long>(memory.Count, Memory), description: "Entries in memory.");
        _meter.CreateObservableGauge("cache_size_bytes", () => new Measurement<long>(memory.Bytes, Memory), description: "Bytes of the entries in memory.");
    }

    public void MemoryHit(PolicyState policy) => _hits.Add(1, Memory, policy.MetricTag);

    public void RedisHit(PolicyState policy) => _hits.Add(1, Redis, policy.MetricTag);

    public void OutputHit(PolicyState policy) => _hits.Add(1, Output, policy.MetricTag);

    public void MemoryMiss(PolicyState policy) => _misses.Add(1, Memory, policy.MetricTag);

    public void RedisMiss(PolicyState policy) => _misses.Add(1, Redis, policy.MetricTag);

    public void OutputMiss(PolicyState policy) => _misses.Add(1, Output, policy.MetricTag);

    public void RedisError(Exception exception) => _errors.Add(1, Redis, new KeyValuePair<string, object?>("error_type", exception.GetType().Name));

    public void Unusable(EntryFault fault) => _errors.Add(1, Redis, new KeyValuePair<string, object?>("error_type", fault.ToString()));

    public void Factory(PolicyState policy, string outcome) => _factories.Add(1, policy.MetricTag, new KeyValuePair<string, object?>("outcome", outcome));

    public void StaleServed(PolicyState policy) => _stale.Add(1, policy.MetricTag);

    public void Joined() => _joined.Add(1, Process);

    public void Invalidated(int tags) => _invalidations.Add(tags, new KeyValuePair<string, object?>("kind", "tag"));

    public void Deferred() => _deferred.Add(1);

    public void Evicted() => _evictions.Add(1, Memory, new KeyValuePair<string, object?>("reason", "capacity"));

    public void Dispose() => _meter.Dispose();
}
