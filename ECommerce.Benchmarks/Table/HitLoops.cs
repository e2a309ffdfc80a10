using ECommerce.Caching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;

namespace ECommerce.Benchmarks.Table;

/// <summary>Loops of L1 hits over the same keys, in this library and in IMemoryCache.</summary>
internal sealed class HitLoops : IDisposable
{
    private static readonly string[] Tags = ["campaign:spring", "supplier:42", "warehouse:nord"];

    private static readonly Func<int, CancellationToken, ValueTask<Sample>> Reload =
        static (index, _) => new ValueTask<Sample>(new Sample(index & SampleKeys.Mask, "Lampada", 89.90m));

    private readonly MultiLevelCache _cache;
    private readonly HybridCache _abstract;
    private readonly MemoryCache _memory = new(new MemoryCacheOptions());
    private readonly string[] _keys = SampleKeys.Create();
    private readonly string[] _ids = [.. Enumerable.Range(0, SampleKeys.Count).Select(SampleKeys.Id)];

    private HitLoops(MultiLevelCache cache) => _abstract = _cache = cache;

    /// <summary>What the loops read, so that nothing is optimised away.</summary>
    public long Sum { get; private set; }

    public static async Task<HitLoops> FillAsync(MultiLevelCache cache, bool tagged)
    {
        var loops = new HitLoops(cache);
        foreach (var (index, key) in SampleKeys.Create().Index())
        {
            var value = new Sample(index, "Lampada", 89.90m);
            await cache.GetOrCreateAsync(
                key,
                value,
                static (value, _) => new ValueTask<Sample>(value),
                Node.Product.Options,
                tagged ? Tags : null);
            loops._memory.Set(key, value, TimeSpan.FromHours(6));
        }
        // The garbage of the fill lies between the entries until it is collected.
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        return loops;
    }

    public void Ours(int operations)
    {
        var sum = 0L;
        for (var i = 0; i < operations; i++)
            sum += Hit(_cache.GetOrCreateAsync(_keys[i & SampleKeys.Mask], i, Reload, Node.Product.Options));
        Sum += sum;
    }

    /// <summary>Through the abstract class: the runtime looks up a generic virtual method with every call.</summary>
    public void Abstract(int operations)
    {
        var sum = 0L;
        for (var i = 0; i < operations; i++)
            sum += Hit(_abstract.GetOrCreateAsync(_keys[i & SampleKeys.Mask], i, Reload, Node.Product.Options));
        Sum += sum;
    }

    public void Interpolated(int operations)
    {
        var (sum, options) = (0L, Node.Product.Options);
        for (var i = 0; i < operations; i++)
        {
            var id = _ids[i & SampleKeys.Mask];
            sum += Hit(_cache.GetOrCreateAsync($"product:{SampleKeys.Tenant}:{id}", i, Reload, options));
        }
        Sum += sum;
    }

    public void MemoryCache(int operations)
    {
        var sum = 0L;
        for (var i = 0; i < operations; i++)
        {
            if (!_memory.TryGetValue<Sample>(_keys[i & SampleKeys.Mask], out var value))
                throw new InvalidOperationException("A miss.");
            sum += value!.Id;
        }
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

    // A miss is possible: on a busy machine a heartbeat may be late, and entries from before it are read again.
    private static long Hit(ValueTask<Sample> read) =>
        read.IsCompletedSuccessfully ? read.Result.Id : read.AsTask().GetAwaiter().GetResult().Id;
}
