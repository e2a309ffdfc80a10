using System.Globalization;

namespace ECommerce.Mocks.PrestaShop.Generation;

/// <summary>
/// Codice fiscale of a person, as the decree of 23 December 1976 forms it: surname, first name, birth, place and a
/// check letter. Electronic invoices to consumers need it.
/// </summary>
internal static class TaxCode
{
    private const string Months = "ABCDEHLMPRST";
    private const string Vowels = "AEIOU";

    // What a character in an odd place counts, for 0 to 9 and A to J, and for the other letters.
    private static readonly int[] Odd =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    /// <param name="first">First name.</param>
    /// <param name="last">Surname.</param>
    /// <param name="isWoman">Her day of birth counts 40 more.</param>
    /// <param name="birth">Day of birth.</param>
    /// <param name="place">Of the place of birth: <c>L219</c> is Turin.</param>
    public static string Of(string first, string last, bool isWoman, DateOnly birth, string place)
    {
        var code = string.Create(
            CultureInfo.InvariantCulture,
            $"{Letters(last, skipsSecond: false)}{Letters(first, skipsSecond: true)}{birth.Year % 100:00}"
            + $"{Months[birth.Month - 1]}{birth.Day + (isWoman ? 40 : 0):00}{place}");
        return code + CheckLetter(code);
    }

    // Consonants, then vowels, then X. Of a first name with four consonants or more the second one is left out.
    private static string Letters(string name, bool skipsSecond)
    {
        var letters = Texts.Slug(name).ToUpperInvariant().Where(char.IsAsciiLetterUpper).ToArray();
        var consonants = letters.Where(static letter => !Vowels.Contains(letter)).ToArray();
        if (skipsSecond && consonants.Length > 3)
            consonants = [consonants[0], .. consonants[2..]];
        return new string([.. consonants, .. letters.Where(Vowels.Contains), 'X', 'X', 'X'])[..3];
    }

    private static char CheckLetter(string code)
    {
        var sum = 0;
        foreach (var (index, letter) in code.Index())
        {
            var value = char.IsAsciiDigit(letter) ? letter - '0' : letter - 'A';
            sum += index % 2 == 0 ? Odd[value] : value;
        }
        return (char)('A' + sum % 26);
    }
}
