using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.SingleFlight;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;

namespace ECommerce.Caching.Http;

/// <summary>
/// Lets the output cache serve and keep authenticated responses, under our own key and nothing else: what a response
/// depends on is in the key of its data. The middleware's own locking is off: it leaves the waiting clients without a
/// response when the first one disconnects, and concurrent misses are made one below, by the data cache.
/// </summary>
internal sealed class DataOutputPolicy(CacheEngine engine) : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var rules = context.CacheVaryByRules;
        var cacheable = !string.IsNullOrEmpty(rules.CacheKeyPrefix)
            && HttpMethods.IsGet(context.HttpContext.Request.Method);
        context.EnableOutputCaching = cacheable;
        context.AllowCacheLookup = cacheable;
        context.AllowCacheStorage = cacheable;
        context.AllowLocking = false;
        rules.QueryKeys = StringValues.Empty;
        rules.VaryByHost = false;
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        // Concurrent look-ups of one key are made once by the middleware, under the first request: the traces of the
        // others are empty.
        if (CacheTrace.Current is { Outcome: CacheOutcome.None } trace && engine.Memory.FindServable(
            context.CacheVaryByRules.CacheKeyPrefix!, MultiLevelOutputCacheStore.Layer) is { } entry)
        {
            trace.Served(CacheOutcome.Memory, entry.FreshUntil);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        var isCacheable = response.StatusCode == StatusCodes.Status200OK
            || CacheTrace.Current is { TurnedInto304: true };
        // Set again: the default policy, which runs before, stores no response to an authenticated user.
        context.AllowCacheStorage = context.EnableOutputCaching
            && isCacheable && response.Headers.SetCookie.Count == 0
                && !context.HttpContext.RequestAborted.IsCancellationRequested;
        return ValueTask.CompletedTask;
    }
}
