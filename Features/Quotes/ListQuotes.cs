using System.Linq.Expressions;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Quotes;

public sealed class QuoteQuery(QueryReader reader) : ListQuery(reader)
{
    public long? CustomerId { get; } = reader.Id("customer_id");

    public long? AssignedTo { get; } = reader.Id("assigned_to");

    public long? Year { get; } = reader.Id("year");

    public bool? IsConverted { get; } = reader.Flag("is_converted");

    public DayOrMoment? DateFrom { get; } = reader.Bound("date_from");

    /// <summary>A day is included, a moment is not.</summary>
    public DayOrMoment? DateTo { get; } = reader.Bound("date_to");

    /// <summary>A part of the reference, as <c>15/2026</c>, or of the customer's names, company or e-mail.</summary>
    public string? Search { get; } = reader.Text("search");

    public string OrderBy { get; } = reader.Choice("order_by", "id", "id", "date_add", "total_paid");

    public string OrderDirection { get; } = reader.Choice("order_direction", "desc", "asc", "desc");

    public static ValueTask<QuoteQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new QuoteQuery(reader));
}

internal sealed record QuoteSummary(
    long Id, long RowVersion, string Reference, int Year, int Number, DateOnly LocalDate, DateOnly? ValidUntil,
    long CustomerId, string CustomerFirstname, string CustomerLastname, string? CustomerCompany, string Currency,
    decimal TotalPaid, decimal TotalPaidTaxExcl, long? OrderId, int? AssignedTo, int? CreatedBy, DateTime DateAdd,
    DateTime DateUpd);

internal static class ListQuotes
{
    private static readonly Expression<Func<Quote, QuoteSummary>> Summary = q => new QuoteSummary(
        q.Id, q.RowVersion, q.Reference, q.Year, q.Number, q.LocalDate, q.ValidUntil, q.CustomerId,
        q.Customer.Firstname, q.Customer.Lastname, q.Customer.Company, q.Currency, q.TotalPaid, q.TotalPaidTaxExcl,
        q.OrderId, q.AssignedTo, q.CreatedBy, q.DateAdd, q.DateUpd);

    public static async Task<Ok<PagedResult<QuoteSummary>>> Handle(
        QuoteQuery query, Tenant tenant, QueryHash hash, HybridCache cache, TenantDbContexts contexts,
        CancellationToken ct) =>
        TypedResults.Ok(await cache.GetOrCreateAsync(
            QuotesCaching.List.Key(tenant, hash.Compute(query.Canonical)), (contexts, tenant, query),
            static async (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await db.PageAsync(
                    db.Quotes.Matching(state.query, db), state.query, rows => rows.Ordered(state.query), Summary, ct);
            },
            QuotesCaching.List.Options, cancellationToken: ct));

    private static IQueryable<Quote> Matching(
        this IQueryable<Quote> quotes, QuoteQuery query, ECommerceDbContext db)
    {
        if (query.CustomerId is { } customer)
            quotes = quotes.Where(q => q.CustomerId == customer);
        if (query.AssignedTo is { } user)
            quotes = quotes.Where(q => q.AssignedTo == user);
        if (query.Year is { } year)
        {
            // As wide as the column: a wider type would make the server cast the column and use no index.
            var asColumn = (int)Math.Min(year, int.MaxValue);
            quotes = quotes.Where(q => q.Year == asColumn);
        }
        if (query.IsConverted is { } converted)
            quotes = quotes.Where(q => q.OrderId != null == converted);
        if (query.DateFrom is { } from)
        {
            quotes = from.Day is { } first
                ? quotes.Where(q => q.LocalDate >= first)
                : quotes.Where(q => q.DateAdd >= from.Moment);
        }
        if (query.DateTo is { } to)
        {
            quotes = to.Day is { } last
                ? quotes.Where(q => q.LocalDate <= last)
                : quotes.Where(q => q.DateAdd < to.Moment);
        }
        if (query.Search is { } text)
        {
            // Customers are compared once each, and not once for each of their quotes.
            var customers = db.Rows<Customer>().Where(c =>
                c.Firstname.Contains(text) || c.Lastname.Contains(text) || c.Email.Contains(text)
                || c.Company!.Contains(text) || (c.Firstname + " " + c.Lastname).Contains(text)).Select(c => c.Id);
            quotes = quotes.Where(q => q.Reference.Contains(text) || customers.Contains(q.CustomerId));
        }
        return quotes;
    }

    private static IQueryable<Quote> Ordered(this IQueryable<Quote> quotes, QuoteQuery query) =>
        query.OrderBy switch
        {
            "date_add" => quotes.By(q => q.DateAdd, query.OrderDirection),
            "total_paid" => quotes.By(q => q.TotalPaid, query.OrderDirection),
            _ => quotes.By(q => q.Id, query.OrderDirection),
        };
}
