using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Keys;
using ECommerce.Caching.SingleFlight;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Caching.Http;

/// <summary>
/// Lets the output cache serve and keep authenticated responses, under our own key: what a response depends on is in
/// the key of its data, and in what the endpoint's policy varies by besides. The middleware's own locking is off: it
/// leaves the waiting clients without a response when the first one disconnects, and concurrent misses are made one
/// below, by the data cache.
/// </summary>
internal sealed class DataOutputPolicy(CacheEngine engine, ResponseFastPath warm) : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var rules = context.CacheVaryByRules;
        var request = context.HttpContext.Request;
        var cacheable = !string.IsNullOrEmpty(rules.CacheKeyPrefix) && HttpMethods.IsGet(request.Method);
        context.EnableOutputCaching = cacheable;
        context.AllowCacheLookup = cacheable;
        context.AllowCacheStorage = cacheable;
        context.AllowLocking = false;
        // As long as the data; a shorter time that the endpoint asks for counts.
        context.ResponseExpirationTimeSpan ??= TimeSpan.MaxValue;
        // What the default policy sets.
        if (rules.QueryKeys == "*")
            rules.QueryKeys = StringValues.Empty;
        rules.VaryByHost = false;
        // RFC 9110, 13.1.3: ignored, since there is no Last-Modified. The middleware would compare it with Date, which
        // hides a write of the same second.
        request.Headers.IfModifiedSince = StringValues.Empty;
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        Remember(context);
        // Concurrent look-ups of one key are made once by the middleware, under the first request: the traces of the
        // others are empty.
        if (CacheTrace.Current is { Outcome: CacheOutcome.None } trace && engine.Memory.FindServable(
            ResponseKey.OfMiddleware(context.CacheVaryByRules.CacheKeyPrefix), MultiLevelOutputCacheStore.Layer)
                is { } entry)
        {
            trace.Served(CacheOutcome.Memory, entry.FreshUntil);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        Remember(context);
        var response = context.HttpContext.Response;
        var trace = CacheTrace.Current;
        var isCacheable = response.StatusCode == StatusCodes.Status200OK || trace is { TurnedInto304: true };
        // As the endpoint set them: by now they may have been completed for this request.
        var headers = new HeaderDictionary();
        foreach (var (name, value) in trace is null ? [] : trace.Headers ??= [.. response.Headers])
            headers[name] = value;
        // Set again: the default policy, which runs before, stores no response to an authenticated user.
        context.AllowCacheStorage = context.EnableOutputCaching && isCacheable && IsStorable(headers, context)
            && !context.HttpContext.RequestAborted.IsCancellationRequested;
        return ValueTask.CompletedTask;
    }

    // A coded body would reach clients that cannot read it; a response that varies by a header must have it in its key.
    private static bool IsStorable(HeaderDictionary headers, OutputCacheContext context) =>
        headers[HeaderNames.SetCookie].Count == 0 && headers[HeaderNames.ContentEncoding].Count == 0
        && !headers[HeaderNames.CacheControl].Any(value =>
            CacheControlHeaderValue.TryParse(value, out var directives) && directives.NoStore)
        && headers.GetCommaSeparatedValues(HeaderNames.Vary).All(name =>
            name.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase)
            || name.Equals(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase)
            || context.CacheVaryByRules.HeaderNames.Contains(name, StringComparer.OrdinalIgnoreCase));

    // By now all policies have set their rules.
    private void Remember(OutputCacheContext context)
    {
        var rules = context.CacheVaryByRules;
        if (rules.HeaderNames.Count == 0 && rules.QueryKeys.Count == 0 && rules.RouteValueNames.Count == 0
            && rules.VaryByValues.Count == 0 && !rules.VaryByHost
            && context.HttpContext.Features.Get<ResponseKeyFeature>() is { } key)
        {
            warm.Remember(context.HttpContext.GetEndpoint(), key.Source);
        }
    }
}
