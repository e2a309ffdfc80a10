using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ECommerce.TestSupport;

/// <summary>
/// A server that runs for the tests only: on a port of its own, with its files in a temporary folder.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int FirstPort = 10_000;
    private const int Ports = 10_000;

    // Test processes that run side by side begin at different places.
    private static int _lastPort = Random.Shared.Next(Ports);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProcess(Process process) => _process = process;

    public static ChildProcess Start(string file, params IEnumerable<string> arguments) => Start(file, arguments, []);

    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                file, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true
            },
        };
        foreach (var (name, value) in environment)
            process.StartInfo.Environment[name] = value;
        var child = new ChildProcess(process);
        process.OutputDataReceived += child.Keep;
        process.ErrorDataReceived += child.Keep;
        process.Start();
        // Should the test host end without disposing: no server stays behind.
        AppDomain.CurrentDomain.ProcessExit += child.Kill;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    public static async Task RunAsync(string file, params IEnumerable<string> arguments)
    {
        await using var child = Start(file, arguments);
        await child._process.WaitForExitAsync();
        if (child._process.ExitCode != 0)
            throw new InvalidOperationException($"{file} ended with {child._process.ExitCode}: {child._output}");
    }

    /// <summary>
    /// Stops a process until <see cref="ResumeAsync"/>. A thread that is not running gets the signal later, and may
    /// still respond: so this waits for all of them.
    /// </summary>
    public static async Task PauseAsync(int id)
    {
        await RunAsync("kill", "-STOP", $"{id}");
        var watch = Stopwatch.StartNew();
        while (!Directory.EnumerateDirectories($"/proc/{id}/task").All(IsStopped))
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(20))
                throw new TimeoutException($"Process {id} does not stop.");
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    public static Task ResumeAsync(int id) => RunAsync("kill", "-CONT", $"{id}");

    // The state comes after the name, which may have blanks and brackets. A thread may end meanwhile.
    private static bool IsStopped(string thread)
    {
        try
        {
            var text = File.ReadAllText($"{thread}/stat");
            return text[text.LastIndexOf(')') + 2] is 'T' or 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    public int Id => _process.Id;

    /// <summary>Waits until a condition holds, which it must within half a minute and while the server lives.</summary>
    public async Task UntilAsync(Func<Task<bool>> ready)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await ready())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(30))
                throw new InvalidOperationException($"{_process.StartInfo.FileName} did not start: {_output}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        await RunAsync("kill", "-TERM", $"{Id}");
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>
    /// How many of the lines it has written contain a text; those it wrote before it ended count as well.
    /// </summary>
    public int LinesWith(string text)
    {
        lock (_output)
            return _output.ToString().Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>
    /// A port without a listener that no other process gets before our server: below those that the system hands out to
    /// connections, and each number once.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (Interlocked.Increment(ref _lastPort) % Ports);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // The port is taken.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Kill(object? sender, EventArgs args)
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }
}
