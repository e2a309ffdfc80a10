using System.Globalization;

namespace ECommerce.Mocks.PrestaShop.Query;

/// <summary>
/// Text as MySQL's general collation sees it: case, accents of Latin letters and trailing blanks make no difference.
/// </summary>
internal static class SqlText
{
    private const string Accented = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ";
    private const string Plain = "AAAAAACEEEEIIIINOOOOOUUUUY";

    public static string Fold(string text) => string.Create(text.TrimEnd(' ').Length, text, static (folded, text) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            var upper = char.ToUpperInvariant(text[i]);
            folded[i] = upper < 'À' || Accented.IndexOf(upper) is not (>= 0 and var index) ? upper : Plain[index];
        }
    });

    /// <summary>LIKE over folded texts: % for any run, _ for any character.</summary>
    public static bool Like(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        var (t, p, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                (star, mark) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '_' || pattern[p] == text[t]))
            {
                (p, t) = (p + 1, t + 1);
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].Trim('%').IsEmpty;
    }

    /// <summary>What MySQL makes of a text compared with a number: its numeric beginning, or 0.</summary>
    public static decimal Number(string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        var trimmed = text.AsSpan().TrimStart();
        var length = trimmed.Length;
        while (length > 0)
        {
            var last = trimmed[length - 1];
            if (char.IsAsciiDigit(last)
                && decimal.TryParse(trimmed[..length], Style, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            length--;
        }

        return 0;
    }

    /// <summary>A date literal with its time, or null for what is no date: nothing is equal to that.</summary>
    public static string? Date(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length is not (10 or 19))
            return null;

        var shape = trimmed.Length == 10 ? trimmed + " 00:00:00" : trimmed;
        for (var i = 0; i < shape.Length; i++)
        {
            var fits = i switch
            {
                4 or 7 => shape[i] == '-',
                10 => shape[i] is ' ' or 'T',
                13 or 16 => shape[i] == ':',
                _ => char.IsAsciiDigit(shape[i]),
            };
            if (!fits)
                return null;
        }

        return shape.Replace('T', ' ');
    }
}
