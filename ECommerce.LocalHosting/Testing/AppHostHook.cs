using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>How a test gets hold of the builder and the application that an AppHost's entry point makes.</summary>
internal sealed class AppHostHook(Assembly appHostAssembly, Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure)
{
    private static readonly AsyncLocal<AppHostHook?> OfThisFlow = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _building = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DistributedApplicationBuilder? _builder;

    public static AppHostHook? Current
    {
        get => OfThisFlow.Value;
        set => OfThisFlow.Value = value;
    }

    public Assembly AppHostAssembly { get; } = appHostAssembly;

    /// <summary>The builder, when the entry point has come as far as Build().</summary>
    public Task<DistributedApplicationBuilder> Builder => _building.Task;

    public Task<DistributedApplication> Application => _built.Task;

    public static void Configure(ConfigurationManager configuration) =>
        configuration["DcpPublisher:RandomizePorts"] ??= "true";

    public void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        settings.EnvironmentName = Environments.Development;
        configure?.Invoke(options, settings);
    }

    public void Constructed(DistributedApplicationBuilder builder) => _builder = builder;

    /// <summary>Holds the entry point's thread until the test has finished with the builder.</summary>
    public void Building()
    {
        _building.TrySetResult(_builder!);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    public void MayBuild() => _mayBuild.TrySetResult();

    public void Abandon() => _mayBuild.TrySetCanceled();

    public void Built(DistributedApplication application) => _built.TrySetResult(application);

    public void Failed(Exception error)
    {
        _building.TrySetException(error);
        _built.TrySetException(error);
    }
}
