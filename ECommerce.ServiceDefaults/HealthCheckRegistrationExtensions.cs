using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ECommerce.ServiceDefaults;

internal static class HealthCheckRegistrationExtensions
{
    /// <summary>
    /// Adds the check unless one of that name is registered; the configuration is read when the host is built, not
    /// before.
    /// </summary>
    public static void AddHealthCheckOnce(
        this IServiceCollection services, Func<IConfiguration, bool> enabled, HealthCheckRegistration registration)
    {
        services.AddHealthChecks();
        services.AddOptions<HealthCheckServiceOptions>().Configure<IConfiguration>((options, configuration) =>
        {
            if (!enabled(configuration) || options.Registrations.Any(other => other.Name == registration.Name))
                return;
            options.Registrations.Add(registration);
        });
    }
}
