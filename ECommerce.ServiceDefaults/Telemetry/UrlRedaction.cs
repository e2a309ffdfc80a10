using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

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

/// <summary>
/// Removes secrets from the addresses of spans. The redaction of the instrumentation does not suffice: it covers
/// queries only, and Aspire switches it off (OTEL_DOTNET_EXPERIMENTAL_*_DISABLE_URL_QUERY_REDACTION=true).
/// </summary>
internal sealed class UrlRedactionProcessor : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        RedactTag(data, "url.full");
        RedactTag(data, "url.path");
        if (data.GetTagItem("url.query") is not null)
            data.SetTag("url.query", null);
    }

    private static void RedactTag(Activity activity, string tag)
    {
        if (activity.GetTagItem(tag) is string url)
            activity.SetTag(tag, UrlRedaction.Redact(url));
    }
}
