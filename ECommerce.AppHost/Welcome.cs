using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.AppHost;

/// <summary>Prints what a new user needs once the system is healthy.</summary>
internal static class Welcome
{
    private const string Password = "demo-Passw0rd!";

    public static async Task PrintAsync(DistributedApplication app, EndpointReference api)
    {
        try
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(api.Resource.Name);
            var metrics = await MetricsAsync(app, api.Resource.Name);
            Console.WriteLine($$"""

                  API         {{api.Url}}/swagger
                  Dashboard   {{DashboardLogin(app.Services.GetRequiredService<IConfiguration>())}}
                  Caches      {{api.Url}}/cache-dashboard
                  Metrics     {{string.Join("  ", metrics)}}
                  Demo users  acme.admin, acme.user, globex.admin, super.admin   (password {{Password}})
                  Try         curl -s {{api.Url}}/api/v1/auth/login -H 'Content-Type: application/json' \
                                -d '{"username":"acme.admin","password":"{{Password}}"}'

                """);
        }
        catch (Exception error)
            when (error is OperationCanceledException or DistributedApplicationException or ObjectDisposedException)
        {
            // Stopped or failed before it was healthy: the console and the dashboard show why.
        }
    }

    private static string DashboardLogin(IConfiguration configuration)
    {
        var address = (configuration["ASPNETCORE_URLS"] ?? "").Split(';')[0];
        return configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $"{address}/login?t={token}" : address;
    }

    // Each replica has its own metrics: the common address distributes requests over all replicas.
    private static async Task<IEnumerable<string>> MetricsAsync(DistributedApplication app, string name)
    {
        var addresses = new SortedSet<string>(StringComparer.Ordinal);
        // The present states come first, without a delay.
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await foreach (var change in app.ResourceNotifications.WatchAsync(timeout.Token))
            {
                var urls = change.Snapshot.EnvironmentVariables
                    .FirstOrDefault(variable => variable.Name == "ASPNETCORE_URLS")?.Value;
                if (change.Resource.Name == name && urls is not null)
                    addresses.Add($"{urls.Split(';')[0].TrimEnd('/')}/metrics");
            }
        }
        catch (OperationCanceledException)
        {
            // All present states were read.
        }
        return addresses;
    }
}
