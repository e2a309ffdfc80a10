using ECommerce.Features.Orders.Drafts;
using ECommerce.Features.Orders.Parts;
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
        services.AddValidator<StatusChange, StatusChangeValidator>();
    }

    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders").WithTags("Orders").RequireAuthorization(Permissions.Read);

        orders.MapGet("/", ListOrders.Handle).CacheOutput(OrdersCaching.Listing);
        orders.MapGet("/{id:long}", GetOrder.Handle).CacheOutput(OrdersCaching.Details);
        orders.MapGet("/{id:long}/history", GetOrderHistory.Handle).CacheOutput(OrdersCaching.HistoryListing);
        orders.MapGet("/{id:long}/payments", GetOrderPayments.Handle).CacheOutput(OrdersCaching.PaymentsListing);
        orders.MapGet("/{id:long}/refunds", GetOrderRefunds.Handle).CacheOutput(OrdersCaching.RefundsListing);
        orders.MapGet("/{id:long}/shipments", GetOrderShipments.Handle).CacheOutput(OrdersCaching.ShipmentsListing);
        orders.MapGet("/{id:long}/messages", GetOrderMessages.Handle).CacheOutput(OrdersCaching.MessagesListing);

        var writes = orders.MapGroup("").RequireAuthorization(Permissions.WriteOrders)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        writes.MapPost("/", CreateOrder.Handle).Creates<OrderDraft, OrderDetails>();
        writes.MapPut("/{id:long}", UpdateOrder.Handle);
        writes.MapPatch("/{id:long}", PatchOrder.Handle);
        writes.MapPatch("/{id:long}/status", ChangeOrderStatus.Handle);
        writes.MapPost("/{id:long}/process", ProcessOrder.Handle);
        writes.MapPost("/{id:long}/push-state", PushOrderState.Handle)
            .Repeats<StatePushRequest, OrderDetails>(StatusCodes.Status202Accepted);
        writes.MapDelete("/{id:long}", DeleteOrder.Handle);

        app.MapGet("/me/orders", ListMyOrders.Handle).WithTags("Orders").RequireAuthorization(Permissions.Read)
            .CacheOutput(OrdersCaching.MyListing);
    }
}
