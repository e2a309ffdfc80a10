using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>Makes text of a shop valid Unicode, and cuts it without breaking a character.</summary>
internal static class ShopText
{
    private const int EscapeLength = 6;

    /// <summary>
    /// The same JSON with U+FFFD in place of bytes that are not UTF-8, and of escaped surrogates without their pair:
    /// PHP passes on what an import once wrote into the shop's database.
    /// </summary>
    public static Memory<byte> Repaired(Memory<byte> json)
    {
        var valid = Utf8.IsValid(json.Span) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        ReplaceLoneSurrogates(valid.Span);
        return valid;
    }

    /// <summary>At most so many UTF-16 code units; a surrogate pair is never cut in two.</summary>
    public static string Cut(string text, int maxLength) =>
        text.Length <= maxLength
            ? text
            : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];

    private static void ReplaceLoneSurrogates(Span<byte> json)
    {
        for (var at = json.IndexOf((byte)'\\'); at >= 0;)
        {
            var escape = json[at..];
            var length = 2;
            if (Escaped(escape) is { } unit)
            {
                length = EscapeLength;
                if (char.IsHighSurrogate(unit) && Escaped(escape[EscapeLength..]) is { } second
                    && char.IsLowSurrogate(second))
                {
                    length = 2 * EscapeLength;
                }
                else if (char.IsSurrogate(unit))
                {
                    @"\ufffd"u8.CopyTo(escape);
                }
            }
            at += Math.Min(length, escape.Length);
            var next = json[at..].IndexOf((byte)'\\');
            at = next < 0 ? -1 : at + next;
        }
    }

    /// <summary>The code unit of the escape <c>\uXXXX</c> at the start, if there is one.</summary>
    private static char? Escaped(ReadOnlySpan<byte> text) =>
        text.Length >= EscapeLength && text[0] == '\\' && text[1] == 'u'
        && Utf8Parser.TryParse(text[2..EscapeLength], out ushort unit, out var digits, 'x') && digits == 4
            ? (char)unit
            : null;
}
