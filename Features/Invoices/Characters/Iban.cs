namespace ECommerce.Features.Invoices.Characters;

/// <summary>International bank account numbers: ISO 13616.</summary>
internal static class Iban
{
    /// <summary>Whether the form is right and the number, read modulo 97, leaves 1.</summary>
    public static bool IsValid(string iban)
    {
        if (iban.Length is < 15 or > 34 || !iban.All(char.IsAsciiLetterOrDigit))
            return false;
        if (!char.IsAsciiLetter(iban[0]) || !char.IsAsciiLetter(iban[1])
            || !char.IsAsciiDigit(iban[2]) || !char.IsAsciiDigit(iban[3]))
        {
            return false;
        }
        // An Italian one has 27 characters.
        if (iban.StartsWith("IT", StringComparison.OrdinalIgnoreCase) && iban.Length != 27)
            return false;
        var remainder = 0;
        foreach (var c in string.Concat(iban[4..], iban[..4]).ToUpperInvariant())
        {
            remainder = char.IsAsciiDigit(c)
                ? ((remainder * 10) + (c - '0')) % 97
                : ((remainder * 100) + (c - 'A' + 10)) % 97;
        }
        return remainder == 1;
    }
}
