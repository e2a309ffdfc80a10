using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using ECommerce.Features.Orders.Parts;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Features.Orders;

internal static class OrdersCaching
{
    // Lists show the names of customers and states; details name the customer and addresses that they show one by one.
    private static readonly string[] ShownInLists =
        ["orders:any:{tenant}", "customers:any:{tenant}", "order_states:{tenant}"];
    private static readonly string[] States = ["order_states:{tenant}"];

    public static readonly CachePolicy Order =
        new("order:{tenant}:{id}", fresh: TimeSpan.FromMinutes(2),
            stale: TimeSpan.FromMinutes(15))
        { Flag = CacheFlagNames.Orders, Tags = States };

    public static readonly CachePolicy List =
        new("orders:list:{tenant}:{qhash}", fresh: TimeSpan.FromSeconds(30),
            stale: TimeSpan.FromMinutes(5))
        { Flag = CacheFlagNames.Orders, Tags = ShownInLists };

    public static readonly CachePolicy History =
        new("orders:history:{tenant}:{order_id}", fresh: TimeSpan.FromMinutes(5),
            stale: TimeSpan.FromMinutes(5))
        { Flag = CacheFlagNames.Orders, Tags = States };

    public static readonly CachePolicy Payments =
        new("orders:payments:{tenant}:{order_id}", fresh: TimeSpan.FromMinutes(5),
            stale: TimeSpan.FromMinutes(5))
        { Flag = CacheFlagNames.Orders };

    public static readonly CachePolicy Refunds =
        new("orders:refunds:{tenant}:{order_id}", fresh: TimeSpan.FromMinutes(5),
            stale: TimeSpan.FromMinutes(5))
        { Flag = CacheFlagNames.Orders };

    public static readonly CachePolicy Shipments =
        new("orders:shipments:{tenant}:{order_id}", fresh: TimeSpan.FromMinutes(5),
            stale: TimeSpan.FromMinutes(5))
        { Flag = CacheFlagNames.Orders, Tags = ["carriers:{tenant}"] };

    public static readonly CachePolicy Messages =
        new("orders:messages:{tenant}:{order_id}", fresh: TimeSpan.FromMinutes(5),
            stale: TimeSpan.FromMinutes(5))
        { Flag = CacheFlagNames.Orders };

    public static readonly CachePolicy UserOrders =
        new("user_orders:{tenant}:{user_id}:{qhash}", fresh: TimeSpan.FromSeconds(30),
            stale: TimeSpan.FromMinutes(5))
        { Flag = CacheFlagNames.Orders, Tags = ShownInLists };

    public static readonly CachePolicy[] Policies =
        [Order, List, History, Payments, Refunds, Shipments, Messages, UserOrders];

    public static readonly Invalidates[] Invalidations =
    [
        Invalidates.On<Order>(
            static order => [Order.Key(order.Tenant, order.Id), List.All(order.Tenant), UserOrders.All(order.Tenant)]),
        Invalidates.WithRoot<OrderLine, Order>(static line => line.OrderId),
        Invalidates.WithRoot<OrderDiscount, Order>(static discount => discount.OrderId),
        Invalidates.WithRoot<OrderPayment, Order>(static payment => payment.OrderId),
        Invalidates.WithRoot<OrderRefund, Order>(static refund => refund.OrderId),
        Invalidates.WithRoot<OrderRefundLine, Order>(static line => line.OrderId),
        Invalidates.WithRoot<OrderShipment, Order>(static shipment => shipment.OrderId),
        Invalidates.WithRoot<OrderMessage, Order>(static message => message.OrderId),
        Invalidates.WithRoot<OrderStatePush, Order>(static push => push.OrderId),
        Invalidates.On<OrderChange>(static change => [History.Key(change.Tenant, change.OrderId)]),
        Invalidates.On<OrderStateChange>(static change => [History.Key(change.Tenant, change.OrderId)]),
        // Histories show the names of users.
        Invalidates.On<User>(static user => user.TenantId is null ? [] : [History.All(new Tenant(user.TenantId))]),
    ];

    public static readonly WarmRead[] WarmReads =
    [
        WarmRead.ById(Order, static (id, tenant, services, ct) =>
            GetOrder.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.ById(History, static (id, tenant, services, ct) =>
            GetOrderHistory.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.ById(Payments, static (id, tenant, services, ct) =>
            GetOrderPayments.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.ById(Refunds, static (id, tenant, services, ct) =>
            GetOrderRefunds.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.ById(Shipments, static (id, tenant, services, ct) =>
            GetOrderShipments.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.ById(Messages, static (id, tenant, services, ct) =>
            GetOrderMessages.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.List(List, static reader => new OrderQuery(reader), static (query, tenant, services, ct) =>
            ListOrders.Handle(query, tenant, services.Hash, services.Cache, services.Contexts, ct)),
    ];

    public static void Details(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Order);

    public static void HistoryListing(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(History);

    public static void PaymentsListing(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Payments);

    public static void RefundsListing(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Refunds);

    public static void ShipmentsListing(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Shipments);

    public static void MessagesListing(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Messages);

    public static void Listing(OutputCachePolicyBuilder policy) =>
        policy.PerTenantQuery(List, static reader => new OrderQuery(reader));

    public static void MyListing(OutputCachePolicyBuilder policy) =>
        policy.PerUserQuery(UserOrders, static reader => new OrderQuery(reader));
}
