using System.Text.RegularExpressions;

namespace ECommerce.Features.Invoices.Parties;

/// <summary>Codice fiscale: sixteen characters for a person, eleven digits for a body.</summary>
internal static partial class ItalianTaxCode
{
    // What a character in an odd place counts, for 0 to 9 and A to J, and for the other letters.
    private static readonly int[] Odd =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    /// <summary>Whether it looks like the code of a person. Digits of codes that occur twice become letters.</summary>
    public static bool IsOfPerson(string code) => Form().IsMatch(code);

    /// <summary>Whether form and check character are right.</summary>
    public static bool IsValid(string code) =>
        code.Length == 16 ? IsOfPerson(code) && code[^1] == CheckLetter(code) : ItalianVatNumber.IsValid(code);

    private static char CheckLetter(string code)
    {
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var value = char.IsAsciiDigit(code[i]) ? code[i] - '0' : code[i] - 'A';
            sum += i % 2 == 0 ? Odd[value] : value;
        }
        return (char)('A' + (sum % 26));
    }

    [GeneratedRegex(
        @"^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]\z")]
    private static partial Regex Form();
}
