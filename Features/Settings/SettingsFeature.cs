using ECommerce.Caching;
using ECommerce.Caching.Http;
using ECommerce.Features.Common.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Settings;

/// <summary>Settings of a tenant. Secret ones are written and never read.</summary>
internal static class SettingsFeature
{
    public static readonly CachePolicy[] Policies = [TenantSettings.Policy];

    public static readonly Invalidates[] Invalidations = [TenantSettings.Invalidation];

    public static void AddSettings(this IServiceCollection services) => services.AddSingleton<TenantSettings>();

    public static void MapSettings(this IEndpointRouteBuilder app)
    {
        var config = app.MapGroup("/config").WithTags("Settings").RequireAuthorization(Permissions.ManageSettings);

        config.MapGet("/", ListSettings.Handle)
            .WithSummary("All settings with their types, bounds and values.").CacheOutput(Listing);
        config.MapGet("/{key}", GetSetting.Handle)
            .WithSummary("A setting.").CacheOutput(Details)
            .ProducesProblem(StatusCodes.Status404NotFound);
        config.MapPut("/{key}", UpdateSetting.Handle)
            .WithSummary("Sets a setting.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        config.MapDelete("/{key}", ResetSetting.Handle)
            .WithSummary("Resets a setting to its default.").ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    private static void Listing(OutputCachePolicyBuilder builder) => builder.Under(
        TenantSettings.Policy,
        static context => Tenant.From(context) is { } tenant
            ? TenantSettings.Policy.Key(tenant, TenantSettings.Whole)
            : null);

    // Only of settings that exist: clients must not fill the caches with keys of nothing.
    private static void Details(OutputCachePolicyBuilder builder) => builder.Under(
        TenantSettings.Policy,
        static context => Tenant.From(context) is { } tenant
            && KnownSettings.Find(context.GetRouteValue("key") as string ?? "") is { } setting
                ? TenantSettings.Policy.Key(tenant, setting.Name)
                : null);
}
