using ECommerce.Caching.Policies;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.SingleFlight;

/// <summary>A call that L1 could not serve: the key, how its value is made, and its policy.</summary>
internal readonly record struct CacheRequest<TState, T>(
    string Key, TState State, Func<TState, CacheEntryContext, CancellationToken, ValueTask<T>> Factory,
    PolicyState Policy, HybridCacheEntryFlags Flags, IEnumerable<string>? Tags)
{
    /// <summary>The place of the key in a batch that looks up and loads many at once; null: alone.</summary>
    public IFillBatchMember? Member { get; init; }

    public bool ReadsMemory => (Flags & HybridCacheEntryFlags.DisableLocalCacheRead) == 0;
    public bool WritesMemory => (Flags & HybridCacheEntryFlags.DisableLocalCacheWrite) == 0;
    public bool ReadsRedis => (Flags & HybridCacheEntryFlags.DisableDistributedCacheRead) == 0;
    public bool WritesRedis => (Flags & HybridCacheEntryFlags.DisableDistributedCacheWrite) == 0;
    public bool Compresses => (Flags & HybridCacheEntryFlags.DisableCompression) == 0;

    /// <summary>False: only what a layer has is returned, and otherwise the default of the type.</summary>
    public bool RunsFactory => (Flags & HybridCacheEntryFlags.DisableUnderlyingData) == 0;
}
