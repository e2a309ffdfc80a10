using System.Globalization;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Caching.Http;

/// <summary>
/// Serves responses from L1; responds with 304 where the client already has what the handler has just built (the output
/// cache does the same for what it holds); and names the layer in <c>Cache-Status</c> (RFC 9211).
/// </summary>
internal sealed class ConditionalMiddleware(RequestDelegate next, CacheClock clock, ResponseFastPath warm)
{
    private static readonly Func<object, Task> OnStarting = static state =>
        Complete(((ConditionalMiddleware, HttpResponse, CacheTrace))state);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        if (warm.Find(context) is { } entry)
        {
            await RespondAsync(context, entry).ConfigureAwait(false);
            return;
        }
        var trace = CacheTrace.Begin();
        // Set when the response starts, so that it is not stored with the response: it describes this request only.
        context.Response.OnStarting(OnStarting, (this, context.Response, trace));

        var ifNoneMatch = context.Request.Headers.IfNoneMatch;
        if (ifNoneMatch.Count == 0)
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        var original = context.Response.Body;
        var body = new ResponseBody(original, context.Response)
        {
            Beginning = started => TurnInto304(context.Response, ifNoneMatch, trace, started),
        };
        context.Response.Body = body;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            context.Response.Body = original;
        }
    }

    private ValueTask RespondAsync(HttpContext context, CacheEntry<ResponseBytes> entry)
    {
        var (response, value) = (context.Response, entry.Value);
        response.Headers[ResponseHeaders.CacheStatus] = Hit(entry.FreshUntil - clock.Now, "memory");
        ResponseHeaders.WriteCaching(response.Headers, value.ETag!);
        if (context.Request.Headers.IfNoneMatch is { Count: > 0 } ifNoneMatch
            && ResponseHeaders.Match(value.ETag, ifNoneMatch))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return ValueTask.CompletedTask;
        }
        ResponseHeaders.WriteContent(response, value.BodyLength);
        return response.Body.WriteAsync(value.Body, context.RequestAborted);
    }

    private static Task Complete((ConditionalMiddleware Middleware, HttpResponse Response, CacheTrace Trace) started)
    {
        var headers = started.Response.Headers;
        if (started.Middleware.Status(started.Trace) is { } status)
            headers[ResponseHeaders.CacheStatus] = status;
        headers.Remove(HeaderNames.Age);
        return Task.CompletedTask;
    }

    private static void TurnInto304(
        HttpResponse response, StringValues ifNoneMatch, CacheTrace trace, ResponseBody body)
    {
        if (response.StatusCode != StatusCodes.Status200OK
            || !ResponseHeaders.Match(response.Headers.ETag, ifNoneMatch))
        {
            return;
        }
        response.StatusCode = StatusCodes.Status304NotModified;
        response.Headers.ContentLength = null;
        response.Headers.ContentType = StringValues.Empty;
        trace.TurnedInto304 = true;
        body.IsSuppressed = true;
    }

    private string? Status(CacheTrace trace)
    {
        if (trace.Outcome == CacheOutcome.None)
            return null;
        if (trace.Outcome == CacheOutcome.Miss)
            return "ecommerce; fwd=miss";
        var left = trace.FreshUntil - clock.Now;
        return Hit(left, left <= 0 ? "stale" : trace.Outcome == CacheOutcome.Memory ? "memory" : "redis");
    }

    private static string Hit(long left, string layer) =>
        string.Create(
            CultureInfo.InvariantCulture, $"ecommerce; hit; ttl={(long)Math.Floor(left / 1000d)}; detail={layer}");
}
