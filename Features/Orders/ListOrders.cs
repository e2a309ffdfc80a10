using System.Linq.Expressions;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
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

    public DayOrMoment? DateFrom { get; } = reader.Bound("date_from");

    /// <summary>A day is included, a moment is not.</summary>
    public DayOrMoment? DateTo { get; } = reader.Bound("date_to");

    public string? Search { get; } = reader.Text("search");

    public string OrderBy { get; } = reader.Choice("order_by", "id", "id", "date_add");

    public string OrderDirection { get; } = reader.Choice("order_direction", "desc", "asc", "desc");

    public static ValueTask<OrderQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new OrderQuery(reader));
}

internal sealed record OrderSummary(
    long Id, int? ShopId, long? OriginId, long RowVersion, string Reference, long CustomerId, string CustomerFirstname,
    string CustomerLastname,
    int StateId, string StateName, string? StateColor, string? Payment, decimal TotalPaid, bool IsPaid,
    bool IsInvoiceRequested, int? AssignedTo,
    int? CreatedBy, DateTime DateAdd, DateTime DateUpd, string Currency, bool Valid, DateOnly? LocalDate,
    bool NeedsSync);

internal static class ListOrders
{
    private static readonly Expression<Func<Order, OrderSummary>> Summary = o => new OrderSummary(
        o.Id, o.ShopId, o.OriginId, o.RowVersion, o.Reference, o.CustomerId, o.Customer.Firstname, o.Customer.Lastname,
        o.StateId,
        o.State.Name, o.State.Color, o.Payment, o.TotalPaid, o.IsPaid, o.IsInvoiceRequested, o.AssignedTo, o.CreatedBy,
        o.DateAdd, o.DateUpd, o.Currency, o.Valid, o.LocalDate, o.NeedsSync);

    public static async Task<Ok<PagedResult<OrderSummary>>> Handle(
        OrderQuery query, Tenant tenant, QueryHash hash, HybridCache cache, TenantDbContexts contexts,
        CancellationToken ct) =>
        TypedResults.Ok(await cache.GetOrCreateAsync(
            OrdersCaching.List.Key(tenant, hash.Compute(query.Canonical)), (contexts, tenant, query),
            static (state, ct) =>
                QueryAsync(state.contexts, state.tenant, null, state.query, ct), OrdersCaching.List.Options,
                cancellationToken: ct));

    /// <summary>The orders of one user, or all of them.</summary>
    public static async ValueTask<PagedResult<OrderSummary>> QueryAsync(
        TenantDbContexts contexts, Tenant tenant, int? userId, OrderQuery query, CancellationToken ct)
    {
        await using var db = contexts.ForReading(tenant);
        var orders = userId is { } user ? db.Orders.Where(o => o.CreatedBy == user || o.AssignedTo == user) : db.Orders;
        return await db.PageAsync(orders.Matching(query, db), query, rows => rows.Ordered(query), Summary, ct);
    }

    private static IQueryable<Order> Matching(
        this IQueryable<Order> orders, OrderQuery query, ECommerceDbContext db)
    {
        if (query.StateIds.Count > 0)
        {
            // As wide as the column: a wider type would make the server cast the column and use no index.
            var states = query.StateIds.Where(id => id <= int.MaxValue).Select(id => (int)id).ToArray();
            orders = orders.Where(o => states.Contains(o.StateId));
        }
        if (query.CustomerId is { } customer)
            orders = orders.Where(o => o.CustomerId == customer);
        if (query.ShopId is { } shop)
            orders = orders.Where(o => o.ShopId == shop);
        if (query.IsPaid is { } paid)
            orders = orders.Where(o => o.IsPaid == paid);
        if (query.IsInvoiceRequested is { } invoice)
            orders = orders.Where(o => o.IsInvoiceRequested == invoice);
        if (query.DateFrom is { } from)
        {
            orders = from.Day is { } first
                ? orders.Where(o => o.LocalDate >= first)
                : orders.Where(o => o.DateAdd >= from.Moment);
        }
        if (query.DateTo is { } to)
        {
            orders = to.Day is { } last
                ? orders.Where(o => o.LocalDate <= last)
                : orders.Where(o => o.DateAdd < to.Moment);
        }
        if (query.Search is { } text)
        {
            // Customers are compared once each, and not once for each of their orders; also the deleted ones.
            var customers = db.Rows<Customer>().Where(c =>
                c.Firstname.Contains(text) || c.Lastname.Contains(text) || c.Email.Contains(text)
                    || (c.Firstname + " " + c.Lastname).Contains(text)).Select(c => c.Id);
            orders = orders.Where(o => o.Reference.Contains(text) || customers.Contains(o.CustomerId));
        }
        return orders;
    }

    private static IQueryable<Order> Ordered(this IQueryable<Order> orders, OrderQuery query) =>
        query.OrderBy == "date_add"
            ? orders.By(o => o.DateAdd, query.OrderDirection)
            : orders.By(o => o.Id, query.OrderDirection);
}
