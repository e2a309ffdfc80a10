using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ECommerce.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    // The sources and meters of this system all begin with its name.
    private const string OwnSources = "ECommerce.*";

    /// <summary>Whether telemetry is exported by OTLP: the endpoint is set, as the Aspire dashboard does.</summary>
    public static bool HasOtlpEndpoint(this IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // "Request starting" writes the whole address: shop keys and customers' names travel in queries.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        // One line per attempt of an outgoing request; retries and circuit changes are warnings.
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        builder.Logging.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
        if (LogFile.Open(builder.Configuration, TimeProvider.System) is { } file)
            // By a factory, so that it is closed with the host.
            builder.Services.AddSingleton<ILoggerProvider>(_ => file);
        builder.Services.TryAddSingleton<PrometheusCollector>();

        // Without an exporter no listener: spans would be made for nothing, also on cached responses.
        if (builder.Configuration.HasOtlpEndpoint())
            builder.AddOpenTelemetry();
    }

    private static void AddOpenTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, OwnSources, BackgroundQueryFilter.MySqlSource)
                .AddAspNetCoreInstrumentation(
                    http => http.Filter = static context => !HealthPaths.Contains(context.Request.Path))
                .AddHttpClientInstrumentation()
                .AddProcessor(new BackgroundQueryFilter())
                .AddProcessor(new UrlRedactionProcessor()))
            .WithMetrics(metrics => metrics
                .AddMeter(builder.Environment.ApplicationName, OwnSources, BackgroundQueryFilter.MySqlSource, "Polly")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            // Its processor runs last: what the others have not redacted yet must not leave the process.
            .UseOtlpExporter();

        // With http/protobuf the exporters use named clients of the factory. Their last export comes when the host is
        // disposed, after the resilience pipelines: sent through them, everything since the last interval would be
        // lost.
        foreach (var client in (string[])["OtlpTraceExporter", "OtlpMetricExporter", "OtlpLogExporter"])
        {
            builder.Services.AddHttpClient(client)
                .ConfigureAdditionalHttpMessageHandlers(static (handlers, _) => handlers.Clear());
        }
    }
}

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
