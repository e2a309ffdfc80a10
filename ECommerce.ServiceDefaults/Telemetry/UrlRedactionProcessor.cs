using System.Diagnostics;
using OpenTelemetry;

namespace ECommerce.ServiceDefaults.Telemetry;

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
