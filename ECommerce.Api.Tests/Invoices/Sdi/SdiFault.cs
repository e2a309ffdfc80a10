using System.Xml.Linq;
using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Api.Tests.Invoices.Validation;
using ECommerce.Features.Invoices;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Sdi;

/// <summary>A valid invoice, spoilt in one place.</summary>
/// <param name="Code">That the SDI and our validator must report.</param>
/// <param name="Name">Of the case.</param>
/// <param name="Companions">Codes that the same change may cause, separated by blanks.</param>
/// <param name="Base">The invoice before the change.</param>
/// <param name="Spoil">The change.</param>
internal sealed record SdiFault(
    string Code, string Name, string Companions, Func<MutableInvoice> Base, Action<MutableInvoice> Spoil)
{
    /// <summary>The changed file.</summary>
    public MutableInvoice Make() => Base().With(Spoil);

    public override string ToString() => $"{Code} {Name}";
}

/// <summary>The invoices that are spoilt.</summary>
internal static class Bases
{
    /// <summary>To a company: 100.00 at 22 %, and 50.00 exempt.</summary>
    public static MutableInvoice Company() => MutableInvoice.Create();

    public static MutableInvoice Consumer() => Create(InvoiceSamples.TwoRates(), InvoiceSamples.Laura);

    public static MutableInvoice SanMarino() => Create(
        InvoiceSamples.Simple(500m, 0m),
        new InvoiceBuyer(new InvoiceAddress("Via Esempio 1", "47890", "San Marino", null, "SM"))
        {
            Company = "Titano Demo S.r.l.",
            VatNumber = "SM12345",
        });

    /// <summary>In Ireland, with an Italian VAT number.</summary>
    public static MutableInvoice ItalianNumberAbroad() => Create(
        InvoiceSamples.Simple(),
        new InvoiceBuyer(new InvoiceAddress("1 Sample Road", "D02 X285", "Dublin", null, "IE"))
        {
            Company = "Foreign Ltd",
            VatNumber = "IT12345678903",
        });

    /// <summary>Exempt 30.00, and 30.00 outside VAT: two summaries at rate 0.</summary>
    public static MutableInvoice TwoNatures() => Create(
        new InvoicedOrder(
            [
                InvoiceSamples.Line(1, "Corso", 1, 30m, 30m, 0m, "N4"),
                InvoiceSamples.Line(2, "Anticipazione", 1, 30m, 30m, 0m, "N1"),
            ]),
        InvoiceSamples.Acme);

    /// <summary>Of 2026-11-16 for an invoice of 2026-11-02.</summary>
    public static MutableInvoice CreditNote() => MutableInvoice.From(InvoiceFactory.Create(
        InvoiceSamples.Request(InvoiceSamples.TwoRates(), InvoiceSamples.Acme) with
        {
            Credits = new CreditedInvoice(new InvoiceReference("2026/77", new DateOnly(2026, 11, 2))),
        }));

    /// <summary>One line as given, and the sums that belong to it.</summary>
    public static Func<MutableInvoice> Line(string quantity, string price, string total, params string[] discounts) =>
        () => MutableInvoice.WithLine(quantity, price, total, [.. discounts.Select(Discount)]);

    /// <summary><c>SC10.00</c>, or <c>SC10.00/5.00</c> with an amount, which wins.</summary>
    private static XElement Discount(string text)
    {
        var parts = text[2..].Split('/');
        return new XElement(
            "ScontoMaggiorazione", new XElement("Tipo", text[..2]), new XElement("Percentuale", parts[0]),
            parts.Skip(1).Select(static amount => new XElement("Importo", amount)));
    }

    private static MutableInvoice Create(InvoicedOrder order, InvoiceBuyer buyer) =>
        MutableInvoice.From(InvoiceSamples.Create(order, buyer));
}
