namespace ECommerce.Benchmarks.Table;

/// <summary>Hits in the memory of the process.</summary>
internal static class MemoryRows
{
    private const int Operations = 200_000;

    public static async IAsyncEnumerable<Row> RunAsync(string redis)
    {
        await using var node = await Node.StartAsync(redis, ("CACHE_MAX_MEM_ITEMS", "10000"));
        using var plain = await HitLoops.FillAsync(node.Cache, tagged: false);
        yield return Against("L1 hit, string key, no tags of the caller's", 0.9, plain.Ours, plain.MemoryCache);
        yield return Against("L1 hit, string key, through HybridCache (no target of its own)", double.PositiveInfinity, plain.Abstract, plain.MemoryCache);
        yield return Against("L1 hit, interpolated key", 1.4, plain.Interpolated, plain.MemoryCache);
        yield return TwoThreads(plain.Ours);
        using var tagged = await HitLoops.FillAsync(node.Cache, tagged: true);
        yield return Against("L1 hit, string key, 3 tags", 1.0, tagged.Ours, tagged.MemoryCache);
    }

    private static Row Against(string name, double mustReach, Action<int> ours, Action<int> reference)
    {
        var result = Comparison.Of(ours, reference, Operations);
        var bytes = HitLoops.BytesPerOperation(ours, out var tooMany);
        return new Row(name, mustReach, result.Ratio, Row.Nanoseconds(result.Ours), $"IMemoryCache {Row.Nanoseconds(result.Reference)}", bytes) { AllocatesTooMuch = tooMany };
    }

    private static Row TwoThreads(Action<int> ours)
    {
        // More and longer batches: both threads must have a core to themselves at once.
        var result = Comparison.Of(operations => Together(ours, operations), operations => Alone(ours, operations), 4 * Operations, batches: 10);
        return new Row("L1 hit, 2 threads", 1.1, result.Ratio, Row.Nanoseconds(result.Ours), $"one thread {Row.Nanoseconds(result.Reference)}");
    }

    // On a thread of its own too, so that both sides start one.
    private static void Alone(Action<int> loop, int operations)
    {
        var thread = new Thread(() => loop(operations));
        thread.Start();
        thread.Join();
    }

    private static void Together(Action<int> loop, int operations)
    {
        var threads = new[] { new Thread(() => loop(operations)), new Thread(() => loop(operations)) };
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
    }
}
