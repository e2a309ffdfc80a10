using ECommerce.Caching.Warming;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Common.Warming;

/// <summary>Registers what records the most-read keys and fills memory with them.</summary>
internal static class WarmingExtensions
{
    /// <summary>The tag of the health checks behind <c>/ready</c>.</summary>
    private const string Ready = "ready";

    public static void AddWarming(
        this IServiceCollection services, IConfiguration configuration, IReadOnlyList<WarmRead> reads)
    {
        services.AddSingleton(WarmingSettings.Read(configuration));
        services.AddSingleton(reads);
        services.AddSingleton<WarmServices>();
        services.AddSingleton<ListQueries>();
        services.AddSingleton<RecordedReads>();
        services.AddSingleton<WarmingPlan>();
        services.AddSingleton<ReadRecorder>();
        services.AddHostedService(static provider => provider.GetRequiredService<ReadRecorder>());
        services.AddSingleton<CacheWarmer>();
        services.AddSingleton<ICacheWarmer>(static provider => provider.GetRequiredService<CacheWarmer>());
        services.AddHostedService(static provider => provider.GetRequiredService<CacheWarmer>());
        services.AddSingleton<Readiness>();
        services.AddHealthChecks().AddCheck<Readiness>("warming", tags: [Ready]);
    }
}
