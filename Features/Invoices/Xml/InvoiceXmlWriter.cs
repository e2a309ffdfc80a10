using System.Text;
using System.Xml;
using System.Xml.Linq;
using ECommerce.Features.Invoices.Documents;
using static ECommerce.Features.Invoices.Xml.XmlValues;

namespace ECommerce.Features.Invoices.Xml;

/// <summary>
/// Writes documents: UTF-8 without a byte order mark, the elements in the order of the schema, none of them empty. The
/// same document has the same bytes.
/// </summary>
internal static class InvoiceXmlWriter
{
    public static readonly XNamespace Namespace = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2";

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
    };

    public static byte[] Write(InvoiceDocument document)
    {
        var root = new XElement(
            Namespace + "FatturaElettronica", new XAttribute(XNamespace.Xmlns + "p", Namespace.NamespaceName),
            new XAttribute("versione", document.Transmission.Format),
            HeaderXml.Header(document), BodyXml.Body(document));
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, Settings))
            new XDocument(root).Save(writer);
        return bytes.ToArray();
    }
}

/// <summary>FatturaElettronicaHeader.</summary>
internal static class HeaderXml
{
    public static XElement Header(InvoiceDocument document) => new(
        "FatturaElettronicaHeader", Transmission(document.Transmission), Seller(document.Seller),
        Buyer(document.Buyer));

    private static XElement Transmission(Transmission transmission) => new(
        "DatiTrasmissione", Number("IdTrasmittente", transmission.Sender),
        Text("ProgressivoInvio", transmission.Progressive), Text("FormatoTrasmissione", transmission.Format),
        Text("CodiceDestinatario", transmission.RecipientCode), Text("PECDestinatario", transmission.Pec));

    private static XElement Seller(SellerParty seller) => new(
        "CedentePrestatore",
        new XElement(
            "DatiAnagrafici", Number("IdFiscaleIVA", seller.VatNumber), Text("CodiceFiscale", seller.TaxCode),
            Name(seller.Name), Text("RegimeFiscale", seller.TaxRegime)),
        Address(seller.Address), Register(seller.Register),
        Group("Contatti", Text("Telefono", seller.Phone), Text("Email", seller.Email)));

    private static XElement? Register(RegisterEntry? register) => register is null ? null : new XElement(
        "IscrizioneREA", Text("Ufficio", register.Office), Text("NumeroREA", register.Number),
        Amount("CapitaleSociale", register.Capital), Text("SocioUnico", register.SoleShareholder),
        Text("StatoLiquidazione", register.Liquidation));

    private static XElement Buyer(BuyerParty buyer) => new(
        "CessionarioCommittente",
        new XElement(
            "DatiAnagrafici", Number("IdFiscaleIVA", buyer.VatNumber), Text("CodiceFiscale", buyer.TaxCode),
            Name(buyer.Name)),
        Address(buyer.Address));

    private static XElement? Number(string element, TaxNumber? number) => number is null
        ? null
        : Group(element, Text("IdPaese", number.Country), Text("IdCodice", number.Code));

    private static XElement Name(PartyName name) => new(
        "Anagrafica", Text("Denominazione", name.Company), Text("Nome", name.Firstname),
        Text("Cognome", name.Lastname));

    private static XElement Address(PostalAddress address) => new(
        "Sede", Text("Indirizzo", address.Street), Text("NumeroCivico", address.HouseNumber),
        Text("CAP", address.Postcode), Text("Comune", address.City), Text("Provincia", address.Province),
        Text("Nazione", address.Country));
}
