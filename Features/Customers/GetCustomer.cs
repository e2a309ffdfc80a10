using System.Data.Common;
using Dapper;
using ECommerce.Caching.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Customers;

internal sealed record CustomerDetails(
    long Id, int? ShopId, long? OriginId, long RowVersion, string Firstname, string Lastname, string Email, string? Company, string? Website,
    bool Newsletter, bool Optin, bool IsGuest, bool Active, int? LangId, string? Notes, DateTime DateAdd, DateTime DateUpd) : IVersioned;

internal static class GetCustomer
{
    private const string Sql = """
        SELECT id, shop_id, origin_id, row_version, firstname, lastname, email, company, website,
               newsletter, optin, is_guest, active, lang_id, notes, date_add, date_upd
        FROM customers
        WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL
        """;

    public static async Task<Results<Ok<CustomerDetails>, NotFound>> Handle(
        long id, Tenant tenant, HybridCache cache, DbDataSource db, CancellationToken ct)
    {
        var customer = await cache.GetOrCreateAsync(
            CustomersCaching.Customer.Key(tenant, id), (db, tenant, id),
            static async ValueTask<CustomerDetails?> (state, ct) =>
            {
                await using var connection = await state.db.OpenConnectionAsync(ct);
                return await QueryAsync(connection, state.tenant, state.id, ct);
            },
            CustomersCaching.Customer.Options, cancellationToken: ct);

        return customer is null ? TypedResults.NotFound() : TypedResults.Ok(customer);
    }

    public static Task<CustomerDetails?> QueryAsync(DbConnection connection, Tenant tenant, long id, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<CustomerDetails>(new CommandDefinition(Sql, new { tenant, id }, cancellationToken: ct));
}
