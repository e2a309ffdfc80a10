using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Caching.Http;

/// <summary>
/// Answers 304 where the client already has what the handler has just built (the output cache does the same for what it holds), and tells in
/// <c>Cache-Status</c> (RFC 9211) which layer answered.
/// </summary>
internal sealed class ConditionalMiddleware(RequestDelegate next, CacheClock clock)
{
    private const string CacheStatus = "Cache-Status";
    private static readonly Func<object, Task> OnStarting = static state => Complete(((ConditionalMiddleware, HttpResponse, CacheTrace))state);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        var trace = CacheTrace.Begin();
        // Set when the response starts, so that it is not kept with the response: it tells of this request alone.
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

    private static Task Complete((ConditionalMiddleware Middleware, HttpResponse Response, CacheTrace Trace) started)
    {
        var headers = started.Response.Headers;
        if (started.Middleware.Status(started.Trace) is { } status)
            headers[CacheStatus] = status;
        headers.Remove(HeaderNames.Age);
        return Task.CompletedTask;
    }

    private static void TurnInto304(HttpResponse response, StringValues ifNoneMatch, CacheTrace trace, ResponseBody body)
    {
        if (response.StatusCode != StatusCodes.Status200OK || !Matches(response.Headers.ETag, ifNoneMatch))
            return;
        response.StatusCode = StatusCodes.Status304NotModified;
        response.Headers.ContentLength = null;
        response.Headers.ContentType = StringValues.Empty;
        trace.TurnedInto304 = true;
        body.IsSuppressed = true;
    }

    private static bool Matches(StringValues current, StringValues ifNoneMatch)
    {
        // Nearly always the one tag that we gave.
        if (ifNoneMatch.Count == 1 && current.Count == 1 && current[0] is { Length: > 2 } text && text == ifNoneMatch[0])
            return true;
        if (!EntityTagHeaderValue.TryParse(current.ToString(), out var tag))
            return false;
        if (!EntityTagHeaderValue.TryParseList(ifNoneMatch!, out var known))
            return false;
        // RFC 9110, 13.1.2: the weak comparison.
        return known.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false));
    }

    private string? Status(CacheTrace trace)
    {
        if (trace.Outcome == CacheOutcome.None)
            return null;
        if (trace.Outcome == CacheOutcome.Miss)
            return "ecommerce; fwd=miss";
        var left = trace.FreshUntil - clock.Now;
        var ttl = Math.Floor(left / 1000d);
        var layer = left <= 0 ? "stale" : trace.Outcome == CacheOutcome.Memory ? "memory" : "redis";
        return string.Create(CultureInfo.InvariantCulture, $"ecommerce; hit; ttl={ttl}; detail={layer}");
    }
}
