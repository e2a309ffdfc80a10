using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Engine;

/// <summary>Whoever kills `dotnet run` means us, but only a signal that it can handle is passed on: we notice that it has gone.</summary>
internal sealed partial class DotnetRunWatch(IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux() || ParentId() is var parent && !IsDotnetRun(parent))
            return;

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                if (ParentId() != parent)
                    lifetime.StopApplication();
            }
        }
        catch (OperationCanceledException)
        {
            // We stop for another reason.
        }
    }

    private static bool IsDotnetRun(int process)
    {
        try
        {
            var words = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            return Path.GetFileName(words[0]) == "dotnet" && words.Contains("run");
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentId();
}
