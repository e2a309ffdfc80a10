using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Features.Customers;

internal static class CustomersCaching
{
    public static readonly CachePolicy Customer =
        new("customer:{tenant}:{id}", fresh: TimeSpan.FromHours(1),
            stale: TimeSpan.FromMinutes(15))
        { Flag = CacheFlagNames.Customers };

    public static readonly CachePolicy List =
        new("customers:list:{tenant}:{qhash}", fresh: TimeSpan.FromSeconds(30),
            stale: TimeSpan.FromMinutes(5))
        { Flag = CacheFlagNames.Customers, Tags = ["customers:any:{tenant}"] };

    public static readonly CachePolicy[] Policies = [Customer, List];

    public static readonly Invalidates[] Invalidations =
    [
        Invalidates.On<Customer>(
            static customer => [Customer.Key(customer.Tenant, customer.Id), List.All(customer.Tenant)]),
    ];

    public static readonly WarmRead[] WarmReads =
    [
        WarmRead.ById(Customer, static (id, tenant, services, ct) =>
            GetCustomer.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.List(List, static reader => new CustomerQuery(reader), static (query, tenant, services, ct) =>
            ListCustomers.Handle(query, tenant, services.Hash, services.Cache, services.Contexts, ct)),
    ];

    public static void Details(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Customer);

    public static void Listing(OutputCachePolicyBuilder policy) =>
        policy.PerTenantQuery(List, static reader => new CustomerQuery(reader));
}
