namespace ECommerce.Benchmarks.Table;

/// <summary>L1 hits.</summary>
internal static class MemoryRows
{
    private const int Operations = 50_000;
    private const int ShortBatch = 10_000;

    public static async IAsyncEnumerable<Row> RunAsync(string redis)
    {
        await using var node = await Node.StartAsync(redis, ("CACHE_MAX_MEM_ITEMS", "10000"));
        using var plain = await HitLoops.FillAsync(node.Cache, tagged: false);
        yield return Against("L1 hit, string key, no tags", 0.9, plain.Ours, plain.MemoryCache);
        yield return Against(
            "L1 hit, string key, through HybridCache", Row.NoTarget, plain.Abstract, plain.MemoryCache);
        yield return Against("L1 hit, interpolated key", 1.4, plain.Interpolated, plain.MemoryCache);
        yield return TwoThreads("L1 hit, 2 threads", 1.1, plain.Ours);
        // To compare with.
        yield return TwoThreads("IMemoryCache, 2 threads", Row.NoTarget, plain.MemoryCache);
        using var tagged = await HitLoops.FillAsync(node.Cache, tagged: true);
        yield return Against("L1 hit, string key, 3 tags", 1.0, tagged.Ours, tagged.MemoryCache);
    }

    private static Row Against(string name, double mustReach, Action<int> ours, Action<int> reference)
    {
        var result = Comparison.Measure(ours, reference, Operations);
        var bytes = HitLoops.BytesPerOperation(ours, out var tooMany);
        var reading = $"IMemoryCache {Row.Nanoseconds(result.Reference)}";
        return new Row(name, mustReach, result.Ratio, Row.Nanoseconds(result.Ours), reading, bytes)
        {
            AllocatesTooMuch = tooMany,
        };
    }

    private static Row TwoThreads(string name, double mustReach, Action<int> loop)
    {
        using var pair = new ThreadPair(loop, ShortBatch);
        // Many short batches: both threads must have a core to themselves at once.
        var result = Comparison.MeasureTimed(pair.Both, pair.One, batches: 120);
        var reference = $"one thread {Row.Nanoseconds(result.Reference)}";
        return new Row(name, mustReach, result.Ratio, Row.Nanoseconds(result.Ours), reference);
    }
}
