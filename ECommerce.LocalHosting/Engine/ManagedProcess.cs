using System.Diagnostics;

namespace Aspire.Hosting.Engine;

internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Args, string WorkingDirectory)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(4);
}

/// <summary>A child process that cannot outlive us.</summary>
internal sealed class ManagedProcess
{
    // The program gets a session of its own (Ctrl+C in our terminal does not reach it) and beside it a shell that reads from a pipe
    // whose other end only we hold. When we die, however we die, the pipe ends and the shell ends the whole group.
    // The pipe is the program's stdin until `exec`, so that no descriptor has to be passed by number.
    private const string Lifeline = """
        exec 3<&0 </dev/null
        ( (
          trap '' TERM INT HUP
          exec >/dev/null 2>&1
          read -r _ <&3
          kill -s TERM -- -$$
          n=0
          while kill -0 $$ && [ $n -lt 60 ]; do sleep 0.1; n=$((n+1)); done
          kill -s KILL -- -$$
        ) & )
        exec "$@" 3<&-
        """;

    // What the AppHost's own start put into its environment is not meant for the programs that it starts.
    private static readonly string[] NotInherited =
    [
        "ASPNETCORE_", "ASPIRE_", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "ECOMMERCE_", "MSBUILD", "ConnectionStrings__", "services__",
    ];

    // Unlike dash, bash hands on variables whose names have a dash: services__my-shop__http__0.
    private static readonly string Shell = Executables.Find("bash") ?? "sh";

    private readonly Process _process;
    private readonly TimeSpan _grace;

    private ManagedProcess(Process process, TimeSpan grace, Action<string, bool> onLine)
    {
        _process = process;
        _grace = grace;
        Id = process.Id;
        Exited = WaitAsync(Copy(process.StandardOutput, onLine, isError: false), Copy(process.StandardError, onLine, isError: true));
    }

    public int Id { get; }

    /// <summary>The exit code, once the process has ended and its last lines have been read.</summary>
    public Task<int> Exited { get; }

    public static ManagedProcess Start(ProcessSpec spec, Action<string, bool> onLine)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in spec.Environment)
            start.Environment[name] = value;

        var session = Executables.Find("setsid");
        // macOS has no setsid program.
        (start.FileName, var prefix) = session is not null ? (session, (string[])[Shell, "-c"])
            : ("perl", (string[])["-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV", Shell, "-c"]);
        foreach (var arg in prefix.Concat([Lifeline, Shell, spec.FileName]).Concat(spec.Args))
            start.ArgumentList.Add(arg);

        return new(Process.Start(start)!, spec.Grace, onLine);
    }

    /// <summary>Asks, waits, kills.</summary>
    public async Task StopAsync()
    {
        // In its first milliseconds it has no group of its own yet.
        if (!Exited.IsCompleted && !Signals.TerminateGroup(Id) && !_process.HasExited)
            Signals.Terminate(Id);

        try
        {
            await Exited.WaitAsync(_grace).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Signals.KillGroup(Id);
            await Exited.ConfigureAwait(false);
        }
    }

    private static bool IsOurs(string variable) =>
        NotInherited.Any(prefix => variable.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static async Task Copy(StreamReader reader, Action<string, bool> onLine, bool isError)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            onLine(line, isError);
    }

    private async Task<int> WaitAsync(params Task[] readers)
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        // The group still exists (the shell is in it), so its number cannot be another's: this ends the shell and what the program left.
        Signals.KillGroup(Id);
        await Task.WhenAny(Task.WhenAll(readers), Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false);
        var code = _process.ExitCode;
        _process.Dispose();
        return code;
    }
}
