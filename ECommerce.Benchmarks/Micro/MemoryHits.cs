using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using ECommerce.Benchmarks.Table;
using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Micro;

/// <summary>
/// L1 hits: 1024 keys of 38 characters, looked up with other instances than the stored ones. The meter has a listener.
/// </summary>
[MemoryDiagnoser]
public class MemoryHits
{
    private const int Operations = 8 * SampleKeys.Count;

    private readonly string[] _keys = SampleKeys.Create();
    private readonly ConcurrentDictionary<string, Sample> _dictionary = new(StringComparer.Ordinal);
    private LocalRedis? _redis;
    private Node? _node;
    private HitLoops? _loops;

    /// <summary>Tags that the caller gives, besides those that the key implies.</summary>
    [Params(0, 3)]
    public int Tags { get; set; }

    [GlobalSetup]
    public void Start() => StartAsync().GetAwaiter().GetResult(); // The in-process toolchain awaits no setup.

    [GlobalCleanup]
    public void Stop() => StopAsync().GetAwaiter().GetResult();

    private async Task StartAsync()
    {
        _redis = await LocalRedis.StartNewAsync();
        _node = await Node.StartAsync(_redis.ConnectionString, ("CACHE_MAX_MEM_ITEMS", "10000"));
        _loops = await HitLoops.FillAsync(_node.Cache, Tags > 0);
        foreach (var (index, key) in SampleKeys.Create().Index())
            _dictionary[key] = new Sample(index, "Lampada", 89.90m);
    }

    private async Task StopAsync()
    {
        _loops!.Dispose();
        await _node!.DisposeAsync();
        await _redis!.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public long IMemoryCache()
    {
        _loops!.MemoryCache(Operations);
        return _loops.Sum;
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public long StringKey()
    {
        _loops!.Ours(Operations);
        return _loops.Sum;
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public long InterpolatedKey()
    {
        _loops!.Interpolated(Operations);
        return _loops.Sum;
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public long Dictionary()
    {
        var sum = 0L;
        for (var i = 0; i < Operations; i++)
            sum += _dictionary.TryGetValue(_keys[i & SampleKeys.Mask], out var value) ? value.Id : 0;
        return sum;
    }
}
