using ECommerce.Features.Common.PersonalData;
using ECommerce.Features.Orders.Drafts;
using ECommerce.Features.Orders.Parts;
using ECommerce.Features.Orders.PersonalData;
using ECommerce.Features.Orders.States;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Orders;

internal static class OrdersFeature
{
    public static void AddOrders(this IServiceCollection services)
    {
        services.AddValidator<OrderDraft, OrderDraftValidator>();
        services.AddValidator<OrderPatch, OrderPatchValidator>();
        services.AddHostedService<OrderDays>();
        services.AddPersonalData<OrderPersonalData>();
        services.AddValidator<StatusChange, StatusChangeValidator>();
    }

    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders").WithTags("Orders").RequireAuthorization(Permissions.Read);

        orders.MapGet("/", ListOrders.Handle)
            .WithSummary("Orders, page by page.").CacheOutput(OrdersCaching.Listing);
        orders.MapGet("/{id:long}", GetOrder.Handle)
            .WithSummary("An order with its lines, customer, addresses and state.")
            .CacheOutput(OrdersCaching.Details);
        orders.MapGet("/{id:long}/history", GetOrderHistory.Handle)
            .WithSummary("The states that an order has taken.").CacheOutput(OrdersCaching.HistoryListing);
        orders.MapGet("/{id:long}/payments", GetOrderPayments.Handle)
            .WithSummary("The payments of an order.").CacheOutput(OrdersCaching.PaymentsListing);
        orders.MapGet("/{id:long}/refunds", GetOrderRefunds.Handle)
            .WithSummary("The refunds of an order.").CacheOutput(OrdersCaching.RefundsListing);
        orders.MapGet("/{id:long}/shipments", GetOrderShipments.Handle)
            .WithSummary("The shipments of an order with their tracking numbers.")
            .CacheOutput(OrdersCaching.ShipmentsListing);
        orders.MapGet("/{id:long}/messages", GetOrderMessages.Handle)
            .WithSummary("What customer and shop have written about an order.")
            .CacheOutput(OrdersCaching.MessagesListing);

        var writes = orders.MapGroup("").RequireAuthorization(Permissions.WriteOrders)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        writes.MapPost("/", CreateOrder.Handle)
            .WithSummary("Creates an order; its totals are computed here.").Creates<OrderDraft, OrderDetails>();
        writes.MapPut("/{id:long}", UpdateOrder.Handle)
            .WithSummary("Replaces an order; the amounts of a shop's order are read-only.");
        writes.MapPatch("/{id:long}", PatchOrder.Handle)
            .WithSummary("Changes the notes and the assignee of an order.");
        writes.MapPatch("/{id:long}/status", ChangeOrderStatus.Handle)
            .WithSummary("Moves an order to another state.");
        writes.MapPost("/{id:long}/process", ProcessOrder.Handle)
            .WithSummary("Takes the stock of an order once and begins its preparation.")
            .Idempotent<NoBody, OrderDetails>();
        writes.MapPost("/{id:long}/push-state", PushOrderState.Handle)
            .WithSummary("Pushes the state of a shop's order to the shop again, or gives the push up.")
            .Idempotent<StatePushRequest, OrderDetails>();
        writes.MapDelete("/{id:long}", DeleteOrder.Handle)
            .WithSummary("Deletes an order.");

        app.MapGet("/me/orders", ListMyOrders.Handle)
            .WithSummary("Orders made by the current user or assigned to it.")
            .WithTags("Orders").RequireAuthorization(Permissions.Read)
            .CacheOutput(OrdersCaching.MyListing);
    }
}
