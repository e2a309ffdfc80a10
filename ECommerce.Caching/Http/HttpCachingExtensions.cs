using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Caching.Http;

/// <summary>
/// HTTP caching: output policies under the data's own keys, conditional requests, and the headers that name the layer.
/// </summary>
public static class HttpCachingExtensions
{
    /// <summary>Serves HEAD from GET. Belongs before routing, which would find no endpoint for HEAD.</summary>
    public static IApplicationBuilder UseHeadFromGet(this IApplicationBuilder app) =>
        app.UseMiddleware<HeadMiddleware>();

    /// <summary>
    /// Adds <c>If-None-Match</c>, <c>Cache-Status</c> and the output cache to the pipeline. Belongs after
    /// authentication and authorization, so that no response reveals content that its user may not see, and before the
    /// endpoints.
    /// </summary>
    public static IApplicationBuilder UseHttpCaching(this IApplicationBuilder app) =>
        app.UseMiddleware<ConditionalMiddleware>().UseOutputCache();

    /// <summary>
    /// Caches the responses of an endpoint under the key of the data they show: same lifetime, same tags, same layers.
    /// A response lives no longer than any cached value that it was built from, and is not kept if it was built from
    /// none. What else the policy asks for (<c>SetVaryByHeader</c>, <c>With</c>, <c>Expire</c>) is honoured; such an
    /// endpoint's hits take the way through the output-cache middleware.
    /// </summary>
    /// <param name="builder">The output policy under construction.</param>
    /// <param name="policy">The policy of the data; the key must be one of its keys.</param>
    /// <param name="key">The data's key for a request; null when the request is not to be cached.</param>
    public static OutputCachePolicyBuilder Under(
        this OutputCachePolicyBuilder builder, CachePolicy policy, Func<HttpContext, string?> key)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(key);
        return builder
            .SetCacheKeyPrefix(context =>
                ResponseKeyFeature.Get(context, key) is { } own
                    ? ResponseKey.ForMiddleware(own, CacheTrace.Current?.BegunAsOf ?? 0) : string.Empty)
            .AddPolicy<DataOutputPolicy>();
    }
}
