using ECommerce.Caching.Policies;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.SingleFlight;

/// <summary>A call that L1 could not serve: the key, how its value is made, and its policy.</summary>
internal readonly record struct CacheRequest<TState, T>(
    string Key, TState State, Func<TState, CacheEntryContext, CancellationToken, ValueTask<T>> Factory,
    PolicyState Policy, HybridCacheEntryFlags Flags, IEnumerable<string>? Tags);
