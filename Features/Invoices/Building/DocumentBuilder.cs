using ECommerce.Features.Invoices.Characters;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Parties;
using ECommerce.Features.Invoices.Pricing;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Building;

/// <summary>Makes the document of a request, whatever its faults: the validator finds them.</summary>
internal static class DocumentBuilder
{
    private const int NumberLength = 20;
    private const int ReasonLength = 200;

    /// <param name="totals">What the document comes to.</param>
    /// <param name="request">What it is made from.</param>
    public static InvoiceDocument Build(InvoiceRequest request, out DocumentTotals totals)
    {
        var (settings, buyer) = (request.Settings, request.Buyer);
        var identity = BuyerIdentity.From(buyer);
        var country = Countries.Code(buyer.DeliveryCountry ?? buyer.Address.Country);
        var order = request.Order.InEuro();
        var items = OrderItems.From(order, settings, new Taxations(settings, identity, country));
        if (request.Credits is { } credits)
            items = CreditItems.From(items, credits.Refund);
        // A part of an order that is taken back does not take back its stamp.
        var chargesStamp = settings.StampDuty.ChargeBuyer && request.Credits?.Refund is null;
        totals = DocumentTotals.Calculate(items, settings, country, chargesStamp);

        var seller = InvoiceParties.Seller(settings.Seller);
        var addressing = BuyerAddressing.From(buyer, identity);
        return new InvoiceDocument(
            new Transmission(InvoiceParties.Sender(settings, seller), request.Progressive, addressing.Code)
            {
                Pec = addressing.Pec,
            },
            seller, InvoiceParties.Buyer(buyer, identity), General(request, totals),
            DocumentLines.From(totals, settings.UnitOfMeasure, country), Summaries(request, totals))
        {
            Payments = DocumentPayments.From(request, order, Payable(request, totals)),
        };
    }

    private static DocumentData General(InvoiceRequest request, DocumentTotals totals)
    {
        InvoiceReference?[] related = [request.Credits?.Invoice, request.Replaces];
        return new DocumentData(
            request.Credits is null ? DocumentData.Invoice : DocumentData.CreditNote, InvoiceCurrency.Euro,
            request.Date, FieldText.Ascii(request.Number, NumberLength) ?? "")
        {
            StampDuty = totals.HasStampDuty ? StampDutySettings.Amount : null,
            Total = totals.Expected,
            Rounding = totals.Rounding == 0 ? null : totals.Rounding,
            Reasons = [.. Reasons(request.Note)],
            Orders = FieldText.Ascii(request.Order.Reference, NumberLength) is { } reference
                ? [new DocumentReference(reference, request.Order.Date)]
                : [],
            Invoices =
            [
                .. related.OfType<InvoiceReference>().Select(static invoice => new DocumentReference(
                    FieldText.Ascii(invoice.Number, NumberLength) ?? "", invoice.Date)),
            ],
        };
    }

    // A long note is several elements.
    private static IEnumerable<string> Reasons(string? note) =>
        Transliteration.ToLatin1(note).Chunk(ReasonLength)
            .Select(static part => new string(part).Trim()).Where(static part => part.Length > 0);

    private static IReadOnlyList<VatSummary> Summaries(InvoiceRequest request, DocumentTotals totals) =>
    [
        .. totals.Summaries.Select(summary => summary with
        {
            Collection = summary.Nature is not null ? null : request.SplitPayment ? "S" : "I",
            Law = NatureLaws.Of(summary.Nature, request.Settings.Seller.TaxRegime),
        }),
    ];

    private static decimal Payable(InvoiceRequest request, DocumentTotals totals) => request.SplitPayment
        ? totals.Summaries.Sum(static summary => summary.Taxable)
        : totals.Expected;
}
