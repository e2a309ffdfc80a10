using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Features.Addresses;

internal static class AddressesCaching
{
    // All of them show the names of countries.
    private static readonly string[] Countries = ["countries:{tenant}"];

    public static readonly CachePolicy Address =
        new("address:{tenant}:{id}", fresh: TimeSpan.FromHours(2),
            stale: TimeSpan.FromMinutes(15))
        { Flag = CacheFlagNames.Customers, Tags = Countries };

    /// <summary>Of all customers, or of one.</summary>
    public static readonly CachePolicy List =
        new("addresses:list:{tenant}:{qhash}", fresh: TimeSpan.FromSeconds(30),
            stale: TimeSpan.FromMinutes(5))
        { Flag = CacheFlagNames.Customers, Tags = ["addresses:any:{tenant}", .. Countries] };

    public static readonly CachePolicy[] Policies = [Address, List];

    public static readonly Invalidates[] Invalidations =
    [
        Invalidates.On<Address>(static address => [Address.Key(address.Tenant, address.Id), List.All(address.Tenant)]),
    ];

    public static readonly WarmRead[] WarmReads =
    [
        WarmRead.ById(Address, static (id, tenant, services, ct) =>
            GetAddress.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.Either(
            WarmRead.List(List, static reader => new AddressQuery(reader), static (query, tenant, services, ct) =>
                ListAddresses.Handle(query, tenant, services.Hash, services.Cache, services.Contexts, ct)),
            WarmRead.ListOf(
                List, static reader => new CustomerAddressQuery(reader), static (query, id, tenant, services, ct) =>
                    ListCustomerAddresses.Handle(
                        id, query, tenant, services.Hash, services.Cache, services.Contexts, ct))),
    ];

    public static void Details(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Address);

    public static void Listing(OutputCachePolicyBuilder policy) =>
        policy.PerTenantQuery(List, static reader => new AddressQuery(reader));

    public static void CustomerListing(OutputCachePolicyBuilder policy) =>
        policy.PerTenantQueryOfEntity(List, static reader => new CustomerAddressQuery(reader));
}
