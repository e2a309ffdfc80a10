using System.Xml.Linq;
using ECommerce.Features.Invoices.Validation;

namespace ECommerce.Api.Tests.Invoices.Validation;

/// <summary>Each fault of a valid invoice is found with its code.</summary>
public sealed class FaultTests
{
    private static readonly Dictionary<string, (string Companions, Action<MutableInvoice> Spoil)> Faults = new()
    {
        ["00300"] = ("", invoice => Set(invoice.Header, "DatiTrasmissione/IdTrasmittente/IdCodice", "01234567890")),
        ["00301"] = ("", invoice => Set(invoice.Seller, "DatiAnagrafici/IdFiscaleIVA/IdCodice", "01234567898")),
        ["00302"] = ("", invoice => Set(invoice.Seller, "DatiAnagrafici/CodiceFiscale", "01234567898")),
        ["00303"] = ("", invoice => invoice.Seller.AddAfterSelf(Representative("01234567898", null))),
        ["00304"] = ("", invoice => invoice.Seller.AddAfterSelf(Representative("01234567897", "01234567898"))),
        ["00305"] = ("", invoice => Set(invoice.Buyer, "DatiAnagrafici/IdFiscaleIVA/IdCodice", "12345678904")),
        ["00306"] = ("", invoice =>
            After(invoice.Buyer, "DatiAnagrafici/IdFiscaleIVA", "CodiceFiscale", "91234567899")),
        ["00311"] = ("", invoice => Set(invoice.Header, "DatiTrasmissione/CodiceDestinatario", "2R4GT08")),
        ["00313"] = ("", invoice => Set(invoice.Header, "DatiTrasmissione/CodiceDestinatario", "XXXXXXX")),
        ["00330"] = ("", invoice => Pec(invoice, "sdi01@pec.fatturapa.it")),
        // The summary of natures is another one then.
        ["00400"] = ("00444 00422", invoice => Line(invoice, 1).Element("Natura")!.Remove()),
        ["00401"] = ("00444 00422", invoice => After(Line(invoice, 0), "AliquotaIVA", "Natura", "N4")),
        ["00403"] = ("", invoice => Set(invoice.General, "Data", "2026-12-01")),
        ["00411"] = ("", invoice => After(invoice.Line, "AliquotaIVA", "Ritenuta", "SI")),
        ["00413"] = ("00444 00422", invoice =>
            invoice.General.Element("Numero")!.AddAfterSelf(Fund("0.00", null, null))),
        ["00414"] = ("00422", invoice => invoice.General.Element("Numero")!.AddAfterSelf(Fund("22.00", null, "N4"))),
        ["00415"] = ("00422", invoice => invoice.General.Element("Numero")!.AddAfterSelf(Fund("22.00", "SI", null))),
        ["00417"] = ("", invoice => invoice.Buyer.Element("DatiAnagrafici")!.Element("IdFiscaleIVA")!.Remove()),
        ["00418"] = ("", invoice => invoice.Body.Element("DatiGenerali")!.Add(Related("2026-11-17"))),
        ["00419"] = ("00443 00422", invoice => Set(Line(invoice, 0), "AliquotaIVA", "10.00")),
        ["00420"] = ("00444 00422", invoice => ReverseCharge(invoice)),
        ["00421"] = ("document_total", invoice => Set(invoice.Summary, "Imposta", "22.02")),
        ["00422"] = ("00421 document_total", invoice => Set(invoice.Summary, "ImponibileImporto", "101.00")),
        ["00423"] = ("", invoice => Set(invoice.Line, "PrezzoTotale", "100.011")),
        ["00424"] = ("00421 00443 00419 00422", invoice => Set(Line(invoice, 0), "AliquotaIVA", "0.22")),
        ["00425"] = ("", invoice => Set(invoice.General, "Numero", "ABC")),
        ["00426"] = ("", PecWithCode),
        ["00427"] = ("", invoice => Set(invoice.Header, "DatiTrasmissione/CodiceDestinatario", "UFABCD")),
        ["00428"] = ("00427", invoice => invoice.Root.SetAttributeValue("versione", "FPA12")),
        ["00429"] = ("00444 00422", invoice => Summary(invoice, 1).Element("Natura")!.Remove()),
        ["00430"] = ("00444 00422", invoice => After(Summary(invoice, 0), "AliquotaIVA", "Natura", "N4")),
        ["00437"] = ("", invoice => invoice.General.Element("Numero")!.AddAfterSelf(EmptyDiscount())),
        ["00438"] = ("", invoice => invoice.Line.Element("PrezzoUnitario")!.AddAfterSelf(EmptyDiscount())),
        ["00443"] = ("00422", invoice => invoice.Goods.Add(new XElement(Summary(invoice, 0)).With("AliquotaIVA", "4.00")
            .With("ImponibileImporto", "0.00").With("Imposta", "0.00"))),
        ["00444"] = ("00422", invoice => Set(Line(invoice, 1), "Natura", "N1")),
        ["00445"] = ("00444 00422", invoice => Set(Line(invoice, 1), "Natura", "N3")),
        ["00448"] = ("00444 00422", invoice => Set(Summary(invoice, 1), "Natura", "N2")),
        ["00471"] = ("", invoice => Set(invoice.Buyer, "DatiAnagrafici/IdFiscaleIVA/IdCodice", "01234567897")),
        ["00472"] = ("00474", invoice => Set(invoice.General, "TipoDocumento", "TD21")),
        ["00473"] = ("", invoice => Set(invoice.General, "TipoDocumento", "TD17")),
        ["00474"] = ("00472", invoice => Set(invoice.General, "TipoDocumento", "TD21")),
        ["00475"] = ("00417", WithoutBuyersVatNumber),
        ["00476"] = ("", BothForeign),
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

    [Theory]
    [InlineData("IT01234567897_00101.xml", true)]
    [InlineData("ITVRDGPP70A01H501S_a.xml.p7m", true)]
    [InlineData("IT01234567897_000101.xml", false)]
    [InlineData("IT01234567897-00101.xml", false)]
    [InlineData("01234567897_00101.xml", false)]
    [InlineData("IT01234567897_001.xml.exe", false)]
    public void Name_of_a_file_has_a_form(string name, bool isValid) =>
        Assert.Equal(isValid ? [] : ["00001"], MutableInvoice.Create().Codes(name));

    [Fact]
    public void File_over_five_megabytes_is_refused() => Assert.Equal(
        ["00003"],
        InvoiceValidator.Validate(new byte[5_000_001], new SendingRules(new DateOnly(2026, 11, 30)))
            .Select(fault => fault.Code));

    private static XElement Line(MutableInvoice invoice, int index) =>
        invoice.Goods.Elements("DettaglioLinee").ElementAt(index);

    private static XElement Summary(MutableInvoice invoice, int index) =>
        invoice.Goods.Elements("DatiRiepilogo").ElementAt(index);

    private static void Set(XElement parent, string path, string value) => parent.With(path, value);

    private static void After(XElement parent, string path, string name, string value) =>
        parent.At(path).AddAfterSelf(new XElement(name, value));

    private static void Pec(MutableInvoice invoice, string address) =>
        invoice.Header.Element("DatiTrasmissione")!.Add(new XElement("PECDestinatario", address));

    private static void ReverseCharge(MutableInvoice invoice)
    {
        Set(Summary(invoice, 1), "Natura", "N6.1");
        Summary(invoice, 1).Element("Imposta")!.AddAfterSelf(new XElement("EsigibilitaIVA", "S"));
    }

    private static void PecWithCode(MutableInvoice invoice)
    {
        Set(invoice.Header, "DatiTrasmissione/CodiceDestinatario", "M5UXCR1");
        Pec(invoice, "acme@pec.example.it");
    }

    private static void WithoutBuyersVatNumber(MutableInvoice invoice)
    {
        Set(invoice.General, "TipoDocumento", "TD16");
        invoice.Buyer.Element("DatiAnagrafici")!.Element("IdFiscaleIVA")!.Remove();
    }

    private static void BothForeign(MutableInvoice invoice)
    {
        Set(invoice.Seller, "DatiAnagrafici/IdFiscaleIVA/IdPaese", "DE");
        Set(invoice.Buyer, "DatiAnagrafici/IdFiscaleIVA/IdPaese", "FR");
    }

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

    private static XElement EmptyDiscount() => new("ScontoMaggiorazione", new XElement("Tipo", "SC"));

    private static XElement Related(string date) => new(
        "DatiFattureCollegate", new XElement("IdDocumento", "7"), new XElement("Data", date));

    private static XElement Fund(string rate, string? withholding, string? nature) => new(
        "DatiCassaPrevidenziale", new XElement("TipoCassa", "TC01"), new XElement("AlCassa", "4.00"),
        new XElement("ImportoContributoCassa", "4.00"), new XElement("AliquotaIVA", rate),
        withholding is null ? null : new XElement("Ritenuta", withholding),
        nature is null ? null : new XElement("Natura", nature));

    private static XElement Representative(string number, string? taxCode) => new(
        "RappresentanteFiscale", new XElement(
            "DatiAnagrafici",
            new XElement("IdFiscaleIVA", new XElement("IdPaese", "IT"), new XElement("IdCodice", number)),
            taxCode is null ? null : new XElement("CodiceFiscale", taxCode),
            new XElement("Anagrafica", new XElement("Denominazione", "Rappresentante S.r.l."))));
}
