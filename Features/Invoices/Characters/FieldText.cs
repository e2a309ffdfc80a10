namespace ECommerce.Features.Invoices.Characters;

/// <summary>Values of fields, cleaned and cut; null where nothing is left, so that no element is empty.</summary>
internal static class FieldText
{
    /// <summary>Text in Latin-1. It is cut after it was transliterated, which may make it longer.</summary>
    public static string? Latin(string? text, int maxLength) => Cut(Transliteration.ToLatin1(text), maxLength);

    /// <summary>Text in ASCII.</summary>
    public static string? Ascii(string? text, int maxLength) => Cut(Transliteration.ToAscii(text), maxLength);

    /// <summary>Capital letters and digits only, as in numbers and codes.</summary>
    public static string Code(string? text) =>
        new([.. Transliteration.ToAscii(text).ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);

    /// <summary>A telephone number of 5 to 12 digits, without what separates them; null where it is none.</summary>
    public static string? Phone(string? text)
    {
        var digits = new string([.. (text ?? "").Where(char.IsAsciiDigit)]);
        if (digits.StartsWith("0039", StringComparison.Ordinal) && digits.Length > 12)
            digits = digits[4..];
        return digits.Length is >= 5 and <= 12 ? digits : null;
    }

    /// <summary>An e-mail address of plain characters; null where it is none.</summary>
    public static string? Email(string? text)
    {
        var address = (text ?? "").Trim();
        if (address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            address = address["mailto:".Length..];
        return EmailAddress.IsValid(address) ? address : null;
    }

    /// <summary>An IBAN with the right check digits, without blanks; null where it is none.</summary>
    public static string? Iban(string? text) => Code(text) is var iban && Characters.Iban.IsValid(iban) ? iban : null;

    private static string? Cut(string text, int maxLength)
    {
        var cut = text.Length > maxLength ? text[..maxLength].TrimEnd() : text;
        return cut.Length == 0 ? null : cut;
    }
}
