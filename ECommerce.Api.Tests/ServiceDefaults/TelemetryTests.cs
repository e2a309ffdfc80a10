using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests.ServiceDefaults;

public class TelemetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_span_has_route_status_and_name()
    {
        using var spans = new Spans();
        await using var app = await StartAsync(endpoints => endpoints.MapGet("/things/{id:int}", (int id) => id));

        await GetAsync(app, "/things/5");

        var span = await spans.EndedAsync("/things/5");
        Assert.Equal("GET /things/{id:int}", span.DisplayName);
        Assert.Equal("/things/{id:int}", span.GetTagItem("http.route"));
        Assert.Equal(200, span.GetTagItem("http.response.status_code"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failed_request_is_an_error_of_its_route(bool withHandler)
    {
        var path = $"/fails/{(withHandler ? 1 : 2)}";
        using var spans = new Spans();
        await using var app = await StartAsync(endpoints =>
        {
            if (withHandler) endpoints.UseExceptionHandler(handler => handler.Run(_ => Task.CompletedTask));
            endpoints.MapGet("/fails/{id}", string (string id) => throw new InvalidOperationException("no"));
        });

        await GetAsync(app, path);

        var span = await spans.EndedAsync(path);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal(500, span.GetTagItem("http.response.status_code"));
        Assert.Equal("/fails/{id}", span.GetTagItem("http.route"));
        Assert.Equal("System.InvalidOperationException", span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task Health_probes_leave_no_span()
    {
        using var spans = new Spans();
        await using var app = await StartAsync(_ => { });

        await GetAsync(app, "/alive");

        Assert.False((await spans.EndedAsync("/alive")).Recorded);
    }

    [Fact]
    public async Task Traces_metrics_and_logs_go_out_and_keys_stay_here()
    {
        await using var collector = new Collector();
        await collector.StartAsync(Cancellation);
        var app = await StartAsync(
            endpoints => endpoints.MapGet("/out", async (IHttpClientFactory http, ILogger<TelemetryTests> logger, HttpContext context) =>
            {
                logger.Log(LogLevel.Warning, default, "A line of the test", null, static (text, _) => text);
                var self = $"http://{context.Request.Host}/ws/V10.svc/rest/Verify/s3cr3tkey?ws_key=s3cr3tkey";
                return (int)(await http.CreateClient().GetAsync(new Uri(self), context.RequestAborted)).StatusCode;
            }),
            new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" });

        await GetAsync(app, "/out");
        await app.StopAsync(Cancellation);
        await app.DisposeAsync();

        Assert.Contains("GET /out", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("/rest/Verify/*", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", collector.Received("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("A line of the test", collector.Received("/v1/logs"), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3tkey", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3tkey", collector.Received("/v1/metrics"), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplication> map, Dictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map(app);
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task GetAsync(WebApplication app, string path)
    {
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        (await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation)).Dispose();
    }

    /// <summary>The server spans of this process; other tests may add theirs, so a test asks by path.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener _listener;
        private readonly ConcurrentDictionary<string, TaskCompletionSource<Activity>> _ended = new();

        public Spans()
        {
            _listener = new()
            {
                ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span => Of(span.GetTagItem("url.path") as string ?? "").TrySetResult(span),
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Task<Activity> EndedAsync(string path) => Of(path).Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        public void Dispose() => _listener.Dispose();

        private TaskCompletionSource<Activity> Of(string path) =>
            _ended.GetOrAdd(path, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>Takes OTLP over HTTP; names and texts can be read in its binary form.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentDictionary<string, string> _received = new();

        public Collector()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            _app = builder.Build();
            _app.MapPost("/v1/{signal}", async (HttpContext context) =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                _received.AddOrUpdate(context.Request.Path, Text(body), (_, before) => before + Text(body));
            });
        }

        public string Address => _app.Urls.Single();

        public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

        public string Received(string path) => _received.GetValueOrDefault(path, "");

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private static string Text(MemoryStream body) => Encoding.Latin1.GetString(body.ToArray());
    }
}
