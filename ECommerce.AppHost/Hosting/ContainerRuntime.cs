using System.ComponentModel;
using System.Diagnostics;

namespace ECommerce.AppHost.Hosting;

internal static class ContainerRuntime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <summary>The name of a container runtime that responds (<c>docker</c> or <c>podman</c>), or null.</summary>
    public static string? Find() => Array.Find(["docker", "podman"], IsRunning);

    private static bool IsRunning(string runtime)
    {
        try
        {
            // Unlike the version of the client, a list needs the server.
            using var list = Process.Start(new ProcessStartInfo(runtime, ["ps", "-q"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            if (list.WaitForExit(Timeout))
                return list.ExitCode == 0;
            list.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
