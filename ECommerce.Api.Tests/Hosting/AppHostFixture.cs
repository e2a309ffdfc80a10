using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace ECommerce.Api.Tests.Hosting;

/// <summary>The whole system of AppHost.cs with two replicas, once for all tests that share it. Nothing of it stays behind, whether it got ready or not.</summary>
public abstract class AppHostFixture(TimeSpan longestStart) : IAsyncLifetime
{
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _app;

    public DistributedApplication App => _app!;

    public async ValueTask InitializeAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(longestStart);
            _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ECommerce_AppHost>(["--replicas=2"], timeout.Token);
            Configure(_builder);
            _app = await _builder.BuildAsync(timeout.Token);
            await _app.StartAsync(timeout.Token);
            await ReadyAsync(timeout.Token);
        }
        catch
        {
            // Nobody disposes of a fixture that did not get ready.
            await StopAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_app is not null)
                await RedisCommands.AssertHarmlessAsync((await _app.GetConnectionStringAsync("redis"))!);
        }
        finally
        {
            await StopAsync();
        }
        GC.SuppressFinalize(this);
    }

    private protected virtual void Configure(IDistributedApplicationTestingBuilder builder)
    {
    }

    /// <summary>Waits until the tests can begin.</summary>
    private protected abstract Task ReadyAsync(CancellationToken cancellationToken);

    private async ValueTask StopAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_builder is not null)
            await _builder.DisposeAsync();
    }
}
