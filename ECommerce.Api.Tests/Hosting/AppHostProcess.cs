using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ECommerce.Api.Tests.Hosting;

/// <summary>AppHost.cs as the process that a developer starts, with data, secrets and ports of its own.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // The program that runs this test: PATH may have a script of that name, and tests replace PATH.
    private static readonly string Dotnet = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    // Its own output: beside the tests it would be without the assemblies that their shared framework has.
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory, "..", "..", "ECommerce.AppHost", new DirectoryInfo(
            AppContext.BaseDirectory).Name, "ECommerce.AppHost.dll");

    private static readonly string Project = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "ECommerce.AppHost"));

    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("apphost-test-");
    private readonly ConcurrentQueue<string> _output = new();
    private readonly int[] _dashboardPorts =
        [ChildProcess.FreePort(), ChildProcess.FreePort(), ChildProcess.FreePort()];
    private Process? _process;

    public int ApiPort { get; } = ChildProcess.FreePort();

    public int DashboardPort => _dashboardPorts[0];

    /// <summary>The data folder of this AppHost unless an argument names another.</summary>
    public string Data => Path.Combine(_home.FullName, "data");

    /// <summary>Environment variables of the process, beside its own HOME and addresses.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public string Output => string.Join('\n', _output);

    /// <summary>
    /// Starts it; the arguments come last, so they replace those with the addresses and the data folder of the test.
    /// </summary>
    public void Start(params string[] args) => Run([Program], args);

    /// <summary>Starts it by <c>dotnet run</c>, as a developer does: the AppHost is a child of that process.</summary>
    public void StartByDotnetRun()
    {
        // The packages of the developer: the HOME of the test has none.
        Environment["NUGET_PACKAGES"] = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(
                System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        Run(["run", "--no-build", "--no-launch-profile", "--project", Project, "-c", configuration, "--"], []);
    }

    private void Run(string[] program, string[] args)
    {
        // A test runner that a script starts in the background ignores SIGINT, and its children inherit that.
        var start = new ProcessStartInfo(
            "env",
            ["--default-signal=INT", Dotnet, .. program, $"--port={ApiPort}", "--replicas=1", $"--data={Data}",
                .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["HOSTING_TEST"] = _mark,
                ["HOME"] = _home.FullName,
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
                ["ASPNETCORE_URLS"] = $"http://localhost:{_dashboardPorts[0]}",
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{_dashboardPorts[1]}",
                ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{_dashboardPorts[2]}",
            },
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line);
        _process.ErrorDataReceived += (_, line) => Keep(line);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Sends a signal: <c>INT</c>, <c>TERM</c> or <c>KILL</c>.</summary>
    public Task SendAsync(string signal) => SendAsync(signal, _process!.Id);

    /// <summary>Waits for the end of the process and of its output.</summary>
    public async Task<int> ExitCodeAsync(CancellationToken ct)
    {
        await _process!.WaitForExitAsync(ct).WaitAsync(Timeout, ct);
        return _process.ExitCode;
    }

    public async Task UntilAsync(Func<AppHostProcess, bool> condition, string what, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (!condition(this))
        {
            Assert.True(
                clock.Elapsed < Timeout,
                $"Timeout while waiting for {what}:\n{Output}\n{string.Join('\n', Processes())}");
            await Task.Delay(50, ct);
        }
    }

    /// <summary>The processes that descend from the AppHost, whatever their present parent is.</summary>
    public List<string> Processes() => [.. Directory.GetDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Where(IsOurs)
        .Select(folder => $"{Path.GetFileName(folder)} {Read($"{folder}/cmdline").Replace('\0', ' ')}")];

    public void Dispose()
    {
        // Also after a failed test.
        foreach (var process in Processes())
            SendAsync("KILL", int.Parse(process.Split(' ')[0], CultureInfo.InvariantCulture)).Wait();

        _process?.Dispose();
        _home.Delete(recursive: true);
    }

    // Redis overwrites its environment, so the working directory counts as well.
    private bool IsOurs(string folder) =>
        Read($"{folder}/environ").Contains(_mark, StringComparison.Ordinal)
        || (ResolveLink($"{folder}/cwd")?.StartsWith(_home.FullName, StringComparison.Ordinal) ?? false);

    private static async Task SendAsync(string signal, int pid)
    {
        using var kill = Process.Start(
            new ProcessStartInfo("sh", ["-c", $"kill -{signal} {pid}"]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }

    private void Keep(DataReceivedEventArgs line)
    {
        if (line.Data is not null)
            _output.Enqueue(line.Data);
    }

    private static string? ResolveLink(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The process has ended in the meantime, or is another user's.
            return "";
        }
    }
}
