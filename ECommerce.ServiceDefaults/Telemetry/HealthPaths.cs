using Microsoft.AspNetCore.Http;

namespace ECommerce.ServiceDefaults.Telemetry;

internal static class HealthPaths
{
    public const string Health = "/health";
    public const string Alive = "/alive";

    public const string Metrics = "/metrics";

    public static bool Contains(PathString path) =>
        path.StartsWithSegments(Health) || path.StartsWithSegments(Alive) || path.StartsWithSegments(Metrics);
}
