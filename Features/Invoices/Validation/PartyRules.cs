using System.Xml.Linq;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Parties;
using static ECommerce.Features.Invoices.Validation.InvoiceView;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>Numbers of seller and buyer: only their check characters can be seen here.</summary>
internal static class PartyRules
{
    private const string VatNumber = "DatiAnagrafici/IdFiscaleIVA";
    private const string TaxCode = "DatiAnagrafici/CodiceFiscale";

    // Kinds that a seller cannot make out to itself.
    private static readonly string[] ForOthers =
    [
        "TD01", "TD02", "TD03", "TD06", "TD16", "TD17", "TD18", "TD19", "TD20", "TD24", "TD25", "TD28", "TD29",
    ];

    private static readonly string[] ByBuyer =
        ["TD16", "TD17", "TD18", "TD19", "TD20", "TD22", "TD23", "TD28", "TD29"];

    public static IEnumerable<InvoiceFault> Check(InvoiceView view, SendingRules rules)
    {
        var (seller, buyer) = (view.Seller, view.Buyer);
        var representative = Child(view.Header, "RappresentanteFiscale");
        return Numbers(seller, "CedentePrestatore", FaultCodes.SellerVatNumber, FaultCodes.SellerTaxCode)
            .Concat(Numbers(
                representative, "RappresentanteFiscale", FaultCodes.RepresentativeVatNumber,
                FaultCodes.RepresentativeTaxCode))
            .Concat(Numbers(buyer, "CessionarioCommittente", FaultCodes.BuyerVatNumber, FaultCodes.BuyerTaxCode))
            .Concat(Buyer(buyer)).Concat(Together(view));
    }

    private static IEnumerable<InvoiceFault> Numbers(XElement? party, string name, string vatFault, string codeFault)
    {
        if (Text(party, VatNumber + "/IdPaese") == TaxNumber.Italy
            && Text(party, VatNumber + "/IdCodice") is { } number && !ItalianVatNumber.IsValid(number))
        {
            yield return new InvoiceFault(vatFault, $"{name}/IdFiscaleIVA", "The VAT number is not valid.");
        }
        // Of another form it is refused by the schema.
        if (Text(party, TaxCode) is { } code && SchemaTypes.IsValid("taxcode", code) && !ItalianTaxCode.IsValid(code))
            yield return new InvoiceFault(codeFault, $"{name}/CodiceFiscale", "The tax code is not valid.");
    }

    private static IEnumerable<InvoiceFault> Buyer(XElement? buyer)
    {
        if (buyer is not null && Find(buyer, VatNumber) is null && Find(buyer, TaxCode) is null)
        {
            yield return new InvoiceFault(
                FaultCodes.BuyerWithoutNumber, "CessionarioCommittente/DatiAnagrafici",
                "The buyer has neither a VAT number nor a tax code.");
        }
    }

    private static IEnumerable<InvoiceFault> Together(InvoiceView view)
    {
        var (sellerCountry, buyerCountry) = (
            Text(view.Seller, VatNumber + "/IdPaese"), Text(view.Buyer, VatNumber + "/IdPaese"));
        var (sellerNumber, buyerNumber) = (
            Text(view.Seller, VatNumber + "/IdCodice"), Text(view.Buyer, VatNumber + "/IdCodice"));
        var isSame = (sellerCountry, sellerNumber) == (buyerCountry, buyerNumber);
        var sameCode = Text(view.Seller, TaxCode) is { } code && code == Text(view.Buyer, TaxCode);
        if (sellerNumber is not null && isSame && ForOthers.Contains(view.Kind))
            yield return Fault(FaultCodes.SameParties, "Seller and buyer have the same VAT number.");
        if (view.Kind is "TD21" or "TD27" && !isSame && !(view.Kind == "TD27" && buyerNumber is null && sameCode))
            yield return Fault(FaultCodes.DifferentParties, "This kind is for the seller itself.");
        if ((view.Kind is "TD17" or "TD18" or "TD19" or "TD28" && sellerCountry == TaxNumber.Italy)
            || (view.Kind == "TD29" && sellerCountry is not (null or TaxNumber.Italy)))
        {
            yield return Fault(FaultCodes.SellerCountry, "The seller's country does not fit this kind.");
        }
        if (ByBuyer.Contains(view.Kind) && buyerNumber is null)
            yield return Fault(FaultCodes.BuyerVatNumberMissing, "This kind needs the VAT number of the buyer.");
        if (sellerCountry is not (null or TaxNumber.Italy) && buyerCountry is not (null or TaxNumber.Italy))
            yield return Fault(FaultCodes.BothForeign, "Seller and buyer are both foreign.");
    }

    private static InvoiceFault Fault(string code, string message) =>
        new(code, "CessionarioCommittente/IdFiscaleIVA", message);
}
