using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Programs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Brings the model up, each resource as soon as what it waits for is there, and down in the opposite order.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model, EngineSettings settings, DataFolder data, RequiredPrograms programs, LauncherFactory launchers,
    SecretMask mask, HealthMonitor health, ResourceNotificationService notifications, ResourceLoggerService loggers, TimeProvider time,
    IHostEnvironment environment, ILogger<DistributedApplication> log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly EndpointAllocator _endpoints = new(settings);
    private readonly List<ResourceInstance> _instances = [];
    private readonly List<Task> _running = [];
    private int _stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new DistributedApplicationException(MissingPrograms.Windows);

        Log.Starting(log);
        Log.HostDirectory(log, environment.ContentRootPath);
        await programs.EnsureAsync(model, cancellationToken).ConfigureAwait(false);
        data.Lock();
        await HideSecretsAsync(cancellationToken).ConfigureAwait(false);
        CreateInstances();
        await PublishInitialAsync().ConfigureAwait(false);

        foreach (var instance in _instances)
            _running.Add(RunAsync(instance, _stopping.Token));
        foreach (var database in model.Resources.OfType<MySqlDatabaseResource>())
            _running.Add(new MySqlDatabaseFollower(database, notifications, loggers).RunAsync(_stopping.Token));
    }

    public IReadOnlyList<ResourceInstance> InstancesOf(IResource resource) =>
        [.. _instances.Where(instance => ReferenceEquals(instance.Resource, resource))];

    /// <summary>By instance id, or by name where there is only one instance.</summary>
    public ResourceInstance? Find(string idOrName)
    {
        var byId = _instances.FirstOrDefault(instance => string.Equals(instance.Id, idOrName, StringComparison.OrdinalIgnoreCase));
        var byName = _instances.FindAll(instance => string.Equals(instance.Resource.Name, idOrName, StringComparison.OrdinalIgnoreCase));
        return byId ?? (byName.Count == 1 ? byName[0] : null);
    }

    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
            return;

        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
        foreach (var wave in StopOrder.Waves(model.Resources))
        {
            await Task.WhenAll(wave.SelectMany(InstancesOf).Select(instance => instance.StopAsync(CancellationToken.None)))
                .ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _endpoints.DisposeAsync().ConfigureAwait(false);
        _instances.ForEach(instance => instance.Dispose());
        _stopping.Dispose();
    }

    private async Task HideSecretsAsync(CancellationToken cancellationToken)
    {
        var secrets = new List<string?>();
        foreach (var parameter in AllParameters().Where(parameter => parameter.Secret))
            secrets.Add(await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false));

        mask.Hide(secrets);
    }

    private IEnumerable<ParameterResource> AllParameters() => model.Resources
        .SelectMany(resource => resource switch
        {
            ParameterResource parameter => [parameter],
            MySqlServerResource mysql => [mysql.PasswordParameter],
            RedisResource { PasswordParameter: { } password } => [password],
            _ => Array.Empty<ParameterResource>(),
        })
        .Distinct();

    private void CreateInstances()
    {
        var services = new InstanceServices(notifications, loggers, health, time);
        foreach (var resource in model.Resources)
        {
            if (launchers.For(resource) is not { } launcher)
                continue;

            var count = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
            var instances = Enumerable.Range(0, count)
                .Select(_ => new ResourceInstance(NewId(resource), resource, launcher, services))
                .ToList();
            instances.ForEach(instance => loggers.Forward(instance.Id, resource.Name));
            _instances.AddRange(instances);
            _endpoints.Allocate(resource, instances);
        }
    }

    private static string NewId(IResource resource) => $"{resource.Name}-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8)}";

    private async Task PublishInitialAsync()
    {
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var instance in _instances)
        {
            await instance.PublishAsync(_ => InitialSnapshot.Of(instance.Resource, now) with
            {
                Urls = InitialSnapshot.UrlsOf(instance),
                HealthReports = [.. HealthMonitor.Unknown(instance.Resource)],
            }).ConfigureAwait(false);
        }

        foreach (var resource in model.Resources.Where(resource => InstancesOf(resource).Count == 0))
            await notifications.PublishUpdateAsync(resource, _ => InitialSnapshot.Of(resource, now)).ConfigureAwait(false);
    }

    private async Task RunAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        try
        {
            using var skipped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var waiting = notifications.WaitForDependenciesAsync(instance.Resource, instance.Id, skipped.Token);
            if (await Task.WhenAny(waiting, instance.StartNow).ConfigureAwait(false) == waiting)
                await waiting.ConfigureAwait(false);

            await skipped.CancelAsync().ConfigureAwait(false);
            await instance.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DistributedApplicationException error)
        {
            await instance.FailAsync(error.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped while it was still waiting.
        }
    }
}
