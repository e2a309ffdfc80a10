using System.Runtime.InteropServices;

namespace Aspire.Hosting.Engine;

internal static partial class Signals
{
    private const int Term = 15;
    private const int Kill = 9;

    // The result is of no interest: a group that is gone is what we want.
    public static void TerminateGroup(int group) => _ = Send(-group, Term);

    public static void KillGroup(int group) => _ = Send(-group, Kill);

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Send(int process, int signal);
}
