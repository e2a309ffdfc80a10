using ECommerce.Caching.CachedMethods;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Statistics;

internal static class StatisticsFeature
{
    public static void AddStatistics(this IServiceCollection services) => services.AddCached<IStatistics, Statistics>();

    public static void MapStatistics(this IEndpointRouteBuilder app)
    {
        var statistics = app.MapGroup("/statistics").WithTags("Statistics").RequireAuthorization(Permissions.Read);

        statistics.MapGet("/sales", GetSales.Handle)
            .WithSummary("Sales by day, month, state or shop, per currency.")
            .CacheOutput(StatisticsCaching.SalesResponse);
    }
}
