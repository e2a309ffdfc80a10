using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Customers;

internal static class CustomersFeature
{
    public static void AddCustomers(this IServiceCollection services) =>
        services.AddValidator<CustomerDraft, CustomerDraftValidator>();

    public static void MapCustomers(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/customers").WithTags("Customers").RequireAuthorization(Permissions.Read);

        customers.MapGet("/", ListCustomers.Handle).CacheOutput(CustomersCaching.Listing);
        customers.MapGet("/{id:long}", GetCustomer.Handle).CacheOutput(CustomersCaching.Details);

        customers.MapPost("/", CreateCustomer.Handle).RequireAuthorization(Permissions.WriteCustomers)
            .Creates<CustomerDraft, CustomerDetails>();
        customers.MapPut("/{id:long}", UpdateCustomer.Handle).RequireAuthorization(Permissions.WriteCustomers)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        customers.MapDelete("/{id:long}", DeleteCustomer.Handle).RequireAuthorization(Permissions.WriteCustomers)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }
}
