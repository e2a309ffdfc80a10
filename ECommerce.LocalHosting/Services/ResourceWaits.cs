using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

public partial class ResourceNotificationService
{
    private WaitBehavior DefaultBehavior =>
        _settings.DashboardEnabled ? WaitBehavior.WaitOnResourceUnavailable : WaitBehavior.StopOnResourceUnavailable;

    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates,
        CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var change = await WaitForResourceAsync(resourceName, change => change.Snapshot.State is { } state && states.Contains(state.Text),
            cancellationToken).ConfigureAwait(false);
        return change.Snapshot.State!.Text;
    }

    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(change))
                return change;
        }

        throw new OperationCanceledException($"The application stopped before resource '{resourceName}' met the condition.");
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultBehavior, cancellationToken);

    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior,
        CancellationToken cancellationToken = default)
    {
        var change = await WaitForResourceAsync(resourceName,
            change => IsHealthy(change) || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && HasEnded(change)),
            cancellationToken).ConfigureAwait(false);
        return IsHealthy(change) ? change : throw Unavailable(change);
    }

    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        WaitForDependenciesAsync(resource, resource.Name, cancellationToken);

    internal async Task WaitForDependenciesAsync(IResource resource, string resourceId, CancellationToken cancellationToken)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (waits.Count > 0)
        {
            await PublishUpdateAsync(resource, resourceId, static snapshot => snapshot with { State = KnownResourceStates.Waiting })
                .ConfigureAwait(false);
        }

        await Task.WhenAll(waits.Select(wait => WaitForAsync(wait, resourceId, cancellationToken))).ConfigureAwait(false);
    }

    private static bool IsHealthy(ResourceEvent change) => change.Snapshot.HealthStatus == HealthStatus.Healthy;

    private static bool HasEnded(ResourceEvent change) => KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text);

    private static DistributedApplicationException Unavailable(ResourceEvent change) => new(
        $"Stopped waiting for resource '{change.Resource.Name}' because it is in the '{change.Snapshot.State?.Text}' state"
        + (change.Snapshot.ExitCode is { } code ? $" (exit code {code})." : "."));

    private async Task WaitForAsync(WaitAnnotation wait, string waiterId, CancellationToken cancellationToken)
    {
        Func<ResourceEvent, bool> isMet = wait.WaitType switch
        {
            WaitType.WaitUntilHealthy => IsHealthy,
            WaitType.WaitForCompletion => HasEnded,
            _ => static change => change.Snapshot.State?.Text == KnownResourceStates.Running,
        };
        _loggers.Append(waiterId, $"Waiting for resource '{wait.Resource.Name}' ({wait.WaitType}).", isError: false);
        var stops = (wait.WaitBehavior ?? DefaultBehavior) == WaitBehavior.StopOnResourceUnavailable;
        await foreach (var change in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!ReferenceEquals(change.Resource, wait.Resource))
                continue;

            // With replicas all of them count.
            if (InstancesOf(wait.Resource).TrueForAll(instance => isMet(instance)))
                break;

            if (stops && HasEnded(change) && wait.WaitType != WaitType.WaitForCompletion)
                throw Unavailable(change);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (wait.WaitType == WaitType.WaitForCompletion && InstancesOf(wait.Resource).Find(instance => instance.Snapshot.ExitCode != wait.ExitCode) is { } failed)
        {
            throw new DistributedApplicationException(
                $"Resource '{wait.Resource.Name}' ended with code {failed.Snapshot.ExitCode}, not {wait.ExitCode}.");
        }

        _loggers.Append(waiterId, $"Finished waiting for resource '{wait.Resource.Name}'.", isError: false);
    }
}
