using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Engine;

internal sealed class HealthMonitor(TimeProvider time)
{
    private static readonly TimeSpan WhenHealthy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(5);

    public static IEnumerable<HealthReportSnapshot> Unknown(IResource resource) =>
        ChecksOf(resource).Select(check => new HealthReportSnapshot(check.Key, null, null, null));

    /// <summary>Asks until the instance ends: seldom while it is well, soon and then ever more slowly while it is not.</summary>
    public async Task WatchAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var retry = FirstRetry;
        while (ChecksOf(instance.Resource).Any() && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                var reports = await Task.WhenAll(ChecksOf(instance.Resource).Select(check => RunAsync(check, instance, cancellationToken)))
                    .ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                await ReportAsync(instance, reports).ConfigureAwait(false);

                retry = instance.Problem is null ? FirstRetry : TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, LongestRetry.Ticks));
                await Task.Delay(instance.Problem is null ? WhenHealthy : retry, time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static IEnumerable<InstanceHealthCheck> ChecksOf(IResource resource) => resource.Annotations.OfType<InstanceHealthCheck>();

    private static async Task ReportAsync(ResourceInstance instance, HealthReportSnapshot[] reports)
    {
        var problem = reports.FirstOrDefault(report => report.Status != HealthStatus.Healthy)?.Description;
        if (problem is not null && instance.Problem is null)
            instance.Warn($"Not healthy: {problem}");

        instance.Problem = problem;
        await instance.PublishAsync(snapshot => snapshot with { HealthReports = [.. reports] }).ConfigureAwait(false);
    }

    private async Task<HealthReportSnapshot> RunAsync(InstanceHealthCheck check, ResourceInstance instance,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(CheckTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var problem = await check.FindProblemAsync(instance, either.Token).ConfigureAwait(false);
            return new(check.Key, problem is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, problem, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(check.Key, HealthStatus.Unhealthy, $"no answer within {CheckTimeout.TotalSeconds:0} s", null);
        }
    }
}
