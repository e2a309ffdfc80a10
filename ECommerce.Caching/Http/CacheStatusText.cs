using System.Globalization;
using ECommerce.Caching.Diagnostics;

namespace ECommerce.Caching.Http;

/// <summary>The value of <c>Cache-Status</c> (RFC 9211).</summary>
internal static class CacheStatusText
{
    /// <summary>Null: the response has nothing to do with the cache.</summary>
    public static string? Of(CacheTrace trace, long now)
    {
        if (trace.Outcome == CacheOutcome.None)
            return null;
        if (trace.Outcome == CacheOutcome.Miss)
            return "ecommerce; fwd=miss";
        var left = trace.FreshUntil - now;
        return Hit(left, left <= 0 ? "stale" : trace.Outcome == CacheOutcome.Memory ? "memory" : "redis");
    }

    /// <param name="left">Milliseconds until the response is no longer fresh.</param>
    /// <param name="layer">The layer it came from.</param>
    public static string Hit(long left, string layer) =>
        string.Create(
            CultureInfo.InvariantCulture, $"ecommerce; hit; ttl={(long)Math.Floor(left / 1000d)}; detail={layer}");
}
