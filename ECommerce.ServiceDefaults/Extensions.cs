using ECommerce.ServiceDefaults;
using ECommerce.ServiceDefaults.Http;
using ECommerce.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

#pragma warning disable IDE0130 // The namespace of Aspire's template: every Program.cs has it in scope.
namespace Microsoft.Extensions.Hosting;
#pragma warning restore IDE0130

/// <summary>The defaults of every service: telemetry, health, service discovery and resilient HTTP clients.</summary>
public static class Extensions
{
    private const string Live = "live";
    private const string Ready = "ready";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // Before anything reads a setting.
        SecretFiles.Add(builder.Configuration);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);
        builder.Services.AddHttpClientDefaults();

        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (all checks, for people), <c>/ready</c> (whether requests may be sent), <c>/alive</c> (the
    /// process itself) and <c>/metrics</c> (Prometheus text), in every environment: balancers and monitoring use them.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPaths.Health).AllowAnonymous().DisableHttpMetrics();
        foreach (var (path, tag) in ((string, string)[])[(HealthPaths.Ready, Ready), (HealthPaths.Alive, Live)])
        {
            app.MapHealthChecks(path, new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag) })
                .AllowAnonymous().DisableHttpMetrics();
        }
        // Created now, so that measurements before the first scrape are counted.
        var metrics = app.Services.GetRequiredService<PrometheusCollector>();
        app.MapGet(HealthPaths.Metrics, () => Results.Text(metrics.Scrape(), PrometheusText.ContentType))
            .AllowAnonymous()
            .DisableHttpMetrics()
            .ExcludeFromDescription();

        return app;
    }
}

internal static class HealthPaths
{
    public const string Health = "/health";
    public const string Ready = "/ready";
    public const string Alive = "/alive";

    public const string Metrics = "/metrics";

    public static bool Contains(PathString path) =>
        path.StartsWithSegments(Health) || path.StartsWithSegments(Ready) || path.StartsWithSegments(Alive)
        || path.StartsWithSegments(Metrics);
}
