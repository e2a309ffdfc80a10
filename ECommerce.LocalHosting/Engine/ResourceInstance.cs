using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Programs;

namespace Aspire.Hosting.Engine;

/// <summary>One replica of a resource: its process, its ports, its state.</summary>
internal sealed class ResourceInstance(string id, IResource resource, ILauncher launcher, InstanceServices services) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly TaskCompletionSource _startNow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ManagedProcess? _process;
    private Task _watching = Task.CompletedTask;
    private volatile bool _accepts;

    public string Id { get; } = id;

    public IResource Resource { get; } = resource;

    /// <summary>The instance's own port of each endpoint.</summary>
    public Dictionary<string, int> Ports { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null while healthy or not yet asked.</summary>
    public volatile string? Problem;

    public bool AcceptsConnections => _accepts;

    /// <summary>A user's start command: whoever is waited for, go.</summary>
    public Task StartNow => _startNow.Task;

    private string TerminalState => Resource is ContainerResource ? KnownResourceStates.Exited : KnownResourceStates.Finished;

    public void Tell(string message) => services.Loggers.Append(Id, message, isError: false);

    public void Warn(string message) => services.Loggers.Append(Id, message, isError: true);

    /// <summary>For what takes long: it is also said on the AppHost's console.</summary>
    public void Announce(string message)
    {
        Tell(message);
        services.Loggers.Progress(Id, message);
    }

    public void SkipWaiting() => _startNow.TrySetResult();

    public Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        services.Notifications.PublishUpdateAsync(Resource, Id, change);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_process is { Exited.IsCompleted: false })
                return;

            await _watching.ConfigureAwait(false);
            await LaunchAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // No new connections from here on; those under way are finished by the program itself.
        _accepts = false;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_process is not { Exited.IsCompleted: false } process)
                return;

            await PublishAsync(static snapshot => snapshot with { State = KnownResourceStates.Stopping }).ConfigureAwait(false);
            await process.StopAsync().ConfigureAwait(false);
            await _watching.ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task FailAsync(string reason)
    {
        Warn(reason);
        services.Loggers.Failure(Id, reason);
        await PublishAsync(static snapshot => snapshot with { State = new(KnownResourceStates.FailedToStart, "error") })
            .ConfigureAwait(false);
    }

    public void Dispose() => _gate.Dispose();

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        await PublishAsync(static snapshot => snapshot with
        {
            State = KnownResourceStates.Starting,
            StartTimeStamp = null,
            StopTimeStamp = null,
            ExitCode = null,
        }).ConfigureAwait(false);
        try
        {
            var spec = await launcher.PrepareAsync(this, cancellationToken).ConfigureAwait(false);
            _process = ManagedProcess.Start(spec, (line, isError) => services.Loggers.Append(Id, line, isError));
            await launcher.WaitUntilReadyAsync(this, _process, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            if (_process is { } process)
                await process.StopAsync().ConfigureAwait(false);

            // Everything ends here: a resource that does not start must not take the others with it.
            await FailAsync(error is OperationCanceledException ? "The start was cancelled." : error.Message).ConfigureAwait(false);
            return;
        }

        Problem = null;
        _accepts = true;
        var now = services.Time.GetUtcNow().UtcDateTime;
        await PublishAsync(snapshot => snapshot with
        {
            State = new(KnownResourceStates.Running, "success"),
            StartTimeStamp = now,
            Properties = [new("executable.pid", _process.Id)],
            HealthReports = [.. HealthMonitor.Unknown(Resource)],
        }).ConfigureAwait(false);
        _watching = WatchAsync(_process);
    }

    private async Task WatchAsync(ManagedProcess process)
    {
        using var ended = new CancellationTokenSource();
        var health = services.Health.WatchAsync(this, ended.Token);
        var code = await process.Exited.ConfigureAwait(false);
        _accepts = false;
        await ended.CancelAsync().ConfigureAwait(false);
        await health.ConfigureAwait(false);

        Tell($"Process {process.Id} exited with code {code}.");
        var now = services.Time.GetUtcNow().UtcDateTime;
        await PublishAsync(snapshot => snapshot with
        {
            State = new(TerminalState, code == 0 ? "info" : "error"),
            ExitCode = code,
            StopTimeStamp = now,
            Properties = [],
        }).ConfigureAwait(false);
    }
}

internal sealed record InstanceServices(ResourceNotificationService Notifications, ResourceLoggerService Loggers, HealthMonitor Health,
    TimeProvider Time);
