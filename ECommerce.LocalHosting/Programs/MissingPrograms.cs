namespace Aspire.Hosting.Programs;

/// <summary>What this machine lets us do about a missing program.</summary>
internal sealed record Machine(bool HasApt, bool IsRoot, bool MayInstall)
{
    public bool CanInstall => HasApt && IsRoot && MayInstall;
}

internal static class MissingPrograms
{
    public const string Windows =
        "The local engine runs on Linux and macOS. On Windows run the AppHost in WSL, or with containers: "
        + "dotnet run --project ECommerce.AppHost -p:UseAspire=true (needs Docker or Podman).";

    public static string AptCommand(IEnumerable<string> packages) => $"apt-get install --no-install-recommends {string.Join(' ', packages)}";

    public static string Explain(IReadOnlyCollection<string> programs, IReadOnlyCollection<string> packages, IEnumerable<string> brew,
        Machine machine)
    {
        var why = machine switch
        {
            { MayInstall: false, HasApt: true } => " Installing was refused (--no-install or ECOMMERCE_NO_INSTALL=1).",
            { HasApt: true, IsRoot: false } => " Only root may install packages.",
            _ => "",
        };
        return $"""
            Missing: {string.Join(", ", programs)}.{why} Install them and start again:
              Debian, Ubuntu:       {(machine.IsRoot ? "" : "sudo ")}{AptCommand(packages)}
              macOS:                brew install {string.Join(' ', brew)}
              Windows, containers:  dotnet run --project ECommerce.AppHost -p:UseAspire=true (needs Docker or Podman), or WSL
            """;
    }
}
