using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace ECommerce.Api.Tests.ServiceDefaults;

public class TelemetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_span_has_route_status_and_name()
    {
        await using var collector = await OtlpCollector.StartAsync("http/protobuf");

        await RunAsync(collector, endpoints => endpoints.MapGet("/things/{id:int}", (int id) => id), "/things/5");

        var span = Assert.Single(collector.Spans, span => span.Attributes.GetValueOrDefault("url.path") == "/things/5");
        Assert.Equal("GET /things/{id:int}", span.Name);
        Assert.Equal("/things/{id:int}", span.Attributes["http.route"]);
        Assert.Equal("200", span.Attributes["http.response.status_code"]);
        Assert.NotEqual(OtlpSpan.Error, span.Status);
    }

    [Theory]
    [InlineData(false, "System.InvalidOperationException")]
    [InlineData(true, "500")]
    public async Task Failed_request_is_an_error_of_its_route(bool withHandler, string errorType)
    {
        await using var collector = await OtlpCollector.StartAsync("http/protobuf");

        await RunAsync(
            collector,
            endpoints =>
            {
                if (withHandler)
                    endpoints.UseExceptionHandler(handler => handler.Run(_ => Task.CompletedTask));
                endpoints.MapGet("/fails/{id}", string (string id) => throw new InvalidOperationException("no"));
            },
            "/fails/1");

        var span = Assert.Single(collector.Spans, span => span.Attributes.GetValueOrDefault("url.path") == "/fails/1");
        Assert.Equal(OtlpSpan.Error, span.Status);
        Assert.Equal("500", span.Attributes["http.response.status_code"]);
        Assert.Equal("/fails/{id}", span.Attributes["http.route"]);
        Assert.Equal(errorType, span.Attributes["error.type"]);
    }

    [Fact]
    public async Task Health_probes_leave_no_span()
    {
        await using var collector = await OtlpCollector.StartAsync("http/protobuf");

        await RunAsync(
            collector, endpoints => endpoints.MapGet("/other", () => "x"), "/alive", "/health", "/metrics", "/other");

        var paths = collector.Spans.Where(span => span.Kind == OtlpSpan.Server)
            .Select(span => span.Attributes["url.path"]).ToList();
        Assert.Contains("/other", paths);
        Assert.DoesNotContain("/alive", paths);
        Assert.DoesNotContain("/health", paths);
        Assert.DoesNotContain("/metrics", paths);
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Traces_metrics_and_logs_are_exported_without_keys(string protocol)
    {
        await using var collector = await OtlpCollector.StartAsync(protocol);

        await RunAsync(
            collector,
            endpoints =>
                endpoints.MapGet(
                    "/out", async (IHttpClientFactory http, ILogger<TelemetryTests> logger, HttpContext context) =>
            {
                logger.Log(LogLevel.Warning, default, "A line of the test", null, static (text, _) => text);
                var self = $"http://{context.Request.Host}/ws/V10.svc/rest/Verify/s3cr3tkey?ws_key=s3cr3tkey";
                return (int)(await http.CreateClient().GetAsync(new Uri(self), context.RequestAborted)).StatusCode;
            }),
            "/out");

        var server = Assert.Single(collector.Spans, span => span.Name == "GET /out");
        var client = Assert.Single(
            collector.Spans, span => span.Kind == OtlpSpan.Client && span.ParentId == server.SpanId);
        Assert.EndsWith("/rest/Verify/*", client.Attributes["url.full"]);
        Assert.Contains("http.server.request.duration", collector.Received("metrics"), StringComparison.Ordinal);
        Assert.Contains("dotnet.gc", collector.Received("metrics"), StringComparison.Ordinal);
        Assert.Contains("A line of the test", collector.Received("logs"), StringComparison.Ordinal);
        foreach (var signal in (string[])["traces", "metrics", "logs"])
            Assert.DoesNotContain("s3cr3tkey", collector.Received(signal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_is_traced()
    {
        await using var app = await StartAsync(_ => { }, []);

        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.DoesNotContain(
            app.Services.GetServices<ILoggerProvider>(), provider => provider.GetType().Name.Contains("OpenTelemetry"));
    }

    /// <summary>
    /// Starts a service that exports to the collector, sends the requests, and stops it: all of its telemetry is out
    /// then.
    /// </summary>
    private static async Task RunAsync(OtlpCollector collector, Action<WebApplication> map, params string[] paths)
    {
        var app = await StartAsync(map, collector.Settings);
        using (var client = new HttpClient { BaseAddress = new(app.Urls.Single()) })
        {
            foreach (var path in paths)
                (await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation)).Dispose();
        }
        await app.StopAsync(Cancellation);
        await app.DisposeAsync();
    }

    private static async Task<WebApplication> StartAsync(
        Action<WebApplication> map, (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.AddServiceDefaults();
        builder.AddRedis("redis");
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map(app);
        await app.StartAsync(Cancellation);
        return app;
    }
}
