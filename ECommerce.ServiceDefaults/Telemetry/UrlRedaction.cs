using System.Text.RegularExpressions;

namespace ECommerce.ServiceDefaults.Telemetry;

/// <summary>
/// Removes user, query, and path segments that are or look like a key, so that an address can be logged.
/// </summary>
public static partial class UrlRedaction
{
    public static string Redact(string url)
    {
        var end = url.AsSpan().IndexOfAny('?', '#');
        var redacted = end < 0 ? url : url[..end];
        redacted = UserInfo().Replace(redacted, "://");
        redacted = KeyOfProvider().Replace(redacted, "$1*");
        return LooksLikeKey().Replace(redacted, "*");
    }

    [GeneratedRegex("://[^/@]*@")]
    private static partial Regex UserInfo();

    // fatturapa.com: /ws/V10.svc/rest/{operation}/{key}
    [GeneratedRegex(@"(\.svc/rest/[^/]+/)[^/]+", RegexOptions.IgnoreCase)]
    private static partial Regex KeyOfProvider();

    [GeneratedRegex("(?<=/)(?=[^/]*[0-9])(?=[^/]*[A-Za-z])[A-Za-z0-9_=+-]{20,}(?=/|$)")]
    private static partial Regex LooksLikeKey();
}
