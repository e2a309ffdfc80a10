using ECommerce.Features.PrestaShop.Webservice;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.PrestaShop;

internal static class PrestaShopFeature
{
    public static void AddPrestaShop(this IServiceCollection services)
    {
        services.AddValidator<StartSyncRequest, StartSyncRequestValidator>();
        services.AddSingleton<ShopConnection>();
        services.AddSingleton<PrestaShopClients>();
        services.AddSingleton<EventStreams>();
        services.AddSingleton<SyncRuns>();
        services.AddSingleton<SyncRunner>();
        services.AddHostedService(static provider => provider.GetRequiredService<SyncRunner>());
        services.AddHttpClient(PrestaShopClients.ClientName)
            // A redirect may lead to another host, which must not see the key.
            .ConfigurePrimaryHttpMessageHandler(static provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectCallback = provider.GetRequiredService<ShopConnection>().ConnectAsync,
            });
    }

    public static void MapPrestaShop(this IEndpointRouteBuilder app)
    {
        var sync = app.MapGroup("").WithTags("PrestaShop sync");

        sync.MapPost("/shops/{id:int}/sync", StartSync.Handle)
            .RequireAuthorization(Permissions.SyncShops)
            .DisableRequestTimeout()
            .ProducesProblem(StatusCodes.Status409Conflict);
        sync.MapGet("/sync/{id:long}", GetSyncRun.Handle).RequireAuthorization(Permissions.Read);
        sync.MapGet("/sync/{id:long}/events", StreamSyncRun.Handle).RequireAuthorization(Permissions.Read)
            .DisableRequestTimeout();
    }
}
