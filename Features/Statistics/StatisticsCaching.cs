using ECommerce.Caching;
using ECommerce.Caching.Http;
using ECommerce.Caching.Services;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Statistics;

internal static class StatisticsCaching
{
    /// <summary>What the mark on the method says.</summary>
    public static readonly CachePolicy Sales = CachedPolicies.Of<IStatistics>(nameof(IStatistics.SalesAsync));

    public static readonly CachePolicy[] Policies = [Sales];

    // The key holds the range that the query stands for, so that "the last thirty days" are others tomorrow.
    public static void SalesAnswer(OutputCachePolicyBuilder policy) => policy.Under(Sales, static context =>
    {
        var reader = QueryReader.From(context);
        var query = new SalesQuery(reader);
        return reader.Errors.Count == 0 && Tenant.From(context) is { } tenant
            ? Sales.Key(tenant, query.Name, context.RequestServices.GetRequiredService<QueryHash>().ComputeFor(query.Range))
            : null;
    });
}
