using Aspire.Hosting;
using Aspire.Hosting.Testing;
using ECommerce.AppHost.Hosting;

namespace ECommerce.Api.Tests.Hosting;

/// <summary>
/// The whole system of AppHost.cs with two replicas, once for all tests that share it, on data and secrets of its own.
/// It leaves nothing behind, whether it became ready or not.
/// </summary>
public abstract class AppHostFixture(TimeSpan startTimeout) : IAsyncLifetime
{
    // Small files, and fast commits that may be lost in a crash of the machine.
    private static readonly string[] SmallMariaDb =
    [
        "--innodb-flush-log-at-trx-commit=2", "--innodb-doublewrite=OFF", "--innodb-buffer-pool-size=64M",
        "--innodb-log-file-size=16M",
    ];

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("apphost-test-");
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _app;

    public DistributedApplication App => _app!;

    public async ValueTask InitializeAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(startTimeout);
            string[] args = ["--replicas=2", $"--data={_data.FullName}", .. Secrets(), .. Arguments];
            _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ECommerce_AppHost>(
                args, timeout.Token);
            if (_builder.Resources.OfType<LocalServer>().SingleOrDefault(server => server.Name == "mysql") is { } mySql)
                _builder.CreateResourceBuilder(mySql).WithArgs(SmallMariaDb);
            Configure(_builder);
            _app = await _builder.BuildAsync(timeout.Token);
            await _app.StartAsync(timeout.Token);
            await ReadyAsync(timeout.Token);
        }
        catch
        {
            // The runner does not dispose of a fixture whose initialization failed.
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

    /// <summary>More arguments of the AppHost.</summary>
    private protected virtual string[] Arguments => [];

    private protected virtual void Configure(IDistributedApplicationTestingBuilder builder)
    {
    }

    /// <summary>Waits until the tests can begin.</summary>
    private protected abstract Task ReadyAsync(CancellationToken cancellationToken);

    // Given, so that the user secrets of a developer are neither read nor written.
    private static string[] Secrets() =>
    [
        .. ((
            string[])["mysql-password", "redis-password", "jwt-signing-key", "cache-key-salt", "cache-encryption-key",
            "data-protection-key"])
            .Select(name => $"--Parameters:{name}={$"{Guid.NewGuid():N}{Guid.NewGuid():N}"[..43]}"),
    ];

    private async ValueTask StopAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_builder is not null)
            await _builder.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
