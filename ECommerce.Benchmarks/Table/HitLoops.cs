using ECommerce.Caching;
using Microsoft.Extensions.Caching.Memory;

namespace ECommerce.Benchmarks.Table;

/// <summary>Loops of hits in memory over the same keys, in our cache and in what it is compared with.</summary>
internal sealed class HitLoops : IDisposable
{
    private static readonly string[] Tags = ["campaign:spring", "supplier:42", "warehouse:nord"];

    private readonly MultiLevelCache _cache;
    private readonly MemoryCache _memory = new(new MemoryCacheOptions());
    private readonly string[] _keys = SampleKeys.Make();
    private readonly string[] _ids = [.. Enumerable.Range(0, SampleKeys.Count).Select(SampleKeys.Id)];

    private HitLoops(MultiLevelCache cache) => _cache = cache;

    /// <summary>What the loops read, so that nothing is optimised away.</summary>
    public long Sum { get; private set; }

    public static async Task<HitLoops> FillAsync(MultiLevelCache cache, bool tagged)
    {
        var loops = new HitLoops(cache);
        foreach (var (index, key) in SampleKeys.Make().Index())
        {
            var value = new Sample(index, "Lampada", 89.90m);
            await cache.SetAsync(key, value, Node.Product.Options, tagged ? Tags : null);
            loops._memory.Set(key, value, TimeSpan.FromHours(6));
        }
        return loops;
    }

    public void Ours(int operations)
    {
        var sum = 0L;
        for (var i = 0; i < operations; i++)
            sum += Hit(_cache.GetOrCreateAsync(_keys[i & SampleKeys.Mask], i, static (_, _) => Missed(), Node.Product.Options));
        Sum += sum;
    }

    public void Interpolated(int operations)
    {
        var sum = 0L;
        for (var i = 0; i < operations; i++)
            sum += Hit(_cache.GetOrCreateAsync($"product:{SampleKeys.Tenant}:{_ids[i & SampleKeys.Mask]}", i, static (_, _) => Missed(), Node.Product.Options));
        Sum += sum;
    }

    public void MemoryCache(int operations)
    {
        var sum = 0L;
        for (var i = 0; i < operations; i++)
            sum += _memory.TryGetValue<Sample>(_keys[i & SampleKeys.Mask], out var value) ? value!.Id : throw new InvalidOperationException("A miss.");
        Sum += sum;
    }

    public static string BytesPerOperation(Action<int> loop, out bool tooMany)
    {
        const int Operations = 200_000;
        loop(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        loop(Operations);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Operations;
        tooMany = bytes >= 0.5;
        return bytes.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _memory.Dispose();

    private static long Hit(ValueTask<Sample> read) => read.IsCompletedSuccessfully ? read.Result.Id : throw new InvalidOperationException("A miss.");

    private static ValueTask<Sample> Missed() => throw new InvalidOperationException("A miss.");
}
