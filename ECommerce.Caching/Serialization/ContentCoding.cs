using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace ECommerce.Caching.Serialization;

/// <summary>The content codings of responses (RFC 9110, 8.4.1).</summary>
internal enum ContentCoding
{
    Identity,
    Gzip,
    Brotli,
}

/// <summary>Which coding a client gets, and what the entity tag of a coded body looks like.</summary>
internal static class ContentCodings
{
    public const int Count = 3;

    /// <summary>Shorter bodies are not compressed: they fit into one packet anyway.</summary>
    public const int MinLength = 1024;

    private static readonly StringValues[] Names = [StringValues.Empty, "gzip", "br"];
    private static readonly string[] Suffixes = [string.Empty, "-gzip", "-br"];

    public static StringValues Name(ContentCoding coding) => Names[(int)coding];

    /// <summary>
    /// The coding that <c>Accept-Encoding</c> prefers; of equal ones Brotli. Identity where the header is missing or
    /// names neither: a client that accepts anything (<c>*</c>) accepts identity too.
    /// </summary>
    public static ContentCoding Negotiate(StringValues acceptEncoding)
    {
        var (coding, best) = (ContentCoding.Identity, 0d);
        foreach (var line in acceptEncoding)
        {
            var rest = line.AsSpan();
            foreach (var part in rest.Split(','))
            {
                var item = rest[part].Trim();
                var semicolon = item.IndexOf(';');
                var name = semicolon < 0 ? item : item[..semicolon].TrimEnd();
                var offered = name.Equals("br", StringComparison.OrdinalIgnoreCase) ? ContentCoding.Brotli
                    : name.Equals("gzip", StringComparison.OrdinalIgnoreCase)
                        || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase) ? ContentCoding.Gzip
                    : ContentCoding.Identity;
                if (offered == ContentCoding.Identity)
                    continue;
                var quality = semicolon < 0 ? 1 : Quality(item[(semicolon + 1)..]);
                if (quality > best || (quality == best && quality > 0 && offered > coding))
                    (coding, best) = (offered, quality);
            }
        }
        return coding;
    }

    /// <summary><c>"{tag}"</c> becomes <c>"{tag}-br"</c>.</summary>
    public static string TagOf(string etag, ContentCoding coding) =>
        $"{etag.AsSpan(0, etag.Length - 1)}{Suffixes[(int)coding]}\"";

    /// <summary>Whether a tag is that of the same body, in whatever coding.</summary>
    public static bool IsSameBody(ReadOnlySpan<char> etag, ReadOnlySpan<char> candidate)
    {
        if (etag.SequenceEqual(candidate))
            return true;
        if (etag.Length < 2 || !candidate.StartsWith(etag[..^1]) || !candidate.EndsWith('"'))
            return false;
        var suffix = candidate[(etag.Length - 1)..^1];
        return suffix is "-br" or "-gzip";
    }

    // A weight that is none counts as zero: the coding is not used.
    private static double Quality(ReadOnlySpan<char> parameters)
    {
        var text = parameters.Trim();
        if (!text.StartsWith("q", StringComparison.OrdinalIgnoreCase))
            return 1;
        text = text[1..].TrimStart();
        return text.StartsWith("=")
            && double.TryParse(
                text[1..].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
            ? quality
            : 0;
    }
}
