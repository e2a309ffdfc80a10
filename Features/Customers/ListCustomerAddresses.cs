using System.Linq.Expressions;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Customers;

public sealed class CustomerAddressQuery(QueryReader reader) : ListQuery(reader)
{
    public static ValueTask<CustomerAddressQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new CustomerAddressQuery(reader));
}

internal sealed record CustomerAddress(
    long Id, long CustomerId, long RowVersion, string? Alias, string? Company, string Firstname, string Lastname,
    string? VatNumber, string? Dni,
    string Address1, string? Address2, string? Postcode, string City, string? State, int? CountryId,
    string? CountryName, string? CountryIsoCode, string? Phone,
    string? PhoneMobile, string? Pec, string? Sdi, DateTime DateAdd, DateTime DateUpd);

internal static class ListCustomerAddresses
{
    private static readonly Expression<Func<Address, CustomerAddress>> Shown = a => new CustomerAddress(
        a.Id, a.CustomerId, a.RowVersion, a.Alias, a.Company, a.Firstname, a.Lastname, a.VatNumber, a.Dni, a.Address1,
        a.Address2,
        a.Postcode, a.City, a.State, a.CountryId, a.Country!.Name, a.Country!.IsoCode, a.Phone, a.PhoneMobile,
        a.Pec, a.Sdi, a.DateAdd, a.DateUpd);

    public static async Task<Results<Ok<PagedResult<CustomerAddress>>, NotFound>> Handle(
        long id, CustomerAddressQuery query, Tenant tenant, QueryHash hash, MultiLevelCache cache,
        TenantDbContexts contexts, CancellationToken ct)
    {
        var addresses = await cache.GetOrCreateAsync(
            CustomersCaching.Addresses.Key(tenant, hash.Compute(query.Canonical.Of(id))), (contexts, tenant, id, query),
            static async ValueTask<PagedResult<CustomerAddress>?> (state, entry, ct) =>
            {
                // Whether there is such a customer is part of the response.
                entry.DependsOn(CustomersCaching.Customer.Key(state.tenant, state.id));
                await using var db = state.contexts.ForReading(state.tenant);
                return await TenantDbContexts.InSnapshotAsync(db, () => QueryAsync(db, state.id, state.query, ct), ct);
            },
            CustomersCaching.Addresses, ct);

        return addresses is null ? TypedResults.NotFound() : TypedResults.Ok(addresses);
    }

    private static async Task<PagedResult<CustomerAddress>?> QueryAsync(
        ECommerceDbContext db, long id, CustomerAddressQuery query, CancellationToken ct)
    {
        if (!await db.Customers.AnyAsync(c => c.Id == id, ct))
            return null;
        return await db.PageAsync(
            db.Addresses.Where(a => a.CustomerId == id), query, static rows => rows.OrderBy(a => a.Id), Shown, ct);
    }
}
