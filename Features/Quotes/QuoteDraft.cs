using FluentValidation;

namespace ECommerce.Features.Quotes;

/// <summary>
/// All fields of a quote that a client writes, for creating and for replacing one. Number, date and totals are ours to
/// compute; discounts and shipping are gross amounts. <c>valid_until</c> is the last day on which the offer is good.
/// </summary>
public sealed record QuoteDraft(
    long CustomerId, long? AddressDeliveryId, long? AddressInvoiceId, int? CarrierId, int? LangId, string? Payment,
    decimal TotalDiscounts, decimal TotalShipping, decimal? CarrierTaxRate, bool IsInvoiceRequested, string? Notes,
    int? AssignedTo, DateOnly? ValidUntil, IReadOnlyList<OrderLineDraft> Lines) : ISalesDraft;

internal sealed class QuoteDraftValidator : AbstractValidator<QuoteDraft>
{
    public QuoteDraftValidator() => Include(new SalesDraftValidator());
}

internal static class QuoteDraftRow
{
    /// <summary>Fills the columns that a client gives, but for lines and amounts.</summary>
    public static void WriteTo(this QuoteDraft draft, Quote quote)
    {
        quote.FillFrom(draft);
        quote.ValidUntil = draft.ValidUntil;
    }

    /// <summary>Names <c>valid_until</c> where the offer would have ended before the day of the quote.</summary>
    public static void CheckValidity(this QuoteDraft draft, DateOnly day, Dictionary<string, string[]> invalid)
    {
        if (draft.ValidUntil < day)
            invalid["valid_until"] = [$"It must not be before the day of the quote, {day:yyyy-MM-dd}."];
    }

    public static void AddLines(this Quote quote, IEnumerable<PricedLine> lines) =>
        quote.Lines.AddRange(lines.Select(SalesLines.Row<QuoteLine>));

    /// <summary>Gives a new quote its number and its date.</summary>
    public static void Take(this Quote quote, DocumentNumber number)
    {
        quote.Year = number.Year;
        quote.Number = number.Number;
        quote.Reference = number.Reference;
        quote.LocalDate = number.Day;
        quote.DateAdd = number.Moment;
        quote.DateUpd = number.Moment;
    }
}
