using System.Text;
using ECommerce.Features.Invoices.Documents;
using static ECommerce.Features.Invoices.Printing.ItalianTexts;

namespace ECommerce.Features.Invoices.Printing;

/// <summary>
/// A document as a page in Italian, to be read and printed. Its stylesheet is part of it and allowed by its hash.
/// </summary>
internal static class InvoicePage
{
    /// <inheritdoc cref="PageStyle.ContentSecurityPolicy"/>
    public static string ContentSecurityPolicy => PageStyle.ContentSecurityPolicy;

    public static string Render(InvoiceDocument document)
    {
        var general = document.General;
        var title = $"{Kind(general.Kind)} n. {general.Number} del {Day(general.Date)}";
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"it\"><head><meta charset=\"utf-8\"><title>").Text(title)
            .Append("</title><meta name=\"viewport\" content=\"width=device-width\"><style>").Append(PageStyle.Css)
            .Append("</style></head><body><h1>").Text(title).Append("</h1>");
        foreach (var invoice in general.Invoices)
            page.Line("Fattura collegata", Reference(invoice));
        foreach (var order in general.Orders)
            page.Line("Ordine", Reference(order));
        foreach (var reason in general.Reasons)
            page.Line("Causale", reason);
        page.Append("<div class=\"parties\">");
        PartySections.Seller(page, document.Seller);
        PartySections.Buyer(page, document.Buyer, document.Transmission);
        page.Append("</div>");
        Lines(page, document.Lines);
        Summaries(page, document.Summaries);
        Totals(page, document);
        Payments(page, document.Payments);
        return page.Append("<p class=\"note\">Copia di cortesia priva di valore fiscale: l'originale è il file XML ")
            .Append("trasmesso al Sistema di Interscambio.</p></body></html>\n").ToString();
    }

    private static void Lines(StringBuilder page, IReadOnlyList<DocumentLine> lines)
    {
        page.Append("<table><thead><tr><th class=\"n\">N.</th><th>Descrizione</th><th class=\"n\">Quantità</th>")
            .Append("<th class=\"n\">Prezzo unitario</th><th class=\"n\">IVA</th><th class=\"n\">Importo</th></tr>")
            .Append("</thead><tbody>");
        foreach (var line in lines)
        {
            page.Append("<tr><td class=\"n\">").Append(line.Number).Append("</td><td>").Text(line.Description);
            foreach (var code in line.Codes)
                page.Append("<br><small>").Text($"{code.Kind}: {code.Value}").Append("</small>");
            page.Append("</td>").Cell($"{Quantity(line.Quantity ?? 1)} {line.Unit}").Cell(Amount(line.UnitPrice))
                .Cell(Rate(line.VatRate, line.Nature)).Cell(Amount(line.Total)).Append("</tr>");
        }
        page.Append("</tbody></table>");
    }

    private static void Summaries(StringBuilder page, IReadOnlyList<VatSummary> summaries)
    {
        page.Append("<table><thead><tr><th>IVA</th><th>Riferimento normativo</th>")
            .Append("<th class=\"n\">Imponibile</th><th class=\"n\">Imposta</th></tr></thead><tbody>");
        foreach (var total in summaries)
        {
            page.Append("<tr><td>").Text(Rate(total.VatRate, total.Nature)).Append("</td><td>")
                .Text(total.Law ?? (total.Collection == "S" ? SplitPayment : "")).Append("</td>")
                .Cell(Amount(total.Taxable)).Cell(Amount(total.Tax)).Append("</tr>");
        }
        page.Append("</tbody></table>");
    }

    private static void Totals(StringBuilder page, InvoiceDocument document)
    {
        var general = document.General;
        page.Append("<dl>");
        page.Sum("Totale imponibile", document.Summaries.Sum(static summary => summary.Taxable));
        page.Sum("Totale IVA", document.Summaries.Sum(static summary => summary.Tax));
        if (general.Rounding is { } rounding)
            page.Sum("Arrotondamento", rounding);
        page.Append("<dt class=\"total\">").Text(general.Kind == DocumentData.CreditNote
                ? "Totale a credito del cliente"
                : "Totale documento")
            .Append("</dt><dd class=\"total\">").Text(Euro(general.Total ?? 0)).Append("</dd>");
        // Paid by the buyer to the state.
        var split = document.Summaries.Where(static summary => summary.Collection == "S").Sum(static sum => sum.Tax);
        if (split != 0)
            page.Sum("Netto a pagare", (general.Total ?? 0) - split);
        page.Append("</dl>");
        if (general.StampDuty is { } stamp)
            page.Line("Imposta di bollo assolta in modo virtuale", Euro(stamp));
    }

    private static void Payments(StringBuilder page, IReadOnlyList<PaymentTerms> payments)
    {
        foreach (var payment in payments.SelectMany(static terms => terms.Details))
        {
            var due = payment.DueDate is { } day ? $", scadenza {Day(day)}" : "";
            var account = payment.Iban is null ? "" : $", IBAN {payment.Iban}";
            page.Line("Pagamento", $"{Method(payment.Method)}, {Euro(payment.Amount)}{due}{account}");
        }
    }

    private static void Sum(this StringBuilder page, string name, decimal amount) =>
        page.Append("<dt>").Text(name).Append("</dt><dd>").Text(Euro(amount)).Append("</dd>");

    private static string Reference(DocumentReference reference) => reference.Date is { } date
        ? $"{reference.Number} del {Day(date)}"
        : reference.Number;
}
