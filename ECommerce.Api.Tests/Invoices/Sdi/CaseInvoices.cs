using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices.Requests;
using static ECommerce.Api.Tests.Invoices.Support.InvoiceSamples;

namespace ECommerce.Api.Tests.Invoices.Sdi;

/// <summary>The orders of the cases whose invoices are made; each has a number of its own.</summary>
internal static class CaseInvoices
{
    private static readonly InvoicedOrder Mixed = new(
        [Line(1, "Zaino", 1, 100m, 122m, 22m), Line(2, "Guida turistica", 1, 50m, 52m, 4m)]);

    private static readonly InvoiceAddress Abroad =
        new("10 Example Street – 1st floor", "SW1A 2AA", "London", "CA", "GB");

    public static IReadOnlyDictionary<string, InvoiceRequest> All { get; } = Cases().Index().ToDictionary(
        static one => one.Item.Name,
        static one => one.Item.Request with { Number = $"{one.Index + 1}/2026", Progressive = $"C{one.Index:0000}" });

    private static IEnumerable<(string Name, InvoiceRequest Request)> Cases() =>
        [.. Amounts(), .. Vouchers(), .. StampDuty(), .. Foreigners(), .. Italians()];

    private static IEnumerable<(string, InvoiceRequest)> Amounts()
    {
        yield return ("D01 letters", Request(new([Line(1, "Caffè in grani – 1 kg €", 1, 20m, 24.4m, 22m)])));
        yield return ("D02 VAT of the base", Request(new(
            [.. Enumerable.Range(1, 5).Select(id => Line(id, "Articolo", 1, 4.516393m, 5.51m, 22m))])
        {
            Rounding = new OrderRounding(OrderRounding.Item, 2),
            TotalPaid = 27.55m,
        }));
        yield return ("D03 small price", Request(new(
            [Line(1, "Vite", 22_633, 0.030987m, 0.037804m, 22m) with { TotalNet = 701.33m, TotalGross = 855.62m }])));
        yield return ("D03 many pieces", Request(new([Line(1, "Bullone", 999_999, 1.111m, 1.35542m, 22m)])));
        yield return ("D04 reduced price", Request(
            new([Line(1, "Sedia", 30, 66.666667m, 81.333334m, 22m)]) { TotalPaid = 2440m }, Acme));
        yield return ("D06 average shipping", Request(
            Mixed with { Shipping = new InvoicedCharge(7.5m, 8.7m, 16m), TotalPaid = 182.70m }));
        yield return ("D06 shipping at 0", Request(
            Mixed with { Shipping = new InvoicedCharge(7.5m, 8.7m, 0m), TotalPaid = 182.70m }));
        yield return ("D06 shipping at 22", Request(
            Mixed with { Shipping = new InvoicedCharge(7.5m, 9.15m, 22m), TotalPaid = 183.15m }));
    }

    private static IEnumerable<(string, InvoiceRequest)> Vouchers()
    {
        InvoicedVoucher[] amount = [new("BENVENUTO", 10m)];
        yield return ("D05 percentage", Request(
            TwoRates() with { Vouchers = [new("ESTATE10", 17.40m)], TotalPaid = 156.60m }));
        yield return ("D05 amount", Request(TwoRates() with { Vouchers = amount, TotalPaid = 164m }));
        yield return ("D05 gift card", Request(
            TwoRates() with { Vouchers = [new("Carta regalo", 50m) { IsGiftCard = true }], TotalPaid = 124m }));
        var credits = new CreditedInvoice(new InvoiceReference("77/2026", new DateOnly(2026, 11, 2)));
        yield return ("D05 credit note", Request(TwoRates() with { Vouchers = amount, TotalPaid = 164m }) with
        {
            Credits = credits,
        });
        yield return ("D05 partial credit note", Request(TwoRates() with { Vouchers = amount, TotalPaid = 164m }) with
        {
            Credits = credits with { Refund = new InvoicedRefund([new RefundedLine(1, 1)]) },
        });
    }

    private static IEnumerable<(string, InvoiceRequest)> StampDuty()
    {
        foreach (var (net, charged) in new[] { (77.47m, false), (77.48m, false), (100m, true), (76m, true) })
            yield return ($"D07 RF19 {net} {charged}", Request(Simple(net, 0m), null, Stamped("RF19", charged)));
        yield return ("D07 mixed", Request(new(
            [Line(1, "Zaino", 1, 50m, 61m, 22m), Line(2, "Corso", 1, 77.48m, null, 0m, "N4")])));
        yield return ("D07 export", Request(Simple(500m, 0m, "N3.1"), null, Stamped("RF01", true)));
        yield return ("D07 charged", Request(Simple(100m, 0m, "N4"), null, Stamped("RF01", true)));
    }

    private static IEnumerable<(string, InvoiceRequest)> Foreigners()
    {
        foreach (var (country, vat) in new[]
        {
            ("GB", null), ("GR", "EL123456789"), ("GB", "XI123456789"), ("US", ""), ("AT", "ATU12345678"),
            ("IE", "IT12345678903"),
        })
        {
            yield return ($"D08 {country} {vat}", Request(Simple(), new InvoiceBuyer(Abroad with { Country = country })
            {
                Company = vat is null ? null : "Muster GmbH",
                Firstname = "John",
                Lastname = "O’Neill",
                VatNumber = vat,
            }));
        }
        var titano = new InvoiceBuyer(new InvoiceAddress("Via Esempio 1", "47890", "San Marino", null, "SM"))
        {
            Company = "Titano Demo S.r.l.",
            VatNumber = "SM12345",
        };
        yield return ("D09 company", Request(Simple(500m, 0m), titano));
        yield return ("D09 consumer", Request(
            Simple(500m, 0m),
            titano with { Company = null, VatNumber = null, Firstname = "Marino", Lastname = "Demo" }));
    }

    private static IEnumerable<(string, InvoiceRequest)> Italians()
    {
        foreach (var (vat, taxCode, company) in new[]
        {
            ("", " bnclra85t50f839z ", null), ("BNCLRA85T50F839Z", "", null), ("", "91234567898", "ASD Esempio"),
            ("IT 123 456 789 03", "", "Acme Forniture S.r.l."),
            ("IT11223344554", "VRDGPP70A01H501S", "Verdi Giuseppe ditta individuale"),
        })
        {
            yield return ($"D10 {vat}{taxCode}", Request(
                Simple(), Laura with { VatNumber = vat, TaxCode = taxCode, Company = company }));
        }
        var original = new InvoiceReference("15/2026", new DateOnly(2026, 11, 10));
        yield return ("D11 replacement", Request(Simple()) with { Replaces = original });
    }

    private static InvoiceSettings Stamped(string regime, bool charged) =>
        InvoiceSamples.Settings(regime) with { StampDuty = new StampDutySettings { ChargeBuyer = charged } };
}
