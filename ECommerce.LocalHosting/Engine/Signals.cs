using System.Runtime.InteropServices;

namespace Aspire.Hosting.Engine;

internal static partial class Signals
{
    private const int Term = 15;
    private const int Kill = 9;

    /// <summary>False if there is no such group.</summary>
    public static bool TerminateGroup(int group) => Send(-group, Term) == 0;

    public static bool Terminate(int process) => Send(process, Term) == 0;

    public static bool KillGroup(int group) => Send(-group, Kill) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Send(int process, int signal);
}
