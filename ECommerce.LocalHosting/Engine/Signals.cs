using System.Runtime.InteropServices;

namespace Aspire.Hosting.Engine;

internal static partial class Signals
{
    private const int Term = 15;
    private const int Kill = 9;
    private const int Interrupt = 2;
    private const nint Default = 0;

    /// <summary>False if there is no such group.</summary>
    public static bool TerminateGroup(int group) => Send(-group, Term) == 0;

    public static bool Terminate(int process) => Send(process, Term) == 0;

    public static bool KillGroup(int group) => Send(-group, Kill) == 0;

    /// <summary>A script's background job is started with SIGINT ignored, and .NET leaves it so: then Ctrl+C would be no end.</summary>
    public static void ListenToInterrupts()
    {
        if (!OperatingSystem.IsWindows())
            SetHandler(Interrupt, Default);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Send(int process, int signal);
}
