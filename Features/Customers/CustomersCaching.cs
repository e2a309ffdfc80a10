using ECommerce.Caching;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Features.Customers;

internal static class CustomersCaching
{
    public static readonly CachePolicy Customer =
        new("customer:{tenant}:{id}", fresh: TimeSpan.FromHours(1), stale: TimeSpan.FromMinutes(15)) { Flag = CacheFlagNames.Customers };

    public static readonly CachePolicy List =
        new("customers:list:{tenant}:{qhash}", fresh: TimeSpan.FromSeconds(30), stale: TimeSpan.FromMinutes(5)) { Flag = CacheFlagNames.Customers };

    // Addresses show the names of their countries.
    public static readonly CachePolicy Addresses =
        new("addresses:list:{tenant}:{qhash}", fresh: TimeSpan.FromSeconds(30), stale: TimeSpan.FromMinutes(5)) { Flag = CacheFlagNames.Customers, Tags = ["countries:{tenant}"] };

    public static readonly CachePolicy[] Policies = [Customer, List, Addresses];

    public static void Details(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Customer);

    public static void Listing(OutputCachePolicyBuilder policy) => policy.PerTenantQuery(List, static reader => new CustomerQuery(reader));

    public static void AddressListing(OutputCachePolicyBuilder policy) =>
        policy.PerTenantQueryOfEntity(Addresses, static reader => new CustomerAddressQuery(reader));

    /// <summary>
    /// The customer, the lists of customers, and every list that shows customers' names; details that show this one depend on its key.
    /// </summary>
    public static string[] Changed(Tenant tenant, long id) => [Customer.Key(tenant, id), List.All(tenant), Tags.AnyCustomer(tenant)];
}
