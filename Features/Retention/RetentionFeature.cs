using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Retention;

internal static class RetentionFeature
{
    public static void AddRetention(this IServiceCollection services)
    {
        services.AddSingleton<RetentionSweep>();
        services.AddHostedService(static provider => provider.GetRequiredService<RetentionSweep>());
    }
}
