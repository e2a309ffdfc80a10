using System.Globalization;
using System.Net;
using System.Text;

namespace ECommerce.Features.Invoices.Printing;

/// <summary>Numbers, dates and codes as an Italian reader expects them.</summary>
internal static class ItalianTexts
{
    public const string SplitPayment = "Scissione dei pagamenti art. 17-ter DPR 633/72";

    // The program runs without the data of cultures.
    private static readonly NumberFormatInfo Italian = new()
    {
        NumberDecimalSeparator = ",",
        NumberGroupSeparator = ".",
    };

    private static readonly string[] Methods =
    [
        "contanti", "assegno", "assegno circolare", "contanti presso tesoreria", "bonifico", "vaglia cambiario",
        "bollettino bancario", "carta di pagamento", "RID", "RID utenze", "RID veloce", "RIBA", "MAV",
        "quietanza erario", "giroconto", "domiciliazione bancaria", "domiciliazione postale",
        "bollettino di c/c postale", "SEPA Direct Debit", "SEPA Direct Debit CORE", "SEPA Direct Debit B2B",
        "trattenuta su somme già riscosse", "PagoPA",
    ];

    public static string Kind(string kind) => kind switch
    {
        "TD01" => "Fattura",
        "TD04" => "Nota di credito",
        "TD05" => "Nota di debito",
        _ => $"Documento {kind}",
    };

    public static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    /// <summary>Two decimals, up to eight where the document has them.</summary>
    public static string Amount(decimal amount) => amount.ToString("#,##0.00######", Italian);

    public static string Euro(decimal amount) => $"€ {amount.ToString("N2", Italian)}";

    public static string Quantity(decimal quantity) => quantity.ToString("#,##0.########", Italian);

    public static string Rate(decimal rate, string? nature) => nature ?? $"{rate.ToString("0.##", Italian)} %";

    /// <summary>MP01 to MP23.</summary>
    public static string Method(string code)
    {
        const NumberStyles Digits = NumberStyles.None;
        return code.Length == 4 && int.TryParse(code.AsSpan(2), Digits, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= Methods.Length
                ? Methods[number - 1]
                : code;
    }

    public static string Regime(string code) => code switch
    {
        "RF01" => "ordinario (RF01)",
        "RF19" => "forfettario (RF19)",
        _ => code,
    };

    public static StringBuilder Text(this StringBuilder page, string text) =>
        page.Append(WebUtility.HtmlEncode(text.Trim()));

    public static StringBuilder Cell(this StringBuilder page, string text) =>
        page.Append("<td class=\"n\">").Text(text).Append("</td>");

    public static StringBuilder Line(this StringBuilder page, string name, string value) =>
        page.Append("<p>").Text(name).Append(": ").Text(value).Append("</p>");
}
