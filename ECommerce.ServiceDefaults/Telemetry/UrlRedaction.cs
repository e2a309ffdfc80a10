using System.Text.RegularExpressions;

namespace ECommerce.ServiceDefaults.Telemetry;

/// <summary>Addresses as they may be written down: no user, no query, and no path segment that is or looks like a key.</summary>
public static partial class UrlRedaction
{
    public static string Redact(string url)
    {
        var end = url.AsSpan().IndexOfAny('?', '#');
        var shown = end < 0 ? url : url[..end];
        shown = UserInfo().Replace(shown, "://");
        shown = KeyOfProvider().Replace(shown, "$1*");
        return LooksLikeKey().Replace(shown, "*");
    }

    [GeneratedRegex("://[^/@]*@")]
    private static partial Regex UserInfo();

    // fatturapa.com: /ws/V10.svc/rest/{operation}/{key}
    [GeneratedRegex(@"(\.svc/rest/[^/]+/)[^/]+", RegexOptions.IgnoreCase)]
    private static partial Regex KeyOfProvider();

    [GeneratedRegex("(?<=/)(?=[^/]*[0-9])(?=[^/]*[A-Za-z])[A-Za-z0-9_=+-]{20,}(?=/|$)")]
    private static partial Regex LooksLikeKey();
}
