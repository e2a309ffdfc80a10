using ECommerce.Caching;
using ECommerce.Caching.CachedMethods;
using ECommerce.Caching.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Statistics;

internal static class StatisticsCaching
{
    /// <summary>The policy that the attribute of the method declares.</summary>
    public static readonly CachePolicy Sales = CachedPolicies.From<IStatistics>(nameof(IStatistics.SalesAsync));

    public static readonly CachePolicy[] Policies = [Sales];

    public static readonly Invalidates[] Invalidations =
        [Invalidates.On<Order>(static order => [Sales.All(order.Tenant)])];

    // The key holds the computed range: "the last 30 days" is another range tomorrow.
    public static void SalesResponse(OutputCachePolicyBuilder policy) => policy.Under(Sales, static context =>
    {
        var reader = QueryReader.From(context);
        var query = new SalesQuery(reader);
        return reader.Errors.Count == 0 && Tenant.From(context) is { } tenant
            ? Sales.Key(
                tenant, query.Name, context.RequestServices.GetRequiredService<QueryHash>().ComputeFor(query.Range))
            : null;
    });
}
