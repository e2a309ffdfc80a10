using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ECommerce.Caching.Http;

/// <summary>Reports the health of the responding node's cache.</summary>
public static class CacheHealthEndpoint
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>
    /// Maps <c>/health/cache</c>, without authentication: state of the layers, hit rate and mean latency of the last
    /// five minutes. Without Redis it is degraded, which is 200: the node serves.
    /// </summary>
    public static IEndpointConventionBuilder MapCacheHealth(this IEndpointRouteBuilder app) =>
        app.MapGet("/health/cache",
            static async (CacheHealth health, HttpResponse response, CancellationToken cancellationToken) =>
        {
            response.Headers.CacheControl = "no-store";
            return TypedResults.Json(await health.ReportAsync(cancellationToken).ConfigureAwait(false), Json);
        }).AllowAnonymous().DisableHttpMetrics().ExcludeFromDescription();
}
