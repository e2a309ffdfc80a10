using ECommerce.Features.Common.PersonalData;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Customers;

internal static class CustomersFeature
{
    public static void AddCustomers(this IServiceCollection services)
    {
        services.AddValidator<CustomerDraft, CustomerDraftValidator>();
        services.AddPersonalData<CustomerPersonalData>();
    }

    public static void MapCustomers(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/customers").WithTags("Customers").RequireAuthorization(Permissions.Read);

        customers.MapGet("/", ListCustomers.Handle)
            .WithSummary("Customers, page by page.").CacheOutput(CustomersCaching.Listing);
        customers.MapGet("/{id:long}", GetCustomer.Handle)
            .WithSummary("A customer.").CacheOutput(CustomersCaching.Details);

        customers.MapPost("/", CreateCustomer.Handle)
            .WithSummary("Creates a customer.").RequireAuthorization(Permissions.WriteCustomers)
            .Creates<CustomerDraft, CustomerDetails>();
        customers.MapPut("/{id:long}", UpdateCustomer.Handle)
            .WithSummary("Replaces a customer.").RequireAuthorization(Permissions.WriteCustomers)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        customers.MapDelete("/{id:long}", DeleteCustomer.Handle)
            .WithSummary("Deletes a customer without orders.").RequireAuthorization(Permissions.WriteCustomers)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        customers.MapPost("/{id:long}/erase", EraseCustomer.Handle)
            .WithSummary("Erases the personal data of a customer.")
            .RequireAuthorization(Permissions.ErasePersonalData)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).Idempotent<NoBody, CustomerDetails>();
    }
}
