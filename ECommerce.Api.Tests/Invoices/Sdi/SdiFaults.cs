using System.Xml.Linq;
using ECommerce.Api.Tests.Invoices.Validation;

namespace ECommerce.Api.Tests.Invoices.Sdi;

/// <summary>Faults of values that stand by themselves: addressing, parties, general data.</summary>
internal static class SdiFaults
{
    private const string Recipient = "DatiTrasmissione/CodiceDestinatario";
    private const string Sender = "DatiTrasmissione/IdTrasmittente/IdCodice";
    private const string VatNumber = "DatiAnagrafici/IdFiscaleIVA/IdCodice";
    private const string VatCountry = "DatiAnagrafici/IdFiscaleIVA/IdPaese";
    private const string TaxCode = "DatiAnagrafici/CodiceFiscale";

    /// <summary>All faults, those of amounts included.</summary>
    public static IReadOnlyList<SdiFault> All { get; } =
        [.. Form(), .. Transmission(), .. Parties(), .. Kinds(), .. General(), .. SdiAmountFaults.All()];

    private static IEnumerable<SdiFault> Form()
    {
        yield return Of("00200", "order of elements", "", i => i.General.Add(Take(i.General.Element("Numero")!)));
        yield return Of("00200", "missing element", "", i => i.General.Element("Divisa")!.Remove());
        yield return Of("00200", "unknown element", "", i => i.Line.Add(new XElement("Colore", "rosso")));
        yield return Of("00200", "empty element", "", i => i.Line.Element("Descrizione")!.Value = "");
        yield return Of("00200", "character outside of Latin-1", "", i => i.Line.With("Descrizione", "Lampada a 5 €"));
        yield return Of("00200", "comma in an amount", "00423 00422", i => i.Line.With("PrezzoTotale", "100,00"));
        yield return Of("00200", "one decimal", "", i => i.Line.With("PrezzoUnitario", "100.0"));
        yield return Of("00200", "nine decimals", "", i => i.Line.With("PrezzoUnitario", "100.000000001"));
        yield return Of("00200", "three decimals of a sum", "", i => i.Summary.With("Imposta", "22.000"));
        yield return Of("00200", "negative quantity", "00423", i => i.Line.With("Quantita", "-1.00"));
        yield return Of("00200", "Italian date", "", i => i.General.With("Data", "16/11/2026"));
        yield return Of("00200", "foreign postcode", "", i => i.Buyer.With("Sede/CAP", "SW1A 2AA"));
        yield return Of("00200", "name of 81 characters", "", i =>
            i.Buyer.With("DatiAnagrafici/Anagrafica/Denominazione", new string('a', 81)));
        yield return Of("00200", "two kinds of names", "", i =>
            i.Buyer.At("DatiAnagrafici/Anagrafica/Denominazione").AddAfterSelf(new XElement("Nome", "Laura")));
        yield return Of("00200", "unknown regime", "", i => i.Seller.With("DatiAnagrafici/RegimeFiscale", "RF03"));
        yield return Of("00200", "lower-case tax code", "00306", i =>
            i.Buyer.With(TaxCode, "bnclra85t50f839z"), Bases.Consumer);
    }

    private static IEnumerable<SdiFault> Transmission()
    {
        yield return Of("00300", "check digit", "", i => i.Header.With(Sender, "01234567890"));
        yield return Of("00300", "check letter of a person", "", i => i.Header.With(Sender, "VRDGPP70A01H501T"));
        yield return Of("00311", "San Marino with a zero", "", i =>
            i.Header.With(Recipient, "2R4GT08"), Bases.SanMarino);
        yield return Of("00313", "company in Italy", "", i => i.Header.With(Recipient, "XXXXXXX"));
        yield return Of("00313", "Italian number abroad", "", i =>
            i.Header.With(Recipient, "XXXXXXX"), Bases.ItalianNumberAbroad);
        yield return Of("00330", "PEC of the SDI", "", i => Pec(i, "sdi01@pec.fatturapa.it"));
        yield return Of("00330", "PEC of the SDI in capitals", "", i =>
            Pec(i, "SDI22@PEC.FATTURAPA.IT"), Bases.Consumer);
        yield return Of("00426", "code of a channel", "", i => Pec(Coded(i, "M5UXCR1"), "acme@pec.example.it"));
        yield return Of("00426", "San Marino", "", i => Pec(i, "titano@pec.example.sm"), Bases.SanMarino);
        yield return Of("00427", "six characters for FPR12", "", i => Coded(i, "UFABCD"));
        yield return Of("00427", "seven characters for FPA12", "", i =>
        {
            i.Root.SetAttributeValue("versione", "FPA12");
            i.Header.With("DatiTrasmissione/FormatoTrasmissione", "FPA12");
        });
        yield return Of("00428", "root of public bodies", "00427", i => i.Root.SetAttributeValue("versione", "FPA12"));
        yield return Of("00428", "format of public bodies", "00427", i =>
            i.Header.With("DatiTrasmissione/FormatoTrasmissione", "FPA12"));
    }

    private static IEnumerable<SdiFault> Parties()
    {
        yield return Of("00301", "check digit", "", i => i.Seller.With(VatNumber, "01234567898"));
        yield return Of("00301", "ten digits", "", i => i.Seller.With(VatNumber, "0123456789"));
        yield return Of("00302", "check digit", "", i => i.Seller.With(TaxCode, "01234567898"));
        // A person's VAT number is no tax code of a sender.
        yield return Of("00302", "check letter", "00300", i => i.Seller.With(TaxCode, "VRDGPP70A01H501T"));
        yield return Of("00303", "check digit", "", i => Represented(i, "01234567898", null));
        yield return Of("00304", "check digit", "", i => Represented(i, "01234567897", "01234567898"));
        yield return Of("00304", "check letter", "", i => Represented(i, "01234567897", "VRDGPP70A01H501T"));
        yield return Of("00305", "check digit", "", i => i.Buyer.With(VatNumber, "12345678904"));
        yield return Of("00305", "placeholder", "", i => i.Buyer.With(VatNumber, "99999999999"));
        yield return Of("00305", "number of another length", "", i => i.Buyer.With(VatNumber, "123"));
        yield return Of("00306", "check digit", "", i =>
            i.Buyer.At("DatiAnagrafici/IdFiscaleIVA").AddAfterSelf(new XElement("CodiceFiscale", "91234567899")));
        yield return Of("00306", "check letter", "", i => i.Buyer.With(TaxCode, "BNCLRA85T50F839A"), Bases.Consumer);
        yield return Of("00417", "company without a number", "", i =>
            i.Buyer.At("DatiAnagrafici/IdFiscaleIVA").Remove());
        yield return Of("00417", "consumer without a tax code", "", i => i.Buyer.At(TaxCode).Remove(), Bases.Consumer);
        yield return Of("00476", "Germany to France", "", i =>
        {
            i.Seller.With(VatCountry, "DE");
            i.Buyer.With(VatCountry, "FR");
        });
        yield return Of("00476", "Germany to San Marino", "", i => i.Seller.With(VatCountry, "DE"), Bases.SanMarino);
    }

    private static IEnumerable<SdiFault> Kinds()
    {
        foreach (var kind in new[] { "TD01", "TD02", "TD24", "TD25" })
            yield return Of("00471", kind, "", i => ToItself(Kind(i, kind)));
        yield return Of("00472", "TD21 to another", "00474", i => Kind(i, "TD21"));
        yield return Of("00472", "TD27 to another", "", i => Kind(i, "TD27"));
        yield return Of("00473", "TD17 of an Italian", "", i => Kind(i, "TD17"));
        yield return Of("00473", "TD28 of an Italian", "", i => Kind(i, "TD28"));
        yield return Of("00473", "TD29 of a foreigner", "", i => Kind(i, "TD29").Seller.With(VatCountry, "DE"));
        yield return Of("00474", "TD21 with rate 0", "", i => ToItself(Kind(i, "TD21")));
        yield return Of("00475", "TD16 without a number", "00417", i =>
            Kind(i, "TD16").Buyer.At("DatiAnagrafici/IdFiscaleIVA").Remove());
        yield return Of("00475", "TD16 with a tax code", "", i => Kind(i, "TD16"), Bases.Consumer);
    }

    private static IEnumerable<SdiFault> General()
    {
        yield return Of("00403", "tomorrow", "", i => i.General.With("Data", "2026-12-01"));
        yield return Of("00403", "tomorrow with its zone", "", i => i.General.With("Data", "2026-12-01+01:00"));
        yield return Of("00418", "related invoice of the next day", "", i =>
            i.Body.Element("DatiGenerali")!.Add(new XElement(
                "DatiFattureCollegate", new XElement("IdDocumento", "7"), new XElement("Data", "2026-11-17"))));
        yield return Of("00418", "credit note before its invoice", "", i =>
            i.General.With("Data", "2026-11-01"), Bases.CreditNote);
        yield return Of("00425", "letters only", "", i => i.General.With("Numero", "ABC"));
        yield return Of("00425", "signs only", "", i => i.General.With("Numero", "/-/"), Bases.CreditNote);
        yield return Of("00411", "line", "", i => Withheld(i.Line));
        yield return Of("00411", "last line", "", i => Withheld(i.Lines[^1]));
        yield return Of("00413", "rate 0", "00444 00422", i => Fund(i, "0.00", null, null));
        yield return Of("00414", "rate and Natura", "00422", i => Fund(i, "22.00", null, "N4"));
        yield return Of("00415", "withholding", "00422", i => Fund(i, "22.00", "SI", null));
        yield return Of("00437", "discount", "", i => i.General.Element("Numero")!.AddAfterSelf(Empty("SC")));
        yield return Of("00437", "surcharge", "", i => i.General.Element("Numero")!.AddAfterSelf(Empty("MG")));
        yield return Of("00438", "discount", "", i => i.Line.Element("PrezzoUnitario")!.AddAfterSelf(Empty("SC")));
        yield return Of("00438", "surcharge of the last line", "", i =>
            i.Lines[^1].Element("PrezzoUnitario")!.AddAfterSelf(Empty("MG")));
    }

    internal static SdiFault Of(
        string code, string name, string companions, Action<MutableInvoice> spoil, Func<MutableInvoice>? of = null) =>
        new(code, name, companions, of ?? Bases.Company, spoil);

    private static XElement Take(XElement element)
    {
        element.Remove();
        return element;
    }

    private static MutableInvoice Coded(MutableInvoice invoice, string code)
    {
        invoice.Header.With(Recipient, code);
        return invoice;
    }

    private static MutableInvoice Kind(MutableInvoice invoice, string kind)
    {
        invoice.General.With("TipoDocumento", kind);
        return invoice;
    }

    private static void ToItself(MutableInvoice invoice) => invoice.Buyer.With(VatNumber, "01234567897");

    private static void Pec(MutableInvoice invoice, string address) =>
        invoice.Header.Element("DatiTrasmissione")!.Add(new XElement("PECDestinatario", address));

    private static void Withheld(XElement line) =>
        line.Element("AliquotaIVA")!.AddAfterSelf(new XElement("Ritenuta", "SI"));

    private static XElement Empty(string kind) => new("ScontoMaggiorazione", new XElement("Tipo", kind));

    private static void Fund(MutableInvoice invoice, string rate, string? withholding, string? nature) =>
        invoice.General.Element("Numero")!.AddAfterSelf(new XElement(
            "DatiCassaPrevidenziale", new XElement("TipoCassa", "TC01"), new XElement("AlCassa", "4.00"),
            new XElement("ImportoContributoCassa", "4.00"), new XElement("AliquotaIVA", rate),
            withholding is null ? null : new XElement("Ritenuta", withholding),
            nature is null ? null : new XElement("Natura", nature)));

    private static void Represented(MutableInvoice invoice, string number, string? taxCode) =>
        invoice.Seller.AddAfterSelf(new XElement("RappresentanteFiscale", new XElement(
            "DatiAnagrafici",
            new XElement("IdFiscaleIVA", new XElement("IdPaese", "IT"), new XElement("IdCodice", number)),
            taxCode is null ? null : new XElement("CodiceFiscale", taxCode),
            new XElement("Anagrafica", new XElement("Denominazione", "Rappresentante S.r.l.")))));
}
