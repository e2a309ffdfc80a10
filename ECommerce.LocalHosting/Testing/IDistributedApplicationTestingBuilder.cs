using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

/// <summary>The entry point's task ends when AppHost.cs has; it is null where the test itself is the AppHost.</summary>
internal sealed class TestingBuilder(AppHostHook hook, DistributedApplicationBuilder inner,
    Task? entryPoint) : IDistributedApplicationTestingBuilder
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    private DistributedApplication? _application;

    public DistributedApplicationBuilder Inner { get; } = inner;

    public Assembly? AppHostAssembly => Inner.AppHostAssembly;

    public string AppHostDirectory => Inner.AppHostDirectory;

    public ConfigurationManager Configuration => Inner.Configuration;

    public IHostEnvironment Environment => Inner.Environment;

    public DistributedApplicationExecutionContext ExecutionContext => Inner.ExecutionContext;

    public IResourceCollection Resources => Inner.Resources;

    public IServiceCollection Services => Inner.Services;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => Inner.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => Inner.CreateResourceBuilder(resource);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        hook.MayBuild();
        if (entryPoint is null)
            return _application = Inner.Build();

        return _application = await hook.Application.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (_application is { } application)
            await application.DisposeAsync().ConfigureAwait(false);
        else
            hook.Abandon();

        if (entryPoint is not null)
            await entryPoint.WaitAsync(LongestEnd).ConfigureAwait(false);
    }
}
