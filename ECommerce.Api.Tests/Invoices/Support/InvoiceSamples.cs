using ECommerce.Features.Invoices;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Support;

/// <summary>
/// A seller, customers and orders. Persons and firms are invented; their numbers have valid check digits.
/// </summary>
internal static class InvoiceSamples
{
    public static readonly DateOnly Day = new(2026, 11, 16);

    public static readonly InvoiceAddress Naples = new("Via Chiaia 200", "80121", "Napoli", "NA", "IT");

    public static readonly InvoiceBuyer Laura = new(Naples)
    {
        Firstname = "Laura",
        Lastname = "Bianchi",
        TaxCode = "BNCLRA85T50F839Z",
    };

    public static readonly InvoiceBuyer Acme = new(new InvoiceAddress("Corso Esempio 5", "20121", "Milano", "MI", "IT"))
    {
        Company = "Acme Forniture S.r.l.",
        VatNumber = "IT12345678903",
    };

    public static InvoiceSettings Settings(string regime = "RF01") => new(
        new InvoiceSeller(
            "IT01234567897",
            new InvoiceAddress("Via dei Mercanti", "80133", "Napoli", "NA", "IT") { HouseNumber = "12" })
        {
            Company = "Bottega Demo S.r.l.",
            TaxCode = "01234567897",
            TaxRegime = regime,
            Phone = "081 555 0100",
            Email = "fatture@bottega-demo.example",
            Iban = "IT60X0542811101000000123456",
        });

    public static InvoicedLine Line(
        long id, string name, decimal quantity, decimal net, decimal? gross, decimal rate, string? nature = null) =>
        new(id, name, quantity, net, gross, rate) { Nature = nature };

    public static InvoiceRequest Request(
        InvoicedOrder order, InvoiceBuyer? buyer = null, InvoiceSettings? settings = null) =>
        new("2026/101", Day, "00101", settings ?? Settings(), buyer ?? Laura, order);

    /// <summary>The order of one article of 100.00 without VAT.</summary>
    public static InvoicedOrder Simple(decimal net = 100m, decimal rate = 22m, string? nature = null) => new(
        [Line(1, "Zaino", 1, net, net * (1 + (rate / 100)), rate, nature)]);

    /// <summary>Two rates: 122.00 at 22 % and 52.00 at 4 %.</summary>
    public static InvoicedOrder TwoRates() => new(
        [Line(1, "Zaino", 2, 50m, 61m, 22m), Line(2, "Guida turistica", 1, 50m, 52m, 4m)]);

    public static CreatedInvoice Create(
        InvoicedOrder order, InvoiceBuyer? buyer = null, InvoiceSettings? settings = null) =>
        InvoiceFactory.Create(Request(order, buyer, settings));
}
