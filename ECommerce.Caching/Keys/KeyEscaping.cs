using System.Buffers;
using System.Text;

namespace ECommerce.Caching.Keys;

/// <summary>
/// Percent-escapes key parameters: what parts keys, what globs mean, what hash tags mean and what cannot be seen
/// (<c>: * ? [ ] { } \ % </c>, blanks, control characters) is written as its UTF-8 bytes in <c>%XX</c>. Reversible,
/// hence without collisions.
/// </summary>
internal static class KeyEscaping
{
    private static readonly SearchValues<char> Reserved =
        SearchValues.Create(":*?[]{}\\% \u007f" + string.Concat(Enumerable.Range(0, 32).Select(c => (char)c)));

    // Nearly all values have nothing else.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    // An empty value would give the same key as no value at all next to a colon-ended literal; no other value escapes
    // to this.
    private const string Empty = "%";

    // Nor to this.
    private const string Null = "%-";

    public static string Escape(string? value)
    {
        if (value is null)
            return Null;
        if (value.Length == 0)
            return Empty;
        if (!value.AsSpan().ContainsAnyExcept(Plain)
            || (!value.AsSpan().ContainsAny(Reserved) && !NeedsUnicodeCare(value)))
        {
            return value;
        }

        var escaped = new StringBuilder(value.Length + 16);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsSurrogate(c))
            {
                if (i + 1 < value.Length && char.IsSurrogatePair(c, value[i + 1]))
                {
                    escaped.Append(c).Append(value[++i]);
                    continue;
                }
                // UTF-8 has no form for half a pair and would make all of them U+FFFD: its code unit keeps them apart.
                escaped.Append("%u").Append(((int)c).ToString("X4", System.Globalization.CultureInfo.InvariantCulture));
            }
            else if (Reserved.Contains(c) || char.IsControl(c) || char.IsWhiteSpace(c))
            {
                var written = new Rune(c).EncodeToUtf8(utf8);
                foreach (var b in utf8[..written])
                    escaped.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                escaped.Append(c);
            }
        }
        return escaped.ToString();
    }

    private static bool NeedsUnicodeCare(string value)
    {
        foreach (var c in value)
        {
            if (c > 0x7f && (char.IsSurrogate(c) || char.IsControl(c) || char.IsWhiteSpace(c)))
                return true;
        }
        return false;
    }
}
