using System.Collections.Concurrent;
using System.Diagnostics;
using Aspire.Hosting.Engine;

namespace ECommerce.Api.Tests.Hosting.Engine;

/// <summary>AppHost.cs as the process that a developer starts, with data and ports of its own.</summary>
internal sealed class AppHostProcess : IDisposable
{
    public const int Int = 2;
    public const int Kill = 9;
    public const int Term = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("apphost-test-");
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    public int ApiPort { get; } = ChildProcess.FreePort();

    public int DashboardPort { get; } = ChildProcess.FreePort();

    public string Output => string.Join('\n', _output);

    public void Start(params string[] args)
    {
        var appHost = typeof(Projects.ECommerce_AppHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [appHost, $"--port={ApiPort}", "--replicas=1", .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["HOSTING_TEST"] = _mark,
                ["XDG_DATA_HOME"] = _data.FullName,
                ["ASPNETCORE_URLS"] = $"http://localhost:{DashboardPort}",
            },
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public void Send(int signal) => Assert.Equal(0, Signals.Send(_process!.Id, signal));

    public async Task<int> ExitCodeAsync(CancellationToken ct)
    {
        await _process!.WaitForExitAsync(ct).WaitAsync(Patience, ct);
        return _process.ExitCode;
    }

    public async Task UntilAsync(Func<AppHostProcess, bool> condition, string what, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (!condition(this))
        {
            Assert.True(clock.Elapsed < Patience, $"{what} did not come about:\n{Output}\n{string.Join('\n', Processes())}");
            await Task.Delay(50, ct);
        }
    }

    /// <summary>All that descend from the AppHost, whoever their parent is by now.</summary>
    public List<string> Processes() => [.. Directory.GetDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Where(folder => Read($"{folder}/environ").Contains(_mark, StringComparison.Ordinal))
        .Select(folder => $"{Path.GetFileName(folder)} {Read($"{folder}/cmdline").Replace('\0', ' ')}")];

    public void Dispose()
    {
        // Also a failed test leaves nothing.
        foreach (var process in Processes())
            _ = Signals.Send(int.Parse(process.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), Kill);

        _process?.Dispose();
        _data.Delete(recursive: true);
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or is another user's.
            return "";
        }
    }
}
