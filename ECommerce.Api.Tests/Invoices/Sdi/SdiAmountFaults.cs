using System.Globalization;
using System.Xml.Linq;
using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Api.Tests.Invoices.Validation;
using static ECommerce.Api.Tests.Invoices.Sdi.SdiFaults;

namespace ECommerce.Api.Tests.Invoices.Sdi;

/// <summary>Faults of rates, natures and sums.</summary>
internal static class SdiAmountFaults
{
    private static readonly string[] Six = ["SC1.00", "SC2.00", "SC1.80", "SC2.00", "SC0.50", "SC8.06"];

    public static IEnumerable<SdiFault> All() => [.. Natures(), .. Rates(), .. Sums(), .. Lines()];

    /// <summary>At the limits of the tolerances, and on the right side of them.</summary>
    public static IEnumerable<SdiFault> Accepted()
    {
        foreach (var (tax, name) in new[] { ("22.01", "over"), ("21.99", "under") })
        {
            yield return Of("00421", $"tax one cent {name}", "", i =>
                Total(i, "100.00", tax), Bases.Line("1.00", "100.00", "100.00"));
        }
        yield return Of("00422", "base 0.99 over", "", i =>
            Total(i, "100.99", "22.22"), Bases.Line("1.00", "100.00", "100.00"));
        yield return Of("00422", "base 0.99 under", "", i =>
            Total(i, "99.01", "21.78"), Bases.Line("1.00", "100.00", "100.00"));
        yield return Of("00422", "rounding of the summary", "", i =>
        {
            i.Summary.Element("ImponibileImporto")!.AddBeforeSelf(new XElement("Arrotondamento", "0.50"));
            Total(i, "101.49", "22.33");
        }, Bases.Line("1.00", "100.00", "100.00"));
        foreach (var (quantity, price, total, discounts) in RightLines)
        {
            yield return Of(
                "00423", $"{quantity} at {price} {discounts} is {total}", "", Nothing,
                Line(quantity, price, total, discounts));
        }
        yield return Of("00471", "TD04 to itself", "", i =>
            i.Buyer.With("DatiAnagrafici/IdFiscaleIVA/IdCodice", "01234567897"), Bases.CreditNote);
        yield return Of("00403", "today", "", i => i.General.With("Data", "2026-11-30"));
        yield return Of("00418", "credit note of the same day", "", i =>
            i.General.With("Data", "2026-11-02"), Bases.CreditNote);
        yield return Of("00401", "TD16 with rate and Natura", "", i =>
        {
            i.General.With("TipoDocumento", "TD16");
            i.Line.Element("AliquotaIVA")!.AddAfterSelf(new XElement("Natura", "N6.1"));
            i.Summary.Element("AliquotaIVA")!.AddAfterSelf(new XElement("Natura", "N6.1"));
        });
    }

    private static readonly (string Quantity, string Price, string Total, string Discounts)[] RightLines =
    [
        ("22633.00", "0.030987", "701.33", ""), ("22633.00", "0.030987", "701.32", ""),
        ("814.65", "1.30", "1059.05", ""), ("814.65", "1.30", "1059.04", ""), ("999999.00", "1.111", "1110998.89", ""),
        ("240.00", "0.64754167", "155.41", ""), ("1.00", "10.00", "10.01", ""), ("1.00", "10.00", "9.99", ""),
        ("1000.00", "0.333333", "333.333", ""), ("1000.00", "0.333333", "333.34", ""),
        ("1620.00", "1.84", "2546.00", string.Join(' ', Six)), ("1.00", "100.00", "90.00", "SC20.00/10.00"),
        ("1.00", "50.00", "49.50", "MG10.00 SC10.00"),
    ];

    private static readonly (string Quantity, string Price, string Total, string Discounts)[] WrongLines =
    [
        ("22633.00", "0.030987", "701.34", ""), ("814.65", "1.30", "1059.06", ""),
        ("999999.00", "1.11", "1110998.89", ""), ("240.00", "0.65", "155.41", ""), ("1.00", "10.00", "10.011", ""),
        ("1.00", "10.00", "9.989", ""), ("1000.00", "0.333333", "333.3231", "SC0.01"),
        ("1000.00", "0.333333", "333.344", ""), ("1620.00", "1.84", "2545.99", string.Join(' ', Six)),
        ("1620.00", "1.84", "2522.95", string.Join(' ', Six)), ("1.00", "100.00", "80.00", "SC20.00/10.00"),
        ("1.00", "50.00", "50.00", "MG10.00 SC10.00"), ("1.00", "100.00", "100.00", "SC10.00"),
    ];

    private static IEnumerable<SdiFault> Natures()
    {
        yield return Of("00400", "Natura removed", "00444 00422", i => i.Lines[1].Element("Natura")!.Remove());
        yield return Of("00400", "rate removed", "00443 00422", i => i.Line.With("AliquotaIVA", "0.00"));
        yield return Of("00401", "22 % and N4", "00444 00422", i => Nature(i.Line, "N4"));
        yield return Of("00401", "4 % and N2.2", "00444 00422", i => Nature(i.Lines[^1], "N2.2"), Bases.CreditNote);
        yield return Of("00429", "Natura removed", "00444 00422", i => i.Summaries[1].Element("Natura")!.Remove());
        yield return Of("00430", "22 % and N4", "00444 00422", i => Nature(i.Summary, "N4"));
        yield return Of("00444", "Natura of a line", "00422", i => i.Lines[1].With("Natura", "N1"));
        yield return Of("00444", "Natura of a summary", "00422", i => i.Summaries[1].With("Natura", "N1"));
        yield return Of("00444", "summary without lines", "", i => i.Goods.Add(
            new XElement(i.Summaries[1]).With("Natura", "N1").With("ImponibileImporto", "0.00")));
        yield return Of("00444", "lines without a summary", "00422", i => i.Lines[1].With("Natura", "N4"),
            Bases.TwoNatures);
        foreach (var nature in new[] { "N2", "N3", "N6" })
        {
            yield return Of("00445", nature, "00444 00422", i => i.Lines[1].With("Natura", nature));
            yield return Of("00448", nature, "00444 00422", i => i.Summaries[1].With("Natura", nature));
        }
        yield return Of("00445", "N2 in line and summary", "00448", i => Natured(i, "N2"));
        yield return Of("00448", "N6 in line and summary", "00445", i => Natured(i, "N6"));
        yield return Of("00420", "N6.1 in the summary", "00444 00422", i =>
            Split(i.Summaries[1].With("Natura", "N6.1")));
        yield return Of("00420", "N6.9 in line and summary", "", i =>
        {
            Natured(i, "N6.9");
            Split(i.Summaries[1]);
        });
    }

    private static IEnumerable<SdiFault> Rates()
    {
        yield return Of("00419", "another rate", "00443 00422", i => i.Line.With("AliquotaIVA", "10.00"));
        yield return Of("00419", "summary removed", "00443 00444 document_total", i => i.Summary.Remove());
        yield return Of("00419", "summary of a credit note removed", "00443 document_total", i =>
            i.Summary.Remove(), Bases.CreditNote);
        yield return Of("00443", "line without a summary", "00419 00422", i => i.Line.With("AliquotaIVA", "5.00"));
        yield return Of("00443", "summary without lines", "", i => i.Goods.Add(
            new XElement(i.Summary).With("AliquotaIVA", "4.00").With("ImponibileImporto", "0.00")
                .With("Imposta", "0.00")));
        yield return Of("00424", "line", "00443 00419 00422", i => i.Line.With("AliquotaIVA", "0.22"));
        yield return Of("00424", "summary", "00443 00419 00422 00421", i => i.Summary.With("AliquotaIVA", "0.22"));
        yield return Of("00424", "line and summary", "00421", i =>
        {
            i.Line.With("AliquotaIVA", "0.04");
            i.Summary.With("AliquotaIVA", "0.04");
        });
    }

    private static IEnumerable<SdiFault> Sums()
    {
        foreach (var tax in new[] { "22.02", "21.98", "0.00" })
            yield return Of("00421", $"{tax} instead of 22.00", "document_total", i => i.Summary.With("Imposta", tax));
        yield return Of("00421", "tax of rate 0", "document_total", i => i.Summaries[1].With("Imposta", "0.02"));
        yield return Of("00421", "credit note", "document_total", i =>
            i.Summary.With("Imposta", "22.02"), Bases.CreditNote);
        foreach (var (taxable, tax) in new[] { ("101.00", "22.22"), ("99.00", "21.78"), ("0.00", "0.00") })
        {
            yield return Of("00422", $"{taxable} instead of 100.00", "document_total", i =>
                i.Summary.With("ImponibileImporto", taxable).With("Imposta", tax));
        }
        yield return Of("00422", "one euro between two natures", "", i =>
        {
            i.Summaries[0].With("ImponibileImporto", "31.00");
            i.Summaries[1].With("ImponibileImporto", "29.00");
        }, Bases.TwoNatures);
        yield return Of("00422", "line with a minus", "", i =>
            i.Line.With("PrezzoUnitario", "-100.00").With("PrezzoTotale", "-100.00"));
    }

    private static IEnumerable<SdiFault> Lines()
    {
        foreach (var (quantity, price, total, discounts) in WrongLines)
        {
            yield return Of(
                "00423", $"{quantity} at {price} {discounts} is no {total}", "", Nothing,
                Line(quantity, price, total, discounts));
        }
        yield return Of("00423", "missing quantity counts as one", "", i => i.Line.Element("Quantita")!.Remove(),
            Bases.Line("2.00", "10.00", "20.00"));
    }

    private static Func<MutableInvoice> Line(string quantity, string price, string total, string discounts) =>
        Bases.Line(quantity, price, total, discounts.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static void Nothing(MutableInvoice invoice)
    {
        // The line is what is wrong.
    }

    private static void Nature(XElement parent, string nature) =>
        parent.Element("AliquotaIVA")!.AddAfterSelf(new XElement("Natura", nature));

    private static void Natured(MutableInvoice invoice, string nature)
    {
        invoice.Lines[1].With("Natura", nature);
        invoice.Summaries[1].With("Natura", nature);
    }

    private static void Split(XElement summary) =>
        summary.Element("Imposta")!.AddAfterSelf(new XElement("EsigibilitaIVA", "S"));

    private static void Total(MutableInvoice invoice, string taxable, string tax)
    {
        invoice.Summary.With("ImponibileImporto", taxable).With("Imposta", tax);
        var total = InvoiceXml.Number(taxable) + InvoiceXml.Number(tax);
        invoice.General.With("ImportoTotaleDocumento", total.ToString("0.00", CultureInfo.InvariantCulture));
    }
}
