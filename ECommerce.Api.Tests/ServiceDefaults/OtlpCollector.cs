using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests.ServiceDefaults;

/// <summary>
/// An OpenTelemetry collector: takes traces, metrics and logs by OTLP over gRPC or HTTP with protobuf.
/// </summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _protocol;
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private readonly ConcurrentDictionary<string, string> _texts = new();

    private OtlpCollector(WebApplication app, string protocol) => (_app, _protocol) = (app, protocol);

    /// <summary>The settings that make a process export here, as the AppHost gives them.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.Single()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", _protocol),
        // Only the last export, when the host is disposed, is of interest: it must not be lost.
        ("OTEL_BSP_SCHEDULE_DELAY", "600000"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "600000"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "600000"),
        ("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true"),
        ("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true"),
    ];

    public IEnumerable<OtlpSpan> Spans => _spans;

    /// <param name="protocol"><c>grpc</c> or <c>http/protobuf</c>, the values of OTEL_EXPORTER_OTLP_PROTOCOL.</param>
    public static async Task<OtlpCollector> StartAsync(string protocol)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // gRPC without TLS needs a port of HTTP/2 alone.
        if (protocol == "grpc")
        {
            builder.WebHost.ConfigureKestrel(
                kestrel => kestrel.ConfigureEndpointDefaults(port => port.Protocols = HttpProtocols.Http2));
        }
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var collector = new OtlpCollector(app, protocol);
        app.MapPost(
            "/v1/{signal}", async (string signal, HttpContext context) =>
                collector.Add(signal, await BodyAsync(context)));
        app.MapPost(
            "/opentelemetry.proto.collector.{signal}.v1.{service}/Export", async (string signal, HttpContext context) =>
        {
            // A message of gRPC is a flag, its length in four bytes, and the message; the empty response is a message
            // of length 0.
            var body = await BodyAsync(context);
            Assert.Equal(body.Length - 5, BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)));
            collector.Add(signal is "trace" ? "traces" : signal, body[5..]);
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await app.StartAsync();
        return collector;
    }

    /// <summary>
    /// Everything received of <c>traces</c>, <c>metrics</c> or <c>logs</c>: names and texts are readable in the binary
    /// form.
    /// </summary>
    public string Received(string signal) => _texts.GetValueOrDefault(signal, "");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Add(string signal, byte[] message)
    {
        _texts.AddOrUpdate(
            signal, static (_, text) =>
                text, static (_, before, text) => before + text, Encoding.Latin1.GetString(message));
        if (signal != "traces")
            return;
        foreach (var span in OtlpSpan.ReadAll(message))
            _spans.Enqueue(span);
    }

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }
}
