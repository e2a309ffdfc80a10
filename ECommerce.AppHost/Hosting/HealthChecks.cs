using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ECommerce.AppHost.Hosting;

/// <summary>
/// Health checks that repeat a failing probe themselves. Aspire repeats a failed check after one, two, three, four and
/// then every five seconds, which would add as much to a start.
/// </summary>
internal static class HealthChecks
{
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(200);
    private static readonly HttpClient Http = new() { Timeout = MaxDuration };

    /// <summary>Healthy means that a client can connect, so that WaitFor waits for it.</summary>
    public static IResourceBuilder<T> WithConnectionCheck<T>(
        this IResourceBuilder<T> server, Func<string, CancellationToken, Task> connect)
        where T : IResourceWithConnectionString =>
        server.WithProbe(
            async ct => await connect((await server.Resource.ConnectionStringExpression.GetValueAsync(ct))!, ct));

    /// <summary>
    /// Healthy means that requests may be sent: <c>/ready</c> responds with a success, which it goes on to do while the
    /// process lives.
    /// </summary>
    public static IResourceBuilder<T> WithReadinessCheck<T>(this IResourceBuilder<T> service)
        where T : IResourceWithEndpoints =>
        service.WithProbe(async ct =>
        {
            var address = await service.GetEndpoint("http").GetValueAsync(ct);
            using var response = await Http.GetAsync(new Uri($"{address}/ready"), ct);
            response.EnsureSuccessStatusCode();
        });

    private static IResourceBuilder<T> WithProbe<T>(
        this IResourceBuilder<T> resource, Func<CancellationToken, Task> probe)
        where T : IResource
    {
        var check = $"{resource.Resource.Name}_check";
        resource.ApplicationBuilder.Services.AddHealthChecks().AddAsyncCheck(check, ct => RepeatAsync(probe, ct));
        return resource.WithHealthCheck(check);
    }

    private static async Task<HealthCheckResult> RepeatAsync(Func<CancellationToken, Task> probe, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await probe(ct);
                return HealthCheckResult.Healthy();
            }
            catch (Exception error) when (!ct.IsCancellationRequested)
            {
                if (Stopwatch.GetElapsedTime(since) > MaxDuration)
                    return HealthCheckResult.Unhealthy(error.Message);
            }
            await Task.Delay(ProbeInterval, ct);
        }
    }
}
