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
        shops.MapGet("/", ListShops.Handle).RequireAuthorization(Permissions.Read).CacheOutput(ShopsCaching.Listing);
        shops.MapGet("/{id:int}", GetShop.Handle).RequireAuthorization(Permissions.ManageShops)
            .CacheOutput(ShopsCaching.Details);

        shops.MapPost("/", CreateShop.Handle).RequireAuthorization(Permissions.ManageShops)
            .Creates<NewShop, ShopSettings>();
        shops.MapPut("/{id:int}", UpdateShop.Handle).RequireAuthorization(Permissions.ManageShops)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }
}
