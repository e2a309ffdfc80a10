using Aspire.Hosting.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>A web server of its own inside the AppHost, on localhost only.</summary>
internal sealed class DashboardHost(
    IConfiguration configuration, DashboardApi api, ILogger<DistributedApplication> log) : IHostedService, IAsyncDisposable
{
    private const string DefaultUrl = "http://localhost:15000";

    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var port = PortOf(configuration["ASPNETCORE_URLS"] ?? DefaultUrl);
        var access = new DashboardAccess(configuration, port);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        // A browser's open event streams must not hold up the end.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));

        _app = builder.Build();
        _app.Use(access.GuardAsync);
        _app.MapGet("/login", access.Login);
        api.Map(_app);
        await ListenAsync(_app, port, cancellationToken).ConfigureAwait(false);

        var url = $"http://localhost:{port}";
        Log.Listening(log, url);
        if (access.Token is { } token)
            Log.Login(log, $"{url}/login?t={token}");
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task ListenAsync(WebApplication app, int port, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            throw new DistributedApplicationException(
                $"Port {port} of the dashboard is in use. Stop the program that uses it, or choose another: "
                + "ASPNETCORE_URLS=http://localhost:15001 (with `dotnet run --no-launch-profile`).", error);
        }
    }

    private static int PortOf(string urls) =>
        urls.Split(';').Select(BindingAddress.Parse).FirstOrDefault(address => address.Scheme == "http")?.Port
        ?? throw new DistributedApplicationException($"ASPNETCORE_URLS has no http address for the dashboard: {urls}");
}
