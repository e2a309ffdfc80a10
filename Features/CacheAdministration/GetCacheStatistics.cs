using ECommerce.Caching.Administration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

internal static class GetCacheStatistics
{
    public static async Task<Ok<CacheFigures>> Handle(
        CacheScope scope, ICacheAdministration administration, CancellationToken ct) =>
        TypedResults.Ok(CacheFigures.From(await administration.StatisticsAsync(scope.Tenant, ct)));
}
