using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Programs;

/// <summary>How one kind of resource becomes a process.</summary>
internal interface ILauncher
{
    Task<ProcessSpec> PrepareAsync(ResourceInstance instance, CancellationToken cancellationToken);

    Task WaitUntilReadyAsync(ResourceInstance instance, ManagedProcess process, CancellationToken cancellationToken) => Task.CompletedTask;
}

internal sealed class LauncherFactory(IServiceProvider services, DataFolder data, EngineSettings settings)
{
    private readonly ProjectLauncher _projects = new(services);
    private readonly ExecutableLauncher _executables = new(services);
    private readonly RedisLauncher _redis = new(services, data);
    private readonly MySqlLauncher _mysql = new(data, settings);

    /// <summary>Null for what is no process: parameters, databases.</summary>
    public ILauncher? For(IResource resource) => resource switch
    {
        ProjectResource => _projects,
        ExecutableResource => _executables,
        RedisResource => _redis,
        MySqlServerResource => _mysql,
        _ => null,
    };
}
