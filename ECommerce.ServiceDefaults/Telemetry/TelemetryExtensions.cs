using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ECommerce.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    // Our own sources and meters all begin with the name of the system.
    private const string Ours = "ECommerce.*";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // Without it the server spans of .NET 10 come without any attribute.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ServerSpanStartupFilter>());
        // "Request starting" writes the whole address: shop keys and customers' names travel in queries.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
        if (LogFile.Open(builder.Configuration, TimeProvider.System) is { } file)
            builder.Services.AddSingleton<ILoggerProvider>(_ => file); // By a factory, so that it is closed with the host.
        builder.Services.TryAddSingleton<PrometheusCollector>();

        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;

        var applicationName = builder.Environment.ApplicationName;
        builder.Services.AddSingleton(services => CreateTracerProvider(services.GetRequiredService<IConfiguration>(), applicationName));
        builder.Services.AddSingleton(services => CreateMeterProvider(services.GetRequiredService<IConfiguration>(), applicationName));
        builder.Services.AddHostedService<TelemetryService>();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
            logging.AddOtlpExporter();
        });
    }

    private static TracerProvider CreateTracerProvider(IConfiguration configuration, string applicationName) =>
        Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .AddSource(applicationName, Ours, "Microsoft.AspNetCore", "System.Net.Http")
            // Before the exporter: what it has not rewritten yet must not leave the process.
            .AddProcessor(new UrlRedactionProcessor())
            .AddOtlpExporter()
            .Build();

    private static MeterProvider CreateMeterProvider(IConfiguration configuration, string applicationName) =>
        Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .AddMeter(
                applicationName, Ours, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
                "Microsoft.AspNetCore.Routing", "System.Net.Http", "System.Runtime")
            .AddOtlpExporter()
            .Build();
}
