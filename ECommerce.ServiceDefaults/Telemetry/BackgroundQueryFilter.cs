using System.Diagnostics;
using OpenTelemetry;

namespace ECommerce.ServiceDefaults.Telemetry;

/// <summary>
/// Drops database and Redis spans that belong to no trace: the heartbeats and polls of background services, several a
/// second, would push the traces of requests out of the dashboard.
/// </summary>
internal sealed class BackgroundQueryFilter : BaseProcessor<Activity>
{
    public const string MySqlSource = "MySqlConnector";

    private const string RedisSource = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    public override void OnEnd(Activity data)
    {
        if (data.ParentSpanId == default && data.Source.Name is MySqlSource or RedisSource)
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
