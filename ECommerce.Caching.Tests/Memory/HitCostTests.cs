namespace ECommerce.Caching.Tests.Memory;

public class HitCostTests
{
    [Fact]
    public async Task A_hit_in_memory_allocates_nothing_though_metrics_are_collected()
    {
        await using var node = await CacheNode.StartAsync(null);
        var key = CacheNode.Product.Key("acme", 1);
        Func<string?> source = static () => "value";
        for (var i = 0; i < 3000; i++)
            await node.ReadAsync(key, source);
        var before = node.Count("cache_hit_total", "cache_layer=memory");

        var started = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2000; i++)
            await node.ReadAsync(key, source); // Complete at once, so this stays on its thread.
        var allocated = GC.GetAllocatedBytesForCurrentThread() - started;

        // The one or two reads of these that are timed.
        Assert.InRange(allocated, 0, 1000);
        Assert.Equal(2000, node.Count("cache_hit_total", "cache_layer=memory") - before);
    }
}
