using System.Linq.Expressions;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities.Invoices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Invoices;

public sealed class InvoiceQuery(QueryReader reader) : ListQuery(reader)
{
    private const string Any = "any";

    public long? CustomerId { get; } = reader.Id("customer_id");

    public long? OrderId { get; } = reader.Id("order_id");

    public long? Year { get; } = reader.Id("year");

    /// <summary>TD01 invoices, TD04 credit notes.</summary>
    public string DocumentType { get; } = reader.Choice(
        "document_type", Any, Any, Invoice.InvoiceType, Invoice.CreditNoteType);

    public string State { get; } = reader.Choice(
        "state", Any, Any, "pending", "generated", "sent", "rejected", "undeliverable", "delivered");

    public DayOrMoment? DateFrom { get; } = reader.Bound("date_from");

    /// <summary>A day is included, a moment is not.</summary>
    public DayOrMoment? DateTo { get; } = reader.Bound("date_to");

    /// <summary>A part of the number, as <c>15/2026</c>, or of the buyer's name or numbers.</summary>
    public string? Search { get; } = reader.Text("search");

    public string OrderBy { get; } = reader.Choice("order_by", "id", "id", "date_add", "total");

    public string OrderDirection { get; } = reader.Choice("order_direction", "desc", "asc", "desc");

    internal bool HasType => DocumentType != Any;

    internal bool HasState => State != Any;

    public static ValueTask<InvoiceQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new InvoiceQuery(reader));
}

internal sealed record InvoiceSummary(
    long Id, long RowVersion, string DocumentType, string Reference, int Year, int Number, DateOnly LocalDate,
    string State, string? SdiId, long OrderId, long CustomerId, long? InvoiceId, string BuyerName,
    string? BuyerVatNumber, string? BuyerTaxCode, string Currency, decimal TotalTaxable, decimal TotalTax,
    decimal Total, DateTime DateAdd, DateTime DateUpd);

internal static class ListInvoices
{
    private static readonly Expression<Func<Invoice, InvoiceSummary>> Summary = i => new InvoiceSummary(
        i.Id, i.RowVersion, i.DocumentType, i.Reference, i.Year, i.Number, i.LocalDate, i.State, i.SdiId, i.OrderId,
        i.CustomerId, i.InvoiceId, i.BuyerName, i.BuyerVatNumber, i.BuyerTaxCode, i.Currency, i.TotalTaxable,
        i.TotalTax, i.Total, i.DateAdd, i.DateUpd);

    public static async Task<Ok<PagedResult<InvoiceSummary>>> Handle(
        InvoiceQuery query, Tenant tenant, QueryHash hash, HybridCache cache, TenantDbContexts contexts,
        CancellationToken ct) =>
        TypedResults.Ok(await cache.GetOrCreateAsync(
            InvoicesCaching.List.Key(tenant, hash.Compute(query.Canonical)), (contexts, tenant, query),
            static async (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await db.PageAsync(
                    db.Invoices.Matching(state.query), state.query, rows => rows.Ordered(state.query), Summary, ct);
            },
            InvoicesCaching.List.Options, cancellationToken: ct));

    private static IQueryable<Invoice> Matching(this IQueryable<Invoice> invoices, InvoiceQuery query)
    {
        if (query.CustomerId is { } customer)
            invoices = invoices.Where(i => i.CustomerId == customer);
        if (query.OrderId is { } order)
            invoices = invoices.Where(i => i.OrderId == order);
        if (query.Year is { } year)
        {
            // As wide as the column: a wider type would make the server cast the column and use no index.
            var asColumn = (int)Math.Min(year, int.MaxValue);
            invoices = invoices.Where(i => i.Year == asColumn);
        }
        if (query.HasType)
            invoices = invoices.Where(i => i.DocumentType == query.DocumentType);
        if (query.HasState)
            invoices = invoices.Where(i => i.State == query.State);
        if (query.DateFrom is { } from)
        {
            invoices = from.Day is { } first
                ? invoices.Where(i => i.LocalDate >= first)
                : invoices.Where(i => i.DateAdd >= from.Moment);
        }
        if (query.DateTo is { } to)
        {
            invoices = to.Day is { } last
                ? invoices.Where(i => i.LocalDate <= last)
                : invoices.Where(i => i.DateAdd < to.Moment);
        }
        if (query.Search is { } text)
        {
            invoices = invoices.Where(i => i.Reference.Contains(text) || i.BuyerName.Contains(text)
                || i.BuyerVatNumber!.Contains(text) || i.BuyerTaxCode!.Contains(text));
        }
        return invoices;
    }

    private static IQueryable<Invoice> Ordered(this IQueryable<Invoice> invoices, InvoiceQuery query) =>
        query.OrderBy switch
        {
            "date_add" => invoices.By(i => i.DateAdd, query.OrderDirection),
            "total" => invoices.By(i => i.Total, query.OrderDirection),
            _ => invoices.By(i => i.Id, query.OrderDirection),
        };
}
