namespace ECommerce.Mocks.FatturaPa.Checks;

/// <summary>The check characters of Italian numbers: all that can be seen of them without the registry.</summary>
internal static class TaxNumbers
{
    // What letters count at the places 1, 3, 5 and so on; the digits 0 to 9 count as A to J.
    private static readonly int[] Odds =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    /// <summary>Eleven digits, the last of which follows from the others.</summary>
    public static bool IsVatNumber(string code)
    {
        if (code.Length != 11 || !code.All(char.IsAsciiDigit))
            return false;
        var sum = 0;
        for (var i = 0; i < 10; i++)
        {
            var digit = (code[i] - '0') * (i % 2 == 0 ? 1 : 2);
            sum += digit > 9 ? digit - 9 : digit;
        }
        return (10 - sum % 10) % 10 == code[10] - '0';
    }

    /// <summary>Of a person, 16 characters whose last follows from the others, or of a body, as a VAT number.</summary>
    public static bool IsTaxCode(string code)
    {
        if (code.Length != 16)
            return IsVatNumber(code);
        if (!code.All(static c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c)))
            return false;
        // Places count from 1.
        var sum = code[..15].Select(static (c, i) => i % 2 == 0 ? Odd(c) : Even(c)).Sum();
        return code[15] == 'A' + sum % 26;
    }

    private static int Odd(char c) => char.IsAsciiDigit(c) ? Odds[c - '0'] : Odds[c - 'A'];

    private static int Even(char c) => char.IsAsciiDigit(c) ? c - '0' : c - 'A';
}
