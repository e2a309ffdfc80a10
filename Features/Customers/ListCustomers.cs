using System.Linq.Expressions;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
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
    long Id, int? ShopId, long? OriginId, long RowVersion, string Firstname, string Lastname, string Email,
    string? Company, bool IsGuest, bool Active,
    DateTime DateAdd, DateTime DateUpd);

internal static class ListCustomers
{
    private static readonly Expression<Func<Customer, CustomerSummary>> Summary = c => new CustomerSummary(
        c.Id, c.ShopId, c.OriginId, c.RowVersion, c.Firstname, c.Lastname, c.Email, c.Company, c.IsGuest, c.Active,
        c.DateAdd, c.DateUpd);

    public static async Task<Ok<PagedResult<CustomerSummary>>> Handle(
        CustomerQuery query, Tenant tenant, QueryHash hash, HybridCache cache, TenantDbContexts contexts,
        CancellationToken ct) =>
        TypedResults.Ok(await cache.GetOrCreateAsync(
            CustomersCaching.List.Key(tenant, hash.Compute(query.Canonical)), (contexts, tenant, query),
            static async (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await db.PageAsync(
                    db.Customers.Matching(state.query), state.query, rows => rows.Ordered(state.query), Summary, ct);
            },
            CustomersCaching.List.Options, cancellationToken: ct));

    private static IQueryable<Customer> Matching(this IQueryable<Customer> customers, CustomerQuery query)
    {
        if (query.Email is { } email)
            customers = customers.Where(c => c.Email == email);
        if (query.ShopId is { } shop)
            customers = customers.Where(c => c.ShopId == shop);
        if (query.Active is { } active)
            customers = customers.Where(c => c.Active == active);
        if (query.Search is { } text)
        {
            customers = customers.Where(c =>
                c.Firstname.Contains(text) || c.Lastname.Contains(text) || c.Email.Contains(text)
                    || c.Company!.Contains(text) ||
                (c.Firstname + " " + c.Lastname).Contains(text));
        }
        return customers;
    }

    private static IQueryable<Customer> Ordered(this IQueryable<Customer> customers, CustomerQuery query) =>
        query.OrderBy switch
        {
            "lastname" => customers.By(c => c.Lastname, query.OrderDirection),
            "email" => customers.By(c => c.Email, query.OrderDirection),
            "date_add" => customers.By(c => c.DateAdd, query.OrderDirection),
            _ => customers.By(c => c.Id, query.OrderDirection),
        };
}
