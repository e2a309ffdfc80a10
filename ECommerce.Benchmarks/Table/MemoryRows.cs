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
        yield return Against("L1 hit, string key, no tags", 0.75, plain.Ours, plain.MemoryCache);
        yield return Against(
            "L1 hit, string key, through HybridCache", Row.NoTarget, plain.Abstract, plain.MemoryCache);
        yield return Against("L1 hit, interpolated key", 1.0, plain.Interpolated, plain.MemoryCache);
        yield return TwoThreads("L1 hit, 2 threads", 1.1, plain.Ours);
        // To compare with.
        yield return TwoThreads("IMemoryCache, 2 threads", Row.NoTarget, plain.MemoryCache);
        using var tagged = await HitLoops.FillAsync(node.Cache, tagged: true);
        yield return Against("L1 hit, string key, 3 tags", 0.75, tagged.Ours, tagged.MemoryCache);
        yield return await PerEntryAsync(redis);
    }

    /// <summary>What an entry of a kilobyte of bytes takes on the heap, its key and bookkeeping included.</summary>
    private static async Task<Row> PerEntryAsync(string redis)
    {
        const int Entries = 50_000;
        const int Bytes = 1024;
        await using var node = await Node.StartAsync(
            redis, ("CACHE_BACKEND", "memory"), ("CACHE_MAX_MEM_ITEMS", $"{2 * Entries}"),
            ("CACHE_MAX_MEM_BYTES", $"{1L << 30}"));
        await FillAsync(0, 1000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await FillAsync(1000, Entries);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)(Entries - 1000);
        const double Allowed = (1.2 * Bytes) + 250;
        return new Row(
            "L1 memory per entry, byte[] of 1,024", 1, each / Allowed, $"{each:0} bytes",
            $"1.2 x value and 250 bytes {Allowed:0} bytes");

        async Task FillAsync(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                await node.Cache.GetOrCreateAsync(
                    Node.Product.Key("memory", i), static _ => new ValueTask<byte[]>(new byte[Bytes]),
                    Node.Product.Options);
            }
        }
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
