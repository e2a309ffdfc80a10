using ECommerce.Caching.Memory;
using ECommerce.Caching.SingleFlight;

namespace ECommerce.Caching.Inspection;

/// <summary>How a node stands to the others and to Redis.</summary>
/// <param name="Name">Machine and process.</param>
/// <param name="IsEnabled"><c>CACHE_ENABLED</c>; off, every read runs its factory.</param>
/// <param name="Backend">Where values are kept.</param>
/// <param name="Lease">How long L1 may be served without another heartbeat. Zero: no lease, entries are served for two
/// seconds; null: none is needed.</param>
/// <param name="TrustsRedis">Whether reads ask Redis now; null: there is none.</param>
/// <param name="KeepsInvalidations">Whether invalidations are pending for Redis. Until they are applied, Redis is not
/// read.</param>
/// <param name="Circuit">The circuit breaker before Redis.</param>
public sealed record NodeState(
    string Name, bool IsEnabled, CacheBackend Backend, TimeSpan? Lease, bool? TrustsRedis, bool KeepsInvalidations,
        CircuitState Circuit)
{
    internal static NodeState From(CacheEngine engine, NodeLease? lease) => new(
        CacheHealth.Node, engine.Settings.Enabled, engine.Settings.Backend,
        lease is null ? null : TimeSpan.FromMilliseconds(Math.Max(0, lease.Until - engine.Clock.Now)),
        engine.Redis is null ? null
            : engine.TrustedRedis is not null, engine.Pending.Any, engine.Metrics.Circuit("redis"));
}
