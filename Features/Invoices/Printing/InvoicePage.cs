using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Printing;

/// <summary>
/// A document as a page in Italian, to be read and printed. Its stylesheet is part of it and allowed by its hash.
/// </summary>
internal static class InvoicePage
{
    private const string Style = """
        body{font:14px/1.4 system-ui,sans-serif;color:#111;max-width:60rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1rem;margin:1.5rem 0 .3rem}
        .parties{display:flex;flex-wrap:wrap;gap:2rem}.parties section{flex:1 1 18rem}p{margin:.1rem 0}
        table{border-collapse:collapse;width:100%;margin-top:1rem}caption{text-align:left;font-weight:600}
        th,td{padding:.3rem .5rem;border-bottom:1px solid #bbb;text-align:left;vertical-align:top}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .total{font-size:1.2rem;font-weight:600;text-align:right;margin-top:1rem}
        @media print{body{margin:0;max-width:none;font-size:11px}thead{display:table-header-group}
        tr{break-inside:avoid}}
        """;

    // The program runs without the data of cultures.
    private static readonly NumberFormatInfo Italian = new()
    {
        NumberDecimalSeparator = ",",
        NumberGroupSeparator = ".",
    };

    /// <summary>Nothing is loaded and nothing runs; only the page's own stylesheet applies.</summary>
    public static string ContentSecurityPolicy { get; } =
        "default-src 'none'; style-src 'sha256-"
        + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))
        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Render(InvoiceDocument document)
    {
        var general = document.General;
        var kind = general.Kind == DocumentData.CreditNote ? "Nota di credito" : "Fattura";
        var title = $"{kind} {general.Number}";
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"it\"><head><meta charset=\"utf-8\"><title>").Text(title)
            .Append("</title><meta name=\"viewport\" content=\"width=device-width\"><style>").Append(Style)
            .Append("</style></head><body><h1>").Text(title).Append("</h1>")
            .Line("Data", general.Date.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture));
        foreach (var invoice in general.Invoices)
            page.Line("Fattura collegata", Reference(invoice));
        foreach (var order in general.Orders)
            page.Line("Ordine", Reference(order));
        foreach (var reason in general.Reasons)
            page.Line("Causale", reason);
        page.Append("<div class=\"parties\">");
        Party(page, "Cedente", document.Seller.Name, document.Seller.Address, document.Seller.VatNumber,
            document.Seller.TaxCode);
        Party(page, "Cessionario", document.Buyer.Name, document.Buyer.Address, document.Buyer.VatNumber,
            document.Buyer.TaxCode);
        page.Append("</div>");
        Lines(page, document.Lines);
        Totals(page, document);
        return page.Append("<p>Copia senza valore fiscale: il documento valido è il file XML trasmesso al Sistema di "
            + "Interscambio.</p></body></html>\n").ToString();
    }

    private static void Party(
        StringBuilder page, string role, PartyName name, PostalAddress address, TaxNumber? vat, string? taxCode)
    {
        page.Append("<section><h2>").Text(role).Append("</h2><p>")
            .Text(name.Company ?? $"{name.Firstname} {name.Lastname}").Append("</p><p>")
            .Text($"{address.Street} {address.HouseNumber}").Append("</p><p>")
            .Text($"{address.Postcode} {address.City} {address.Province} {address.Country}").Append("</p>");
        if (vat is not null)
            page.Line("Partita IVA", $"{vat.Country}{vat.Code}");
        if (taxCode is not null)
            page.Line("Codice fiscale", taxCode);
        page.Append("</section>");
    }

    private static void Lines(StringBuilder page, IReadOnlyList<DocumentLine> lines)
    {
        page.Append("<table><caption>Righe</caption><thead><tr><th>N.</th><th>Descrizione</th><th class=\"n\">")
            .Append("Quantità</th><th class=\"n\">Prezzo</th><th class=\"n\">IVA</th><th class=\"n\">Totale</th></tr>")
            .Append("</thead><tbody>");
        foreach (var line in lines)
        {
            page.Append("<tr><td>").Append(line.Number).Append("</td><td>").Text(line.Description).Append("</td>")
                .Cell(line.Quantity?.ToString("0.##", Italian) ?? "1").Cell(Price(line.UnitPrice))
                .Cell(Rate(line.VatRate, line.Nature)).Cell(Price(line.Total)).Append("</tr>");
        }
        page.Append("</tbody></table>");
    }

    private static void Totals(StringBuilder page, InvoiceDocument document)
    {
        page.Append("<table><caption>Riepilogo IVA</caption><thead><tr><th class=\"n\">IVA</th>")
            .Append("<th>Riferimento</th><th class=\"n\">Imponibile</th><th class=\"n\">Imposta</th></tr>")
            .Append("</thead><tbody>");
        foreach (var total in document.Summaries)
        {
            page.Append("<tr>").Cell(Rate(total.VatRate, total.Nature)).Append("<td>").Text(total.Law ?? "")
                .Append("</td>").Cell(Amount(total.Taxable)).Cell(Amount(total.Tax)).Append("</tr>");
        }
        page.Append("</tbody></table>");
        if (document.General.StampDuty is { } stamp)
            page.Line("Bollo assolto in modo virtuale", $"€ {Amount(stamp)}");
        foreach (var payment in document.Payments.SelectMany(static terms => terms.Details))
            page.Line("Pagamento", $"{payment.Method} € {Amount(payment.Amount)} {payment.Iban}".TrimEnd());
        if (document.General.Rounding is { } rounding)
            page.Line("Arrotondamento", $"€ {Amount(rounding)}");
        page.Append("<p class=\"total\">Totale € ").Text(Amount(document.General.Total ?? 0)).Append("</p>");
    }

    private static string Reference(DocumentReference reference) => reference.Date is { } date
        ? $"{reference.Number} del {date.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)}"
        : reference.Number;

    private static string Amount(decimal amount) => amount.ToString("N2", Italian);

    private static string Price(decimal price) => price.ToString("#,##0.00######", Italian);

    private static string Rate(decimal rate, string? nature) => nature ?? $"{rate.ToString("0.##", Italian)} %";

    private static StringBuilder Text(this StringBuilder page, string text) =>
        page.Append(WebUtility.HtmlEncode(text.Trim()));

    private static StringBuilder Cell(this StringBuilder page, string text) =>
        page.Append("<td class=\"n\">").Text(text).Append("</td>");

    private static StringBuilder Line(this StringBuilder page, string name, string value) =>
        page.Append("<p>").Text(name).Append(": ").Text(value).Append("</p>");
}
