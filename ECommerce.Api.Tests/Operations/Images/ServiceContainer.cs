using System.Diagnostics;
using System.Globalization;

namespace ECommerce.Api.Tests.Operations.Images;

/// <summary>A running container of a service.</summary>
internal sealed class ServiceContainer(string name, int port) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public HttpClient Client { get; } = new() { BaseAddress = new Uri($"http://localhost:{port}") };

    /// <summary>Waits until the health check of the image succeeds.</summary>
    public async Task HealthyAsync()
    {
        Tool check = new(-1, "", "");
        try
        {
            // Without systemd podman has no timers, so each check is asked for.
            await Eventually.TrueAsync(
                async () => (check = await Tool.RunAsync("podman", ["healthcheck", "run", name])).ExitCode == 0,
                "the container is healthy");
        }
        catch (Exception)
        {
            var log = await Tool.RunAsync("podman", ["logs", "--tail", "20", name]);
            TestContext.Current.SendDiagnosticMessage($"{check} {log}");
            throw;
        }
    }

    /// <summary>The user of the process, as the machine sees it.</summary>
    public async Task<int> UserIdAsync()
    {
        var process = (await Tool.RunAsync("podman", ["inspect", "--format", "{{.State.Pid}}", name])).Succeeded();
        var status = await File.ReadAllLinesAsync($"/proc/{process.Output}/status");
        return int.Parse(
            status.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1],
            CultureInfo.InvariantCulture);
    }

    public Task<Tool> ExecuteAsync(params IEnumerable<string> command) =>
        Tool.RunAsync("podman", ["exec", name, .. command]);

    /// <summary>SIGTERM, as an orchestrator sends it; then the process ends by itself, soon and with 0.</summary>
    public async Task TerminatesAsync()
    {
        var watch = Stopwatch.StartNew();
        (await Tool.RunAsync("podman", ["kill", "--signal", "TERM", name])).Succeeded();
        var ended = (await Tool.RunAsync("podman", ["wait", name])).Succeeded();
        Assert.Equal("0", ended.Output);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Tool.RunAsync("podman", ["rm", "--force", "--time", "0", name]);
    }
}
