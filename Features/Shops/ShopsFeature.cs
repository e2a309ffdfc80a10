using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Shops;

internal static class ShopsFeature
{
    public static void AddShops(this IServiceCollection services)
    {
        services.AddSingleton<ShopUrls>();
        services.AddValidator<NewShop, NewShopValidator>();
        services.AddValidator<ShopChange, ShopChangeValidator>();
    }

    public static void MapShops(this IEndpointRouteBuilder app)
    {
        var shops = app.MapGroup("/shops").WithTags("Shops");

        // All users see the list of shops, for filters and syncs; only shop managers see their settings.
        shops.MapGet("/", ListShops.Handle)
            .WithSummary("The shops of the tenant.")
            .RequireAuthorization(Permissions.Read).CacheOutput(ShopsCaching.Listing);
        shops.MapGet("/{id:int}", GetShop.Handle)
            .WithSummary("The settings of a shop, without its API key.").RequireAuthorization(Permissions.ManageShops)
            .CacheOutput(ShopsCaching.Details);

        shops.MapPost("/", CreateShop.Handle)
            .WithSummary("Registers a shop.").RequireAuthorization(Permissions.ManageShops)
            .Creates<NewShop, ShopSettings>();
        shops.MapPut("/{id:int}", UpdateShop.Handle)
            .WithSummary("Replaces the settings of a shop.").RequireAuthorization(Permissions.ManageShops)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }
}
