using System.Data.Common;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Customers;

public sealed class CustomerQuery(QueryReader reader) : ListQuery(reader)
{
    public string? Search { get; } = reader.Text("search");

    public string? Email { get; } = reader.Text("email");

    public long? ShopId { get; } = reader.Id("shop_id");

    public bool? Active { get; } = reader.Flag("active");

    public string OrderBy { get; } = reader.Choice("order_by", "id", "id", "lastname", "email", "date_add");

    public string OrderDirection { get; } = reader.Choice("order_direction", "desc", "asc", "desc");

    public static ValueTask<CustomerQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new CustomerQuery(reader));
}

internal sealed record CustomerSummary(
    long Id, int? ShopId, long? OriginId, long RowVersion, string Firstname, string Lastname, string Email, string? Company, bool IsGuest, bool Active,
    DateTime DateAdd, DateTime DateUpd);

internal static class ListCustomers
{
    private const string Where = """
        WHERE c.tenant_id = @tenant AND c.deleted_at IS NULL
          AND (@search IS NULL OR c.firstname LIKE @search OR c.lastname LIKE @search OR c.email LIKE @search OR c.company LIKE @search
               OR CONCAT(c.firstname, ' ', c.lastname) LIKE @search)
          AND (@Email IS NULL OR c.email = @Email)
          AND (@ShopId IS NULL OR c.shop_id = @ShopId)
          AND (@Active IS NULL OR c.active = @Active)
        """;

    private const string Sql = $$"""
        SELECT COUNT(*) FROM customers c {{Where}};

        SELECT c.id, c.shop_id, c.origin_id, c.row_version, c.firstname, c.lastname, c.email, c.company, c.is_guest, c.active, c.date_add, c.date_upd
        FROM customers c
        {{Where}}
        ORDER BY {0}
        LIMIT @Limit OFFSET @Offset
        """;

    public static async Task<Ok<PagedResult<CustomerSummary>>> Handle(
        CustomerQuery query, Tenant tenant, QueryHash hash, HybridCache cache, DbDataSource db, CancellationToken ct) =>
        TypedResults.Ok(await cache.GetOrCreateAsync(
            CustomersCaching.List.Key(tenant, hash.Compute(query.Canonical)), (db, tenant, query),
            static (state, ct) => QueryAsync(state.db, state.tenant, state.query, ct), CustomersCaching.List.Options, cancellationToken: ct));

    private static ValueTask<PagedResult<CustomerSummary>> QueryAsync(
        DbDataSource db, Tenant tenant, CustomerQuery query, CancellationToken ct) =>
        db.PageAsync<CustomerSummary>(
            Sql.Ordered("c", query.OrderBy, query.OrderDirection), query,
            new { tenant, search = query.Search.Contained(), query.Email, query.ShopId, query.Active }, ct);
}
