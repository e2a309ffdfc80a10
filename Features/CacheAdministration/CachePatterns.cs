using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

/// <summary>What the routes of the cache have in common.</summary>
internal static class CachePatterns
{
    public const int MaxLength = 256;

    public static ProblemHttpResult OfAnotherTenant(CacheScope scope) => Problems.Forbidden(
        "other_tenant", $"An ADMIN reaches the entries of the own tenant only: those of '{scope.Tenant}'.");

    public static ProblemHttpResult RedisUnavailable() => Problems.Unavailable(
        "redis_unavailable", "Redis does not respond, so its keys are unknown: see /health/cache, and try again.");

    /// <summary>Other nodes may still serve what was removed, for two seconds at most.</summary>
    public static void MarkIfDeferred(HttpContext http, InvalidationOutcome outcome)
    {
        if (outcome == InvalidationOutcome.Deferred)
            http.Response.Headers["Cache-Invalidation"] = "deferred";
    }
}
