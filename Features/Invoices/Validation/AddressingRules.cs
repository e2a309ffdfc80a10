using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Parties;
using static ECommerce.Features.Invoices.Validation.InvoiceView;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>The sender, the format, and where the SDI delivers to.</summary>
internal static class AddressingRules
{
    private const string Field = "DatiTrasmissione/CodiceDestinatario";

    public static IEnumerable<InvoiceFault> Check(InvoiceView view, SendingRules rules)
    {
        var transmission = view.Transmission;
        var (format, code) = (Text(transmission, "FormatoTrasmissione"), Text(transmission, "CodiceDestinatario"));
        var pec = Text(transmission, "PECDestinatario");
        if (format is not null && format != view.Version)
            yield return Fault(FaultCodes.Format, "FormatoTrasmissione", "The format is not that of the root.");
        if (code is { Length: 6 } && format == Transmission.PrivateFormat)
            yield return Fault(FaultCodes.CodeLength, Field, "Codes of six characters are for FPA12 only.");
        if (code is { Length: 7 } && format == "FPA12")
            yield return Fault(FaultCodes.CodeLength, Field, "Codes of seven characters are for FPR12 only.");
        if (pec is not null && code != BuyerAddressing.NoCode && format == Transmission.PrivateFormat)
            yield return Fault(FaultCodes.PecWithCode, "PECDestinatario", "A PEC is for code 0000000 only.");
        if (pec?.EndsWith("@pec.fatturapa.it", StringComparison.OrdinalIgnoreCase) == true)
            yield return Fault(FaultCodes.SdiPec, "PECDestinatario", "The PEC is one of the SDI.");
        if (code == BuyerAddressing.MistakenSanMarino)
            yield return Fault(FaultCodes.UnknownRecipient, Field, "San Marino's code has a letter O: 2R4GTO8.");
        foreach (var fault in Buyer(view, code).Concat(Sender(view)))
            yield return fault;
    }

    private static IEnumerable<InvoiceFault> Buyer(InvoiceView view, string? code)
    {
        var country = Text(view.Buyer, "DatiAnagrafici/IdFiscaleIVA/IdPaese");
        if (code == BuyerAddressing.Abroad && country == TaxNumber.Italy)
        {
            yield return Fault(
                FaultCodes.AbroadWithItalianNumber, Field, "XXXXXXX is not for buyers with an Italian VAT number.");
        }
        // Private persons there have a number of our own making.
        var number = Text(view.Buyer, "DatiAnagrafici/IdFiscaleIVA/IdCodice");
        if (code == BuyerAddressing.Abroad && country == Countries.SanMarino && number is { Length: < 11 })
        {
            yield return Fault(
                FaultCodes.SanMarino, Field, "Companies of San Marino are addressed by 2R4GTO8.");
        }
    }

    // A person is known by the tax code: its VAT number as the sender is refused.
    private static IEnumerable<InvoiceFault> Sender(InvoiceView view)
    {
        const string Sender = "DatiTrasmissione/IdTrasmittente/IdCodice";
        if (Text(view.Transmission, "IdTrasmittente/IdPaese") != TaxNumber.Italy
            || Text(view.Transmission, "IdTrasmittente/IdCodice") is not { } code)
        {
            yield break;
        }
        if (!ItalianTaxCode.IsValid(code))
            yield return Fault(FaultCodes.Sender, Sender, "The sender's code is no tax code.");
        else if (code == Text(view.Seller, "DatiAnagrafici/IdFiscaleIVA/IdCodice") && IsPerson(view))
            yield return Fault(FaultCodes.Sender, Sender, "A person sends by its tax code, not by its VAT number.");
    }

    private static bool IsPerson(InvoiceView view) =>
        Text(view.Seller, "DatiAnagrafici/CodiceFiscale") is { Length: 16 }
        || Text(view.Seller, "DatiAnagrafici/Anagrafica/Cognome") is not null;

    private static InvoiceFault Fault(string code, string field, string message) => new(code, field, message);
}
