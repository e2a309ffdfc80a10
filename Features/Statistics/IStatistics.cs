using ECommerce.Caching.Services;

namespace ECommerce.Features.Statistics;

/// <summary>Figures over many orders. Parameters are named as the key names them.</summary>
internal interface IStatistics
{
    /// <param name="tenant">Whose orders.</param>
    /// <param name="name">One of <see cref="SalesGrouping"/>: what the orders are grouped by.</param>
    /// <param name="qhash">When they were made; in the key as a hash.</param>
    /// <param name="ct">Of the run, which is not that of a request.</param>
    [Cached("statistics:{tenant}:{name}:{qhash}", Ttl = 5 * 60, StaleTtl = 30 * 60, Sensitive = false, Tags = ["order_states:{tenant}", "shops:{tenant}"])]
    Task<IReadOnlyList<SalesItem>> SalesAsync(Tenant tenant, string name, SalesRange qhash, CancellationToken ct);
}
