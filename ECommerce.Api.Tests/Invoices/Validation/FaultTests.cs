using System.Xml.Linq;

namespace ECommerce.Api.Tests.Invoices.Validation;

/// <summary>What the SDI accepts though it is wrong: each fault of a valid invoice is found with its code.</summary>
public sealed class FaultTests
{
    private static readonly Dictionary<string, (string Companions, Action<MutableInvoice> Spoil)> Faults = new()
    {
        ["document_total"] = ("", invoice => Set(invoice.General, "ImportoTotaleDocumento", "173.00")),
        ["iban"] = ("", invoice => Set(
            invoice.Body, "DatiPagamento/DettaglioPagamento/IBAN", "IT61X0542811101000000123456")),
        ["line_numbers"] = ("", invoice => Set(Line(invoice, 1), "NumeroLinea", "1")),
        ["province"] = ("", invoice => Set(invoice.Buyer, "Sede/Nazione", "US")),
        ["seller_tax_code"] = ("00300", BuyersTaxCode),
        ["stamp_duty"] = ("00422 document_total", WithoutStampDuty),
        ["vat_rate"] = ("00421", AverageRate),
    };

    public static TheoryData<string> Codes => [.. Faults.Keys];

    [Fact]
    public void Valid_invoice_has_no_fault() =>
        Assert.Empty(MutableInvoice.Create().Codes("IT01234567897_00101.xml"));

    [Theory]
    [MemberData(nameof(Codes))]
    public void Fault_is_found_with_its_code(string code)
    {
        var (companions, spoil) = Faults[code];

        var found = MutableInvoice.Create().With(spoil).Codes();

        Assert.Contains(code, found);
        Assert.Empty(found.Except([code]).Except(companions.Split(' ')));
    }

    [Fact]
    public void Person_that_sends_by_its_VAT_number_is_refused() => Assert.Equal(
        ["00300"],
        MutableInvoice.Create().With(i => Set(i.Seller, "DatiAnagrafici/CodiceFiscale", "VRDGPP70A01H501S")).Codes());

    private static XElement Line(MutableInvoice invoice, int index) =>
        invoice.Goods.Elements("DettaglioLinee").ElementAt(index);

    private static XElement Summary(MutableInvoice invoice, int index) =>
        invoice.Goods.Elements("DatiRiepilogo").ElementAt(index);

    private static void Set(XElement parent, string path, string value) => parent.With(path, value);

    private static void After(XElement parent, string path, string name, string value) =>
        parent.At(path).AddAfterSelf(new XElement(name, value));

    private static void BuyersTaxCode(MutableInvoice invoice)
    {
        Set(invoice.Seller, "DatiAnagrafici/CodiceFiscale", "BNCLRA85T50F839Z");
        After(invoice.Buyer, "DatiAnagrafici/IdFiscaleIVA", "CodiceFiscale", "BNCLRA85T50F839Z");
    }

    private static void WithoutStampDuty(MutableInvoice invoice)
    {
        Set(Line(invoice, 1), "PrezzoUnitario", "77.48");
        Set(Line(invoice, 1), "PrezzoTotale", "77.48");
        Set(Summary(invoice, 1), "ImponibileImporto", "77.48");
    }

    private static void AverageRate(MutableInvoice invoice)
    {
        Set(Line(invoice, 0), "AliquotaIVA", "16.00");
        Set(Summary(invoice, 0), "AliquotaIVA", "16.00");
    }
}
