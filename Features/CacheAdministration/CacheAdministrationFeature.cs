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

        cache.MapGet("/stats", GetCacheStatistics.Handle)
            .WithSummary("Figures of the caches of all nodes.").RequireAuthorization(Permissions.ManageCache);
        cache.MapGet("/analytics", GetCacheAnalytics.Handle)
            .WithSummary("The history of the caches, by policy and layer.")
            .RequireAuthorization(Permissions.ManageCache);
        cache.MapGet("/events", StreamCacheEvents.Handle)
            .WithSummary("What happens in the caches, as server-sent events.")
            .RequireAuthorization(Permissions.ManageCache)
            .DisableRequestTimeout();
        cache.MapGet("/keys", ListCacheKeys.Handle)
            .WithSummary("Keys of cached entries, step by step.").RequireAuthorization(Permissions.ManageCache);
        cache.MapGet("/keys/explain", ExplainCacheKey.Handle)
            .WithSummary("Where a key is cached, and whether a read would use it.")
            .RequireAuthorization(Permissions.ManageCache);
        cache.MapGet("/flags", ListCacheFlags.Handle)
            .WithSummary("The parts of the cache that can be disabled.")
            .RequireAuthorization(Permissions.ManageAllCaches);

        // A removal that has begun runs to its end, however long Redis has to be searched.
        cache.MapDelete("/", RemoveCacheKeys.Handle)
            .WithSummary("Removes the entries of a pattern.").RequireAuthorization(Permissions.ManageCache)
            .DisableRequestTimeout();
        cache.MapPost("/invalidate", InvalidateCache.Handle)
            .WithSummary("Invalidates an entity, a user's entries or a tag.")
            .RequireAuthorization(Permissions.ManageCache)
            .DisableRequestTimeout();
        cache.MapPut("/flags", SetCacheFlag.Handle)
            .WithSummary("Enables or disables a part of the cache.").RequireAuthorization(Permissions.ManageAllCaches)
            .DisableRequestTimeout();
        cache.MapPost("/warm", WarmCache.Handle)
            .WithSummary("Fills the caches of all nodes.").RequireAuthorization(Permissions.ManageCache)
            .DisableRequestTimeout();
        cache.MapPost("/reset", ResetCache.Handle)
            .WithSummary("Removes everything from the caches.").RequireAuthorization(Permissions.ManageAllCaches)
            .DisableRequestTimeout();
    }
}
