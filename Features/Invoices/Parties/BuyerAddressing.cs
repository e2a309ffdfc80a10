using ECommerce.Features.Invoices.Characters;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Parties;

/// <summary>Where the SDI delivers to.</summary>
/// <param name="Code">CodiceDestinatario.</param>
/// <param name="Pec">Only with code 0000000.</param>
internal sealed record BuyerAddressing(string Code, string? Pec)
{
    /// <summary>To the certified mail address, or else to the buyer's area on the site of the tax office.</summary>
    public const string NoCode = "0000000";

    /// <summary>Buyers without an Italian number.</summary>
    public const string Abroad = "XXXXXXX";

    /// <summary>The office of San Marino; the last but one character is the letter O.</summary>
    public const string SanMarino = "2R4GTO8";

    /// <summary>What San Marino's code is mistaken for.</summary>
    public const string MistakenSanMarino = "2R4GT08";

    // What consumers write where a form demands a code.
    private static readonly string[] NoCodes = ["NESSUNO", "NESSUNA", "PRIVATO", "OOOOOOO", "000000"];

    public static BuyerAddressing From(InvoiceBuyer buyer, BuyerIdentity identity)
    {
        // Each is found in the other's field.
        var pec = FieldText.Email(buyer.Pec) ?? FieldText.Email(buyer.RecipientCode);
        var code = Clean(buyer.RecipientCode) ?? (Clean(buyer.Pec) is { Length: 7 } misplaced ? misplaced : null);
        if (identity is { Country: Countries.SanMarino, IsItalian: false, IsBusiness: true })
            return new BuyerAddressing(SanMarino, null);
        if (!identity.IsItalian)
        {
            // Foreign buyers may have a code of their own, but San Marino's office takes companies only.
            return new BuyerAddressing(code is null or NoCode or SanMarino ? Abroad : code, null);
        }
        return code is null or NoCode or Abroad ? new BuyerAddressing(NoCode, pec) : new BuyerAddressing(code, null);
    }

    // Six characters are an office of the public administration, which needs another format: the check refuses it.
    private static string? Clean(string? text)
    {
        var code = (text ?? "").Trim().ToUpperInvariant();
        return code.Length is 6 or 7 && code.All(char.IsAsciiLetterOrDigit) && !NoCodes.Contains(code) ? code : null;
    }
}
