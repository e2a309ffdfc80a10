using System.Xml.Linq;
using ECommerce.Features.Invoices.Documents;
using static ECommerce.Features.Invoices.Xml.InvoiceXmlReader;

namespace ECommerce.Features.Invoices.Xml;

/// <summary>Reads seller and buyer.</summary>
internal static class PartyXml
{
    public static SellerParty Seller(XElement seller)
    {
        var data = Needed(seller, "DatiAnagrafici");
        var contacts = Child(seller, "Contatti");
        var number = Number(Child(data, "IdFiscaleIVA")) ?? throw new FormatException("IdFiscaleIVA is missing.");
        return new SellerParty(
            number, Name(Child(data, "Anagrafica")), Text(data, "RegimeFiscale") ?? "", Address(Child(seller, "Sede")))
        {
            TaxCode = Text(data, "CodiceFiscale"),
            Phone = Text(contacts, "Telefono"),
            Email = Text(contacts, "Email"),
            Register = Child(seller, "IscrizioneREA") is { } register
                ? new RegisterEntry(
                    Text(register, "Ufficio") ?? "", Text(register, "NumeroREA") ?? "",
                    Decimal(register, "CapitaleSociale"), Text(register, "SocioUnico"),
                    Text(register, "StatoLiquidazione") ?? "")
                : null,
        };
    }

    public static BuyerParty Buyer(XElement buyer)
    {
        var data = Needed(buyer, "DatiAnagrafici");
        return new BuyerParty(
            Number(Child(data, "IdFiscaleIVA")), Text(data, "CodiceFiscale"), Name(Child(data, "Anagrafica")),
            Address(Child(buyer, "Sede")));
    }

    public static TaxNumber? Number(XElement? number) => Text(number, "IdCodice") is { } code
        ? new TaxNumber(Text(number, "IdPaese") ?? "", code)
        : null;

    private static PartyName Name(XElement? name) =>
        new(Text(name, "Denominazione"), Text(name, "Nome"), Text(name, "Cognome"));

    private static PostalAddress Address(XElement? address) => new(
        Text(address, "Indirizzo"), Text(address, "NumeroCivico"), Text(address, "CAP"), Text(address, "Comune"),
        Text(address, "Provincia"), Text(address, "Nazione") ?? "");
}
