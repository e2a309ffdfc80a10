using System.Data.Common;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Orders;

public sealed class OrderQuery(QueryReader reader) : ListQuery(reader)
{
    public IReadOnlyList<long> StateIds { get; } = reader.Ids("state_ids");

    public long? CustomerId { get; } = reader.Id("customer_id");

    public long? ShopId { get; } = reader.Id("shop_id");

    public bool? IsPaid { get; } = reader.Flag("is_paid");

    public bool? IsInvoiceRequested { get; } = reader.Flag("is_invoice_requested");

    public DateTime? DateFrom { get; } = reader.From("date_from");

    public DateTime? DateTo { get; } = reader.Until("date_to");

    public string? Search { get; } = reader.Text("search");

    public string OrderBy { get; } = reader.Choice("order_by", "id", "id", "date_add");

    public string OrderDirection { get; } = reader.Choice("order_direction", "desc", "asc", "desc");

    public static ValueTask<OrderQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new OrderQuery(reader));
}

internal sealed record OrderSummary(
    long Id, int? ShopId, long? OriginId, long RowVersion, string Reference, long CustomerId, string CustomerFirstname, string CustomerLastname,
    int StateId, string StateName, string? StateColor, string? Payment, decimal TotalPaid, bool IsPaid, bool IsInvoiceRequested, int? AssignedTo,
    int? CreatedBy, DateTime DateAdd, DateTime DateUpd);

internal static class ListOrders
{
    private const string Where = """
        WHERE o.tenant_id = @tenant AND o.deleted_at IS NULL
          AND (@userId IS NULL OR o.created_by = @userId OR o.assigned_to = @userId)
          AND (@anyState OR o.state_id IN @StateIds)
          AND (@CustomerId IS NULL OR o.customer_id = @CustomerId)
          AND (@ShopId IS NULL OR o.shop_id = @ShopId)
          AND (@IsPaid IS NULL OR o.is_paid = @IsPaid)
          AND (@IsInvoiceRequested IS NULL OR o.is_invoice_requested = @IsInvoiceRequested)
          AND (@DateFrom IS NULL OR o.date_add >= @DateFrom)
          AND (@DateTo IS NULL OR o.date_add < @DateTo)
          AND (@search IS NULL OR o.reference LIKE @search OR c.firstname LIKE @search OR c.lastname LIKE @search OR c.email LIKE @search
               OR CONCAT(c.firstname, ' ', c.lastname) LIKE @search)
        """;

    private const string Sql = $$"""
        SELECT COUNT(*)
        FROM orders o
        JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
        {{Where}};

        SELECT o.id, o.shop_id, o.origin_id, o.row_version, o.reference, o.customer_id, c.firstname AS customer_firstname, c.lastname AS customer_lastname,
               o.state_id, s.name AS state_name, s.color AS state_color, o.payment, o.total_paid, o.is_paid, o.is_invoice_requested, o.assigned_to,
               o.created_by, o.date_add, o.date_upd
        FROM orders o
        JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
        JOIN order_states s ON s.tenant_id = o.tenant_id AND s.id = o.state_id
        {{Where}}
        ORDER BY {0}
        LIMIT @Limit OFFSET @Offset
        """;

    public static async Task<Ok<PagedResult<OrderSummary>>> Handle(
        OrderQuery query, Tenant tenant, QueryHash hash, HybridCache cache, DbDataSource db, CancellationToken ct) =>
        TypedResults.Ok(await cache.GetOrCreateAsync(
            OrdersCaching.List.Key(tenant, hash.Compute(query.Canonical)), (db, tenant, query),
            static (state, ct) => QueryAsync(state.db, state.tenant, null, state.query, ct), OrdersCaching.List.Options, cancellationToken: ct));

    /// <summary>The orders of one user, or all of them.</summary>
    public static ValueTask<PagedResult<OrderSummary>> QueryAsync(
        DbDataSource db, Tenant tenant, int? userId, OrderQuery query, CancellationToken ct) =>
        db.PageAsync<OrderSummary>(
            Sql.Ordered("o", query.OrderBy, query.OrderDirection), query,
            new
            {
                tenant,
                userId,
                anyState = query.StateIds.Count == 0,
                query.StateIds,
                query.CustomerId,
                query.ShopId,
                query.IsPaid,
                query.IsInvoiceRequested,
                query.DateFrom,
                query.DateTo,
                search = query.Search.Contained(),
            }, ct);
}
