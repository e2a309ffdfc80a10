namespace ECommerce.Caching.Diagnostics;

/// <summary>The category of all log lines of the cache: <see cref="Name"/>.</summary>
internal static class CacheLogCategory
{
    public const string Name = "ECommerce.Caching.Cache";
}
