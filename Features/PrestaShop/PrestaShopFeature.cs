using ECommerce.Features.PrestaShop.Pages;
using ECommerce.Features.PrestaShop.Push;
using ECommerce.Features.PrestaShop.Schedule;
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
        services.AddSingleton<ShopPages>();
        services.AddSingleton<SyncRuns>();
        services.AddSingleton<SyncRunner>();
        services.AddHostedService(static provider => provider.GetRequiredService<SyncRunner>());
        services.AddSingleton<SyncStarter>();
        services.AddSingleton<SyncInterval>();
        services.AddSingleton<SyncSchedule>();
        services.AddHostedService<SyncScheduler>();
        services.AddSingleton<PushLeases>();
        services.AddSingleton<PushAttempt>();
        services.AddSingleton<PushResults>();
        services.AddHostedService<StatePushWorker>();
        var shops = services.AddHttpClient(PrestaShopClients.ClientName);
#pragma warning disable EXTEXP0001 // Marked experimental; the client retries, paces and bounds its requests itself.
        shops.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        shops
            // A redirect may lead to another host, which must not see the key.
            .ConfigurePrimaryHttpMessageHandler(static provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                // A body that is given up is not read to its end behind it.
                MaxResponseDrainSize = 0,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                ConnectCallback = provider.GetRequiredService<ShopConnection>().ConnectAsync,
            });
    }

    public static void MapPrestaShop(this IEndpointRouteBuilder app)
    {
        var sync = app.MapGroup("").WithTags("PrestaShop sync");

        sync.MapPost("/shops/{id:int}/sync", StartSync.Handle)
            .WithSummary("Starts the synchronisation of a shop.")
            .RequireAuthorization(Permissions.SyncShops)
            .Idempotent<StartSyncRequest, SyncStarted>()
            .DisableRequestTimeout()
            .ProducesProblem(StatusCodes.Status409Conflict);
        sync.MapGet("/sync/{id:long}", GetSyncRun.Handle)
            .WithSummary("The progress of a synchronisation.").RequireAuthorization(Permissions.Read);
        sync.MapGet("/sync/{id:long}/events", StreamSyncRun.Handle)
            .WithSummary("The progress of a synchronisation as server-sent events.")
            .RequireAuthorization(Permissions.Read)
            .DisableRequestTimeout();

        var pages = app.MapGroup("/shops/{id:long}/prestashop").WithTags("PrestaShop pages")
            .RequireAuthorization(Permissions.Read)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        pages.MapGet("/orders", ListOrdersOfShop.Handle)
            .WithSummary("The orders as the shop has them now, newest first.")
            .CacheOutput(PagesCaching.OrdersListing);
        pages.MapGet("/customers", ListCustomersOfShop.Handle)
            .WithSummary("The customers as the shop has them now, newest first.")
            .CacheOutput(PagesCaching.CustomersListing);
        pages.MapGet("/products", ListProductsOfShop.Handle)
            .WithSummary("The products as the shop has them now, newest first.")
            .CacheOutput(PagesCaching.ProductsListing);
    }
}
