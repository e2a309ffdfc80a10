using System.Diagnostics;
using System.Globalization;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace ECommerce.Api.Tests.Hosting;

internal static class ResourceEventExtensions
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The replicas of a project, each of them healthy.</summary>
    public static async Task<IReadOnlyList<ResourceEvent>> HealthyReplicasAsync(
        this DistributedApplication app, string project, int count, CancellationToken ct)
    {
        var replicas = new Dictionary<string, ResourceEvent>();
        await foreach (var change in app.ResourceNotifications.WatchAsync(ct))
        {
            if (change.Resource.Name == project && change.Snapshot.State?.Text == KnownResourceStates.Running)
                replicas[change.ResourceId] = change;
            if (replicas.Count == count)
                break;
        }
        foreach (var replica in replicas.Values)
            await replica.HealthyAsync(ct);
        return [.. replicas.Values];
    }

    /// <summary>
    /// Waits until a replica is healthy. Aspire checks the health of a project through its proxy, so one replica of
    /// many is not observed.
    /// </summary>
    public static async Task HealthyAsync(this ResourceEvent replica, CancellationToken ct)
    {
        using var client = new HttpClient { BaseAddress = replica.OwnAddress() };
        while (!await IsHealthyAsync(client, ct))
            await Task.Delay(PollInterval, ct);
    }

    /// <summary>The address of one replica, past the proxy that distributes requests over all of them.</summary>
    public static Uri OwnAddress(this ResourceEvent replica) =>
        new(replica.Snapshot.EnvironmentVariables.Single(variable => variable.Name == "ASPNETCORE_URLS").Value!.Split(
            ';')[0]);

    /// <summary>Ends the process of a resource with SIGKILL.</summary>
    public static void Kill(this ResourceEvent instance)
    {
        var pid = instance.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value;
        using var process = Process.GetProcessById(Convert.ToInt32(pid, CultureInfo.InvariantCulture));
        process.Kill();
    }

    private static async Task<bool> IsHealthyAsync(HttpClient replica, CancellationToken ct)
    {
        try
        {
            using var response = await replica.GetAsync(new Uri("/health", UriKind.Relative), ct);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
