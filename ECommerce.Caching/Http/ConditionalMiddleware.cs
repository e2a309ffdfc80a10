using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Http.Bodies;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Caching.Http;

/// <summary>
/// Serves responses from L1; responds with 304 where the client already has what the handler has just built (the output
/// cache does the same for what it holds); sends the content coding that the client prefers; and names the layer in
/// <c>Cache-Status</c> (RFC 9211).
/// </summary>
internal sealed class ConditionalMiddleware(
    RequestDelegate next, CacheClock clock, TagTable tags, ResponseFastPath warm)
{
    private static readonly Func<object, Task> OnStarting = static state =>
    {
        ((Miss)state).Complete();
        return Task.CompletedTask;
    };

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
        (trace.BegunAsOf, trace.BegunAt) = (tags.Moment, clock.Now);
        var response = context.Response;
        var original = response.Body;
        var miss = new Miss(
            context, trace, clock, warm, OuterHeaders.Take(response), isHead: original is DiscardedBody);
        response.OnStarting(OnStarting, miss);
        response.Body = new ResponseBody(original, response, miss.Begin);
        try
        {
            await next(context).ConfigureAwait(false);
            // What the endpoint wrote into the pipe and did not flush is part of its response.
            if (response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 } pipe)
                await pipe.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            response.Body = original;
            if (!response.HasStarted)
                miss.Outer?.Restore(response.Headers);
        }
    }

    private ValueTask RespondAsync(HttpContext context, CacheEntry<StoredResponse> entry)
    {
        var (response, value) = (context.Response, entry.Value);
        var headers = response.Headers;
        headers[ResponseHeaders.CacheStatus] = CacheStatusText.Hit(entry.FreshUntil - clock.Now, "memory");
        ResponseHeaders.WriteCaching(headers, value.ETag!);
        if (context.Request.Headers.IfNoneMatch is { Count: > 0 } ifNoneMatch
            && ResponseHeaders.Match(value.ETag, ifNoneMatch) is { } known)
        {
            headers.ETag = known;
            ResponseHeaders.WriteOwn(headers, value.Headers, notModified: true);
            response.StatusCode = StatusCodes.Status304NotModified;
            return ValueTask.CompletedTask;
        }
        var body = value.Body;
        if (body.Length >= ContentCodings.MinLength && warm.Encoded(context, value, entry) is { Body: { } bytes } coded)
        {
            headers.ETag = coded.ETag;
            headers.ContentEncoding = ContentCodings.Name(coded.Coding);
            body = bytes;
        }
        ResponseHeaders.WriteContent(response, body.Length);
        ResponseHeaders.WriteOwn(headers, value.Headers);
        return response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>A response that L1 does not have, until it starts.</summary>
    private sealed class Miss(
        HttpContext context, CacheTrace trace, CacheClock clock, ResponseFastPath warm, OuterHeaders? outer,
        bool isHead)
    {
        public OuterHeaders? Outer => outer;

        /// <summary>At the first byte: the endpoint has set its status and headers.</summary>
        public void Begin(ResponseBody body)
        {
            var response = context.Response;
            trace.Headers ??= [.. response.Headers];
            if (response.StatusCode != StatusCodes.Status200OK)
                return;
            var etag = response.Headers.ETag;
            if (context.Request.Headers.IfNoneMatch is { Count: > 0 } ifNoneMatch
                && ResponseHeaders.Match(etag, ifNoneMatch) is { } known)
            {
                TurnInto304(response, known);
                body.IsSuppressed = true;
            }
            else if (Encoded(response, etag) is { Body: { } bytes } coded)
            {
                response.Headers.ETag = coded.ETag;
                response.Headers.ContentEncoding = ContentCodings.Name(coded.Coding);
                // Sent in chunks: the middleware stores no body whose length differs from Content-Length.
                response.ContentLength = null;
                body.Replacement = bytes;
            }
        }

        /// <summary>When the response starts, so that what describes this request only is not stored with it.</summary>
        public void Complete()
        {
            var headers = context.Response.Headers;
            trace.Headers ??= [.. headers];
            if (CacheStatusText.Of(trace, clock.Now) is { } status)
                headers[ResponseHeaders.CacheStatus] = status;
            headers.Remove(HeaderNames.Age);
            outer?.Restore(headers);
        }

        private void TurnInto304(HttpResponse response, string etag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.ETag = etag;
            response.Headers.ContentLength = null;
            response.Headers.ContentType = StringValues.Empty;
            trace.TurnedInto304 = true;
        }

        private EncodedBody? Encoded(HttpResponse response, StringValues etag)
        {
            // Only what is cached: the rest may hold secrets beside what a client sent (BREACH). HEAD
            // shows the length, not the coding.
            if (isHead || response.Headers.ContentEncoding.Count > 0
                || context.GetEndpoint()?.Metadata.GetMetadata<IOutputCachePolicy>() is null)
            {
                return null;
            }
            if (trace.Stored is { } stored)
                return stored.Value.ETag is { } own && own == etag ? warm.Encoded(context, stored.Value, stored) : null;
            if (trace.Body is not var (written, bytes) || written != etag || bytes.Length < ContentCodings.MinLength)
                return null;
            var coding = ContentCodings.Negotiate(context.Request.Headers.AcceptEncoding);
            return coding == ContentCoding.Identity ? null
                : trace.Encoded = EncodedBody.From(coding, bytes, written);
        }
    }
}
