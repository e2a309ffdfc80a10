using Microsoft.Extensions.Caching.Memory;
using ZiggyCreatures.Caching.Fusion;

namespace ECommerce.Benchmarks.Peers.Costs;

/// <summary>Loops of L1 hits over the same keys in each library, by its own API; factories capture nothing.</summary>
internal sealed class PeerHitLoops : IDisposable
{
    private static readonly string[] Tags = ["campaign:spring", "supplier:42", "warehouse:nord"];
    private static readonly Func<int, CancellationToken, ValueTask<Sample>> Reload =
        static (index, _) => new(ValueOf(index));

    private static readonly Func<FusionCacheFactoryExecutionContext<Sample>, CancellationToken, Task<Sample>>
        ReloadFusion = static (_, _) => Task.FromResult(ValueOf(0));

    private readonly PeerNodes _nodes;
    private readonly MemoryCache _memory = new(new MemoryCacheOptions());

    // Other instances of the same texts than the stored ones: callers build their keys.
    private readonly string[] _keys;

    // Given with each call, as a caller that may miss has to.
    private readonly string[]? _tags;

    private PeerHitLoops(PeerNodes nodes, bool tagged)
    {
        _nodes = nodes;
        _tags = tagged ? Tags : null;
        _keys = KeysOf(tagged);
    }

    /// <summary>What the loops read, so that nothing is optimised away.</summary>
    public long Sum { get; private set; }

    public Action<int>[] All => [MemoryCache, Ours, Fusion, Microsoft];

    public static async Task<PeerHitLoops> FillAsync(PeerNodes nodes, bool tagged)
    {
        var loops = new PeerHitLoops(nodes, tagged);
        foreach (var (index, key) in KeysOf(tagged).Index())
        {
            foreach (var node in nodes.All)
                await node.ReadAsync(key, _ => Task.FromResult(ValueOf(index)), loops._tags);
            loops._memory.Set(key, ValueOf(index), TimeSpan.FromHours(6));
        }
        // The garbage of the fill lies between the entries until it is collected.
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        return loops;
    }

    public void Dispose() => _memory.Dispose();

    // Two sets: entries of the one without tags are still in Redis when the other is filled.
    private static string[] KeysOf(bool tagged)
    {
        var tenant = tagged ? "tags" : "none";
        return [.. Enumerable.Range(0, SampleKeys.Count).Select(id => $"probe:{tenant}:{SampleKeys.Id(id)}")];
    }

    private static Sample ValueOf(int index) => new(index & SampleKeys.Mask, "Lampada", 89.90m);

    private void MemoryCache(int operations)
    {
        var sum = 0L;
        for (var i = 0; i < operations; i++)
            sum += _memory.TryGetValue<Sample>(_keys[i & SampleKeys.Mask], out var value) ? value!.Id : 0;
        Sum += sum;
    }

    private void Ours(int operations)
    {
        var (sum, cache, options) = (0L, _nodes.Ours.Cache, _nodes.Ours.Policy.Options);
        for (var i = 0; i < operations; i++)
            sum += Hit(cache.GetOrCreateAsync(_keys[i & SampleKeys.Mask], i, Reload, options, _tags));
        Sum += sum;
    }

    private void Fusion(int operations)
    {
        var (sum, cache, options) = (0L, _nodes.Fusion.Cache, _nodes.Fusion.Options);
        for (var i = 0; i < operations; i++)
            sum += Hit(cache.GetOrSetAsync(_keys[i & SampleKeys.Mask], ReloadFusion, default, options, _tags));
        Sum += sum;
    }

    private void Microsoft(int operations)
    {
        var (sum, cache, options) = (0L, _nodes.Microsoft.Cache, _nodes.Microsoft.Options);
        for (var i = 0; i < operations; i++)
            sum += Hit(cache.GetOrCreateAsync(_keys[i & SampleKeys.Mask], i, Reload, options, _tags));
        Sum += sum;
    }

    private static long Hit(ValueTask<Sample> read) =>
        read.IsCompletedSuccessfully ? read.Result.Id : read.AsTask().GetAwaiter().GetResult().Id;
}
