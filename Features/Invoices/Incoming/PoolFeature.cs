using ECommerce.Features.Invoices.Incoming.Files;
using ECommerce.Features.Invoices.Incoming.Polling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Invoices.Incoming;

/// <summary>What comes back from the SDI.</summary>
internal static class PoolFeature
{
    public static void AddPool(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(PollInterval.Read(configuration));
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<FileStore>();
        services.AddSingleton<NotificationStore>();
        services.AddSingleton<PoolFetch>();
        services.AddSingleton<PoolPages>();
        services.AddSingleton<PollSchedule>();
        services.AddSingleton<PoolListing>();
        services.AddSingleton<EventProcessor>();
        services.AddSingleton<PoolProcessing>();
        services.AddSingleton<PoolPoll>();
        services.AddHostedService<PoolPoller>();
    }

    public static void MapPool(this IEndpointRouteBuilder app)
    {
        var pool = app.MapGroup("/fatturapa").WithTags("FatturaPA pool")
            .RequireAuthorization(Permissions.ReadPool)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway);

        pool.MapGet("/pool", ListPool.Handle).CacheOutput(PoolCaching.PoolPage)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("A page of the pool as the provider has it now, oldest first.");
        pool.MapGet("/invoices/{sdi}", GetPoolInvoice.Handle).CacheOutput(PoolCaching.Details)
            .WithSummary("What is known of an invoice by its IdentificativoSdI, sent or received.");
        // Not cached: a file is large, and is read from the database once it is stored.
        pool.MapGet("/invoices/{sdi}/xml", GetPoolInvoiceXml.Handle)
            .WithSummary("An invoice as XML; with original=true as it was received, with its signature.");
    }
}
