using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Addresses;

public sealed class CustomerAddressQuery(QueryReader reader) : ListQuery(reader)
{
    public static ValueTask<CustomerAddressQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new CustomerAddressQuery(reader));
}

/// <summary>The addresses of one customer; 404 if there is no such customer.</summary>
internal static class ListCustomerAddresses
{
    public static async Task<Results<Ok<PagedResult<AddressDetails>>, NotFound>> Handle(
        long id, CustomerAddressQuery query, Tenant tenant, QueryHash hash, MultiLevelCache cache,
        TenantDbContexts contexts, CancellationToken ct)
    {
        var addresses = await cache.GetOrCreateAsync(
            AddressesCaching.List.Key(tenant, hash.Compute(query.Canonical.Of(id))), (contexts, tenant, id, query),
            static async ValueTask<PagedResult<AddressDetails>?> (state, entry, ct) =>
            {
                // Whether there is such a customer is part of the response.
                entry.DependsOn(Tags.Customer(state.tenant, state.id));
                await using var db = state.contexts.ForReading(state.tenant);
                return await TenantDbContexts.InSnapshotAsync(db, () => QueryAsync(db, state.id, state.query, ct), ct);
            },
            AddressesCaching.List, ct);

        return addresses is null ? TypedResults.NotFound() : TypedResults.Ok(addresses);
    }

    private static async Task<PagedResult<AddressDetails>?> QueryAsync(
        ECommerceDbContext db, long id, CustomerAddressQuery query, CancellationToken ct)
    {
        if (!await db.Customers.AnyAsync(c => c.Id == id, ct))
            return null;
        return await db.PageAsync(
            db.Addresses.Where(a => a.CustomerId == id), query, static rows => rows.OrderBy(a => a.Id),
            GetAddress.Details, ct);
    }
}
