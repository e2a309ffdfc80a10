using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ECommerce.Api;

/// <summary>
/// Requests that the server rejects before any middleware sees them (malformed request line or headers, a NUL in the
/// path, over-long URI or headers): it would respond with an empty body. Its diagnostic event comes before that
/// response, so the problem is written there.
/// </summary>
internal sealed partial class RejectedRequests(
    DiagnosticListener listener, IOptions<JsonOptions> json, ILogger<RejectedRequests> logger)
    : IHostedService, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = listener.Subscribe(this, static name => name == BadRequest);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // After the response has begun, the server can only close the connection.
        if (value.Value is not IFeatureCollection features
            || features.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException error
            || features.Get<IHttpResponseFeature>() is not { HasStarted: false } response
            || features.Get<IHttpResponseBodyFeature>() is not { } body
            || features.Get<IConnectionTransportFeature>()?.Transport.Output is not { } output)
        {
            return;
        }
        var id = RequestIds.Create();
        LogRejected(id, error.StatusCode, error.Message);
        var problem = new ProblemDetails { Status = error.StatusCode };
        ProblemWriter.Complete(problem, error.StatusCode, traceId: id);
        var content = JsonSerializer.SerializeToUtf8Bytes(
            problem, json.Value.SerializerOptions.GetTypeInfo(typeof(ProblemDetails)));
        response.StatusCode = error.StatusCode;
        response.Headers.ContentType = "application/problem+json";
        response.Headers.ContentLength = content.Length;
        response.Headers.Connection = "close";
        response.Headers[RequestIds.Header] = id;
        SecurityHeaders.Write(response.Headers);
        // There is no body yet that could be written to: the head goes into the buffer of the connection, and the
        // content behind it. The server sees a response that has begun, and closes the connection.
        _ = body.StartAsync();
        if (!HttpMethods.IsHead(features.Get<IHttpRequestFeature>()?.Method ?? ""))
            output.Write(content);
        _ = output.FlushAsync().AsTask();
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Request {CorrelationId} is rejected with {Status}: {Reason}")]
    private partial void LogRejected(string correlationId, int status, string reason);
}
