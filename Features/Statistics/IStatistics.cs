using ECommerce.Caching.CachedMethods;

namespace ECommerce.Features.Statistics;

/// <summary>Aggregates over many orders. The parameters have the names of the key's parameters.</summary>
internal interface IStatistics
{
    /// <param name="tenant">The tenant that owns the orders.</param>
    /// <param name="name">One of <see cref="SalesGrouping"/>: the grouping.</param>
    /// <param name="qhash">The range of days and the currency; a hash in the key.</param>
    /// <param name="ct">Cancels the run, not one request.</param>
    [Cached(
        "statistics:{tenant}:{name}:{qhash}", Ttl = 5 * 60, StaleTtl = 30 * 60, Sensitive = false,
        Tags = ["orders:any:{tenant}", "order_states:{tenant}", "shops:{tenant}"])]
    Task<IReadOnlyList<SalesGroup>> SalesAsync(Tenant tenant, string name, SalesRange qhash, CancellationToken ct);
}
