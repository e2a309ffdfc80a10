using ECommerce.Features.CacheAdministration.Analytics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.CacheAdministration;

/// <summary>
/// Looks at the caches and removes what is in them. An ADMIN sees and removes what is of the own tenant; a SUPERADMIN,
/// who has no tenant, that of all. No value is ever shown, and no response is kept by anybody.
/// </summary>
internal static class CacheAdministrationFeature
{
    public static void AddCacheAdministration(this IServiceCollection services)
    {
        services.AddSingleton<CacheAudit>();
        services.AddSingleton<LiveFigures>();
        services.AddSingleton<EventFeed>();
        services.AddSingleton<RecentAnalytics>();
        services.AddValidator<CacheInvalidation, CacheInvalidationValidator>();
        services.AddValidator<CacheFlagChange, CacheFlagChangeValidator>();
    }

    public static void MapCacheAdministration(this IEndpointRouteBuilder app)
    {
        var cache = app.MapGroup("/cache").WithTags("Cache").AddEndpointFilter(NoStore.Filter);

        cache.MapGet("/stats", GetCacheStatistics.Handle).RequireAuthorization(Permissions.ManageCache);
        cache.MapGet("/analytics", GetCacheAnalytics.Handle).RequireAuthorization(Permissions.ManageCache);
        cache.MapGet("/events", StreamCacheEvents.Handle).RequireAuthorization(Permissions.ManageCache)
            .DisableRequestTimeout();
        cache.MapGet("/keys", ListCacheKeys.Handle).RequireAuthorization(Permissions.ManageCache);
        cache.MapGet("/keys/explain", ExplainCacheKey.Handle).RequireAuthorization(Permissions.ManageCache);
        cache.MapGet("/flags", ListCacheFlags.Handle).RequireAuthorization(Permissions.ManageAllCaches);

        // A removal that has begun runs to its end, however long Redis has to be searched.
        cache.MapDelete("/", RemoveCacheKeys.Handle).RequireAuthorization(Permissions.ManageCache)
            .DisableRequestTimeout();
        cache.MapPost("/invalidate", InvalidateCache.Handle).RequireAuthorization(Permissions.ManageCache)
            .DisableRequestTimeout();
        cache.MapPut("/flags", SetCacheFlag.Handle).RequireAuthorization(Permissions.ManageAllCaches)
            .DisableRequestTimeout();
        cache.MapPost("/warm", WarmCache.Handle).RequireAuthorization(Permissions.ManageCache)
            .DisableRequestTimeout();
        cache.MapPost("/reset", ResetCache.Handle).RequireAuthorization(Permissions.ManageAllCaches)
            .DisableRequestTimeout();
    }
}
