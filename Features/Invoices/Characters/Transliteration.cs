using System.Globalization;
using System.Text;

namespace ECommerce.Features.Invoices.Characters;

/// <summary>Text in the characters that the SDI accepts: Latin-1, or ASCII in some fields.</summary>
internal static class Transliteration
{
    private const char Unknown = '?';

    /// <summary>
    /// The text in Latin-1, on one line. Characters without an equivalent become a question mark, those that are not
    /// shown (emoji, marks) are left out.
    /// </summary>
    public static string ToLatin1(string? text) => Collapse(Write(text ?? ""));

    /// <summary>The text in ASCII, on one line.</summary>
    public static string ToAscii(string? text)
    {
        var ascii = new StringBuilder();
        foreach (var c in ToLatin1(text))
            ascii.Append(c < 0x7F ? c.ToString() : LatinTables.ToAscii.GetValueOrDefault(c, ""));
        return Collapse(ascii);
    }

    /// <summary>Whether letters were lost, and none is left: such text names nothing.</summary>
    public static bool IsLost(string? text) =>
        text is not null && text.Any(char.IsLetter) && !ToLatin1(text).Any(char.IsLetter);

    private static StringBuilder Write(string text)
    {
        var latin = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsBmp)
                Append(latin, Rune.GetUnicodeCategory(rune));
            else
                Append(latin, (char)rune.Value);
        }
        return latin;
    }

    private static void Append(StringBuilder latin, char c)
    {
        if (c < ' ' || c is '\u007F' or '\u00A0' or '\u2028' or '\u2029')
            latin.Append(' ');
        else if (c < '\u007F' || c is > '\u00A0' and <= '\u00FF' and not '\u00AD')
            latin.Append(c);
        else if (latin.Length > 0 && LatinTables.Composed.TryGetValue((latin[^1], c), out var composed))
            latin[^1] = composed;
        else if (LatinTables.ToLatin1.TryGetValue(c, out var written))
            latin.Append(written);
        else
            Append(latin, char.GetUnicodeCategory(c));
    }

    // U+0080 to U+009F are control characters: they come from text of another encoding.
    private static void Append(StringBuilder latin, UnicodeCategory category)
    {
        if (category is UnicodeCategory.SpaceSeparator)
        {
            latin.Append(' ');
        }
        else if (category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
            or UnicodeCategory.CurrencySymbol)
        {
            latin.Append(Unknown);
        }
    }

    private static string Collapse(StringBuilder text)
    {
        var line = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != ' ' || (line.Length > 0 && line[^1] != ' '))
                line.Append(text[i]);
        }
        return line.ToString().TrimEnd(' ');
    }
}
