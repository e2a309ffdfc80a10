using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace ECommerce.Api.Tests.Hosting;

/// <summary>The whole system of AppHost.cs, once for all tests of a class.</summary>
public sealed class SystemFixture : IAsyncLifetime
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(90);

    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _app;

    public DistributedApplication App => _app!;

    public async ValueTask InitializeAsync()
    {
        try
        {
            await StartAsync();
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
    }

    private async Task StartAsync()
    {
        using var timeout = new CancellationTokenSource(LongestStart);
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ECommerce_AppHost>(["--replicas=2"], timeout.Token);
        _app = await _builder.BuildAsync(timeout.Token);
        await _app.StartAsync(timeout.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("api", timeout.Token);
    }

    private async ValueTask StopAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_builder is not null)
            await _builder.DisposeAsync();
    }
}
