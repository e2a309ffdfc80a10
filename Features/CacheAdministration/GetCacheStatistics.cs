using ECommerce.Caching.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

internal static class GetCacheStatistics
{
    public static async Task<Ok<CacheStatistics>> Handle(
        CacheScope scope, ICacheInspector inspector, CancellationToken ct) =>
        TypedResults.Ok(await inspector.StatisticsAsync(scope.Tenant, ct));
}
