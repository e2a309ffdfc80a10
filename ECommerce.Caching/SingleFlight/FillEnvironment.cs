using System.Collections.Concurrent;
using ECommerce.Caching.Memory;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// What fills share: the runs of this node, the signals and announcements of other nodes, refreshes, service scopes
/// and time.
/// </summary>
internal sealed class FillEnvironment(
    FillSignals signals, BackgroundRefresher refresher, IServiceScopeFactory scopes, TimeProvider time,
    Announcements announcements)
{
    public FillSignals Signals => signals;

    public BackgroundRefresher Refresher => refresher;

    public TimeProvider Time => time;

    public Announcements Announcements => announcements;

    /// <summary>Stores in Redis behind the callers.</summary>
    public PendingStores Stores { get; } = new(time);

    /// <summary>Which runs wait for which.</summary>
    public WaitGraph Waits { get; } = new();

    /// <summary>The running fills, one for each key and its flags.</summary>
    public ConcurrentDictionary<(string Key, HybridCacheEntryFlags Flags), SingleFlightRun> Runs { get; } = new();

    public CacheEntryContext NewContext() => new(scopes);
}
