using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Addresses;

internal static class AddressesFeature
{
    public static void AddAddresses(this IServiceCollection services) =>
        services.AddValidator<AddressDraft, AddressDraftValidator>();

    public static void MapAddresses(this IEndpointRouteBuilder app)
    {
        var addresses = app.MapGroup("/addresses").WithTags("Addresses").RequireAuthorization(Permissions.Read);

        addresses.MapGet("/", ListAddresses.Handle).CacheOutput(AddressesCaching.Listing)
            .WithSummary("Addresses by customer, country and shop, searched by names and places.");
        addresses.MapGet("/{id:long}", GetAddress.Handle).CacheOutput(AddressesCaching.Details)
            .WithSummary("An address with the name of its country.");

        var writes = addresses.MapGroup("").RequireAuthorization(Permissions.WriteCustomers);
        writes.MapPost("/", CreateAddress.Handle).Creates<AddressDraft, AddressDetails>()
            .WithSummary("Creates an address of a customer.");
        writes.MapPut("/{id:long}", UpdateAddress.Handle)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .WithSummary("Replaces an address; orders keep the one that they were made with.");
        writes.MapDelete("/{id:long}", DeleteAddress.Handle)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .WithSummary("Deletes an address; 409 if an order or a quote has it.");

        app.MapGet("/customers/{id:long}/addresses", ListCustomerAddresses.Handle).WithTags("Addresses")
            .RequireAuthorization(Permissions.Read).CacheOutput(AddressesCaching.CustomerListing)
            .WithSummary("The addresses of one customer.");
    }
}
