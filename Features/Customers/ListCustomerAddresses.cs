using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Customers;

public sealed class CustomerAddressQuery(QueryReader reader) : ListQuery(reader)
{
    public static ValueTask<CustomerAddressQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new CustomerAddressQuery(reader));
}

internal sealed record CustomerAddress(
    long Id, long CustomerId, long RowVersion, string? Alias, string? Company, string Firstname, string Lastname, string? VatNumber, string? Dni,
    string Address1, string? Address2, string? Postcode, string City, string? State, int? CountryId, string? CountryName, string? Phone,
    string? PhoneMobile, string? Pec, string? Sdi, DateTime DateAdd, DateTime DateUpd);

internal static class ListCustomerAddresses
{
    private const string CustomerExists = "SELECT COUNT(*) FROM customers WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL";

    private const string Sql = """
        SELECT COUNT(*) FROM addresses WHERE tenant_id = @tenant AND customer_id = @id AND deleted_at IS NULL;

        SELECT a.id, a.customer_id, a.row_version, a.alias, a.company, a.firstname, a.lastname, a.vat_number, a.dni,
               a.address1, a.address2, a.postcode, a.city, a.state, a.country_id, k.name AS country_name, a.phone,
               a.phone_mobile, a.pec, a.sdi, a.date_add, a.date_upd
        FROM addresses a
        LEFT JOIN countries k ON k.tenant_id = a.tenant_id AND k.id = a.country_id
        WHERE a.tenant_id = @tenant AND a.customer_id = @id AND a.deleted_at IS NULL
        ORDER BY a.id
        LIMIT @Limit OFFSET @Offset
        """;

    public static async Task<Results<Ok<PagedResult<CustomerAddress>>, NotFound>> Handle(
        long id, CustomerAddressQuery query, Tenant tenant, QueryHash hash, MultiLevelCache cache, DbDataSource db, CancellationToken ct)
    {
        var addresses = await cache.GetOrCreateAsync(
            CustomersCaching.Addresses.Key(tenant, hash.Compute(query.Canonical.Of(id))), (db, tenant, id, query),
            static async ValueTask<PagedResult<CustomerAddress>?> (state, entry, ct) =>
            {
                // Whether there is such a customer is part of the answer.
                entry.DependsOn(CustomersCaching.Customer.Key(state.tenant, state.id));
                var parameters = new { state.tenant, state.id };
                await using (var connection = await state.db.OpenConnectionAsync(ct))
                {
                    if (await connection.ExecuteScalarAsync<long>(new CommandDefinition(CustomerExists, parameters, cancellationToken: ct)) == 0)
                        return null;
                }
                return await state.db.PageAsync<CustomerAddress>(Sql, state.query, parameters, ct);
            },
            CustomersCaching.Addresses, ct);

        return addresses is null ? TypedResults.NotFound() : TypedResults.Ok(addresses);
    }
}
