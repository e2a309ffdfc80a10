using System.Xml.Linq;
using ECommerce.Mocks.FatturaPa.Sdi;

namespace ECommerce.Mocks.FatturaPa.Checks;

/// <summary>Transmitter, parties and recipient.</summary>
internal static class HeaderChecks
{
    public static IEnumerable<SdiError> Find(XElement root, RegistryLists lists)
    {
        var header = root.At("FatturaElettronicaHeader");
        var transmission = header.At("DatiTrasmissione");
        var (code, pec) = (transmission.Text("CodiceDestinatario") ?? "", transmission.Text("PECDestinatario"));
        var format = transmission.Text("FormatoTrasmissione");
        var seller = new Party(header.At("CedentePrestatore/DatiAnagrafici"));
        var buyer = new Party(header.At("CessionarioCommittente/DatiAnagrafici"));

        if (transmission.Text("IdTrasmittente/IdPaese") == "IT"
            && transmission.Text("IdTrasmittente/IdCodice") is { } sender
            && (!TaxNumbers.IsTaxCode(sender) || lists.UnknownTransmitters.Contains(sender)))
        {
            yield return new("00300", "IdTrasmittente non valido");
        }
        if (format != root.Attribute("versione")?.Value)
            yield return new("00428", "FormatoTrasmissione non coerente con la versione");
        if (code.Length != (format == "FPA12" ? 6 : 7))
            yield return new("00427", "CodiceDestinatario di lunghezza non coerente con il formato");
        if (format == "FPR12" && pec is not null && code != "0000000")
            yield return new("00426", "PECDestinatario con CodiceDestinatario diverso da 0000000");
        if (pec?.EndsWith("@pec.fatturapa.it", StringComparison.OrdinalIgnoreCase) == true)
            yield return new("00330", "PECDestinatario del SdI");
        if (code == "XXXXXXX" && buyer.Country == "IT")
            yield return new("00313", "CodiceDestinatario XXXXXXX con cessionario italiano");
        var representative = new Party(header.At("RappresentanteFiscale/DatiAnagrafici"));
        foreach (var error in seller.Errors(lists, "00301", "00302")
            .Concat(representative.Errors(lists, "00303", "00304")).Concat(buyer.Errors(lists, "00305", "00306")))
        {
            yield return error;
        }
        if (buyer is { Vat: null, TaxCode: null })
            yield return new("00417", "Cessionario senza IdFiscaleIVA e senza CodiceFiscale");
        if (seller.IsMismatch(lists))
            yield return new("00320", "IdFiscaleIVA e CodiceFiscale del cedente non coerenti");
        if (buyer.IsMismatch(lists))
            yield return new("00324", "IdFiscaleIVA e CodiceFiscale del cessionario non coerenti");
        if (GroupError(buyer, lists) is { } group)
            yield return group;
        if (seller.Country is { } one && buyer.Country is { } other && one != "IT" && other != "IT")
            yield return new("00476", "Cedente e cessionario entrambi esteri");
    }

    public static IEnumerable<SdiError> FindRecipient(XElement root, RegistryLists lists)
    {
        var code = root.Text("FatturaElettronicaHeader/DatiTrasmissione/CodiceDestinatario");
        if (lists.UnknownRecipients.Contains(code))
            yield return new("00311", "CodiceDestinatario non valido");
        if (lists.InactiveRecipients.Contains(code))
            yield return new("00312", "CodiceDestinatario non attivo");
    }

    private static SdiError? GroupError(Party buyer, RegistryLists lists)
    {
        if (buyer is { Vat: { } vat } && lists.VatGroups.TryGetValue(vat, out var members))
        {
            if (buyer.TaxCode is null)
                return new("00326", "Gruppo IVA senza CodiceFiscale");
            return members.Contains(buyer.TaxCode) ? null : new("00325", "CodiceFiscale non membro del gruppo IVA");
        }
        return buyer is { Vat: null, TaxCode: { } code } && lists.VatGroups.ContainsKey(code)
            ? new("00327", "CodiceFiscale del gruppo IVA")
            : null;
    }

    private sealed class Party(XElement? data)
    {
        public string? Country => data.Text("IdFiscaleIVA/IdPaese");

        public string? Vat => data.Text("IdFiscaleIVA/IdCodice");

        public string? TaxCode => data.Text("CodiceFiscale");

        public bool IsMismatch(RegistryLists lists) => Country == "IT" && TaxCode is { } code && Vat is { } vat
            && lists.TaxCodes.TryGetValue(vat, out var right) && right != code;

        public IEnumerable<SdiError> Errors(RegistryLists lists, string vatCode, string taxCode)
        {
            if (Country == "IT" && Vat is { } vat
                && (!TaxNumbers.IsVatNumber(vat) || lists.UnknownNumbers.Contains(vat)))
            {
                yield return new(vatCode, "IdFiscaleIVA non valido");
            }
            if (TaxCode is { } code && (!TaxNumbers.IsTaxCode(code) || lists.UnknownNumbers.Contains(code)))
                yield return new(taxCode, "CodiceFiscale non valido");
        }
    }
}
