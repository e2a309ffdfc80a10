using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace ECommerce.AppHost.Hosting;

/// <summary>
/// Stops the AppHost when the <c>dotnet run</c> that started it was killed: SIGKILL cannot be passed on, so the AppHost
/// watches its parent process. Linux only.
/// </summary>
internal sealed class DotnetRunMonitor(IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux() || ParentId() is var parent && !IsDotnetRun(parent))
            return;

        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (ParentId() == parent)
                continue;
            lifetime.StopApplication();
            return;
        }
    }

    // Fields of /proc/self/stat after the program's name, which is in parentheses: state, parent, ...
    private static int ParentId()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return int.Parse(fields[1], CultureInfo.InvariantCulture);
    }

    private static bool IsDotnetRun(int process)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            return Path.GetFileName(arguments[0]) == "dotnet" && arguments.Contains("run");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
