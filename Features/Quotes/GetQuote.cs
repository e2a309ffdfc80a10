using System.Linq.Expressions;
using ECommerce.Caching;
using ECommerce.Caching.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Quotes;

internal sealed record QuoteDetails(
    long Id, long RowVersion, string Reference, int Year, int Number, DateOnly LocalDate, DateOnly? ValidUntil,
    long CustomerId, long? AddressDeliveryId, long? AddressInvoiceId, int? CarrierId, int? LangId, string? Payment,
    string Currency, decimal CarrierTaxRate, decimal TotalProducts, decimal TotalProductsWt, decimal TotalDiscounts,
    decimal TotalDiscountsTaxExcl, decimal TotalShipping, decimal TotalShippingTaxExcl, decimal TotalPaid,
    decimal TotalPaidTaxExcl, bool IsInvoiceRequested, string? Notes, int? AssignedTo, int? CreatedBy, long? OrderId,
    DateTime? ConvertedAt, int? ConvertedBy, DateTime DateAdd, DateTime DateUpd) : IVersioned
{
    /// <summary>What is paid by rate of VAT: discounts are taken off, shipping is added.</summary>
    public IReadOnlyList<VatTotal> VatTotals { get; init; } = [];

    public OrderCustomer? Customer { get; init; }

    public OrderAddress? AddressDelivery { get; init; }

    public OrderAddress? AddressInvoice { get; init; }

    public IReadOnlyList<QuoteLineDetails> Lines { get; init; } = [];
}

internal sealed record QuoteLineDetails(
    long Id, long? ProductId, string ProductName, string? ProductReference, int ProductQuantity,
    decimal UnitPriceTaxExcl, decimal UnitPriceTaxIncl, decimal VatRate, decimal ReductionPercent,
    decimal TotalPriceTaxExcl, decimal TotalPriceTaxIncl);

internal static class GetQuote
{
    private static readonly Expression<Func<Quote, QuoteDetails>> Details = q => new QuoteDetails(
        q.Id, q.RowVersion, q.Reference, q.Year, q.Number, q.LocalDate, q.ValidUntil, q.CustomerId,
        q.AddressDeliveryId, q.AddressInvoiceId, q.CarrierId, q.LangId, q.Payment, q.Currency, q.CarrierTaxRate,
        q.TotalProducts, q.TotalProductsWt, q.TotalDiscounts, q.TotalDiscountsTaxExcl, q.TotalShipping,
        q.TotalShippingTaxExcl, q.TotalPaid, q.TotalPaidTaxExcl, q.IsInvoiceRequested, q.Notes, q.AssignedTo,
        q.CreatedBy, q.OrderId, q.ConvertedAt, q.ConvertedBy, q.DateAdd, q.DateUpd)
    {
        Customer = new OrderCustomer(
            q.Customer.Id, q.Customer.Firstname, q.Customer.Lastname, q.Customer.Email, q.Customer.Company),
        AddressDelivery = q.AddressDelivery == null ? null : new OrderAddress(
            q.AddressDelivery.Id, q.AddressDelivery.Company, q.AddressDelivery.Firstname, q.AddressDelivery.Lastname,
            q.AddressDelivery.VatNumber, q.AddressDelivery.Dni, q.AddressDelivery.Address1, q.AddressDelivery.Address2,
            q.AddressDelivery.Postcode, q.AddressDelivery.City, q.AddressDelivery.State, q.AddressDelivery.CountryId,
            q.AddressDelivery.Country!.Name, q.AddressDelivery.Country!.IsoCode, q.AddressDelivery.Phone,
            q.AddressDelivery.PhoneMobile, q.AddressDelivery.Pec, q.AddressDelivery.Sdi),
        AddressInvoice = q.AddressInvoice == null ? null : new OrderAddress(
            q.AddressInvoice.Id, q.AddressInvoice.Company, q.AddressInvoice.Firstname, q.AddressInvoice.Lastname,
            q.AddressInvoice.VatNumber, q.AddressInvoice.Dni, q.AddressInvoice.Address1, q.AddressInvoice.Address2,
            q.AddressInvoice.Postcode, q.AddressInvoice.City, q.AddressInvoice.State, q.AddressInvoice.CountryId,
            q.AddressInvoice.Country!.Name, q.AddressInvoice.Country!.IsoCode, q.AddressInvoice.Phone,
            q.AddressInvoice.PhoneMobile, q.AddressInvoice.Pec, q.AddressInvoice.Sdi),
        Lines = q.Lines.OrderBy(line => line.Id).Select(line => new QuoteLineDetails(
            line.Id, line.ProductId, line.ProductName, line.ProductReference, line.ProductQuantity,
            line.UnitPriceTaxExcl, line.UnitPriceTaxIncl, line.VatRate, line.ReductionPercent, line.TotalPriceTaxExcl,
            line.TotalPriceTaxIncl)).ToList(),
    };

    private static readonly Func<ECommerceDbContext, long, CancellationToken, Task<QuoteDetails?>> ById =
        CompiledReads.ById(Details);

    public static async Task<Results<Ok<QuoteDetails>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var quote = await cache.GetOrCreateAsync(
            QuotesCaching.Quote.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<QuoteDetails?> (state, entry, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                var found = await QueryAsync(db, state.id, ct);
                foreach (var tag in found.DependencyTags(state.tenant))
                    entry.DependsOn(tag);
                return found;
            },
            QuotesCaching.Quote, ct);

        return quote is null ? TypedResults.NotFound() : TypedResults.Ok(quote);
    }

    public static async Task<QuoteDetails?> QueryAsync(ECommerceDbContext db, long id, CancellationToken ct) =>
        await ById(db, id, ct) is { } quote ? quote with { VatTotals = VatTotalsOf(quote) } : null;

    private static IReadOnlyList<VatTotal> VatTotalsOf(QuoteDetails quote) => VatTotal.Calculate(
        quote.Lines.Select(line => (line.VatRate, line.TotalPriceTaxExcl, line.TotalPriceTaxIncl)),
        new OrderTotals(
            quote.TotalProducts, quote.TotalProductsWt, quote.TotalDiscounts, quote.TotalDiscountsTaxExcl,
            quote.TotalShipping, quote.TotalShippingTaxExcl, quote.TotalPaid, quote.TotalPaidTaxExcl),
        quote.CarrierTaxRate);

    private static IEnumerable<string> DependencyTags(this QuoteDetails? quote, Tenant tenant)
    {
        if (quote is null)
            yield break;
        yield return Tags.Customer(tenant, quote.CustomerId);
        yield return Tags.Countries(tenant);
        foreach (var address in new[] { quote.AddressDeliveryId, quote.AddressInvoiceId }.OfType<long>().Distinct())
            yield return Tags.Address(tenant, address);
    }
}
