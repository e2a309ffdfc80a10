using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly bool _isTesting = host.Services.GetRequiredService<EngineSettings>().IsTesting;
    private Task? _start;
    private Task? _disposal;

    public IServiceProvider Services => host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await StartAsync(cancellationToken).ConfigureAwait(false);
            await host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DistributedApplicationException error) when (!_isTesting)
        {
            // What the developer can put right himself is one line, not a stack trace.
            await Console.Error.WriteLineAsync($"{Environment.NewLine}error: {error.Message}").ConfigureAwait(false);
            Environment.ExitCode = 1;
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // Ctrl+C during the start.
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Starts once, however many ask: in a test both the test and the AppHost's own <see cref="Run"/> do.</summary>
    public virtual Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return _start ??= StartHostAsync(cancellationToken);
    }

    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        lock (_lock)
            return new(_disposal ??= DisposeHostAsync());
    }

    private CancellationToken Stopping { get; } = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    private async Task StartHostAsync(CancellationToken cancellationToken)
    {
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        Engine.Log.Started(Services.GetRequiredService<ILogger<DistributedApplication>>());
    }

    private async Task DisposeHostAsync()
    {
        try
        {
            await host.StopAsync().ConfigureAwait(false);
        }
        finally
        {
            if (host is IAsyncDisposable disposable)
                await disposable.DisposeAsync().ConfigureAwait(false);
        }
    }
}
