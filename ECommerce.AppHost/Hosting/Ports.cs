using System.Net.NetworkInformation;
using Microsoft.Extensions.Configuration;

namespace ECommerce.AppHost.Hosting;

/// <summary>Aspire waits without a message for a taken port, so ports are checked before the start.</summary>
internal static class Ports
{
    private static readonly (string Key, string What)[] Dashboard =
    [
        ("ASPNETCORE_URLS", "the dashboard"),
        ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "the dashboard's telemetry endpoint"),
        ("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "the dashboard's resource service"),
    ];

    /// <exception cref="StartupException">A port is taken.</exception>
    public static void RequireFree(IConfiguration configuration, int apiPort)
    {
        // In tests every port is chosen by the system.
        if (configuration.GetValue("DcpPublisher:RandomizePorts", false))
            return;

        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Select(listener => listener.Port).ToHashSet();
        if (taken.Contains(apiPort))
            throw new StartupException($"Port {apiPort} is taken: choose another with --port=N.");
        foreach (var (key, what) in Dashboard)
        {
            foreach (var url in (configuration[key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Uri.TryCreate(url, UriKind.Absolute, out var address)
                    && address.Port > 0 && taken.Contains(address.Port))
                {
                    throw new StartupException(
                        $"Port {address.Port} of {what} is taken: set {key} to another address.");
                }
            }
        }
    }
}
