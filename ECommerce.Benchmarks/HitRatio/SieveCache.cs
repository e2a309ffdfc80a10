using System.Globalization;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;

namespace ECommerce.Benchmarks.HitRatio;

/// <summary>The L1 of ECommerce.Caching, bounded by items.</summary>
internal sealed class SieveCache(int maximumItems)
{
    private static readonly PolicyState Policy =
        new("trace", null, TimeSpan.FromHours(1), TimeSpan.Zero, sensitive: false, jitter: 0, []);

    private readonly MemoryLayer _memory = new(maximumItems, long.MaxValue);

    /// <inheritdoc cref="LruCache.Read"/>
    public bool Read(int key)
    {
        var text = key.ToString(CultureInfo.InvariantCulture);
        if (_memory.Find(text) is not null)
            return true;
        _memory.Add(new CacheEntry<int>(key, text, Policy, [], 0, 0, long.MaxValue, long.MaxValue, 1));
        return false;
    }
}
