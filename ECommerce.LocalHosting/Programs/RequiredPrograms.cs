using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Programs;

/// <summary>Finds out what the model needs, and installs it where that is ours to do.</summary>
internal sealed class RequiredPrograms(EngineSettings settings, ILogger<DistributedApplication> log)
{
    // The -core packages of MariaDB have the programs without a server of the system's own.
    private static readonly Dictionary<Type, Need> Needs = new()
    {
        [typeof(RedisResource)] = new(["redis-server"], ["redis-server"], "redis"),
        [typeof(MySqlServerResource)] = new(["mariadbd", "mariadb-install-db", "mariadb"], ["mariadb-server-core", "mariadb-client-core"],
            "mariadb"),
    };

    public async Task EnsureAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        var needs = model.Resources.Select(resource => Needs.GetValueOrDefault(resource.GetType())).OfType<Need>().Distinct()
            .Where(need => Missing(need).Length > 0)
            .ToList();
        if (needs.Count == 0)
            return;

        var machine = new Machine(Executables.Find("apt-get") is not null, Environment.IsPrivilegedProcess, settings.MayInstall);
        string[] packages = [.. needs.SelectMany(need => need.Packages)];
        if (machine.CanInstall)
            await InstallAsync(packages, cancellationToken).ConfigureAwait(false);

        string[] missing = [.. needs.SelectMany(Missing)];
        if (missing.Length > 0)
            throw new DistributedApplicationException(MissingPrograms.Explain(missing, packages, needs.Select(need => need.Brew), machine));
    }

    private static string[] Missing(Need need) => [.. need.Programs.Where(program => Executables.Find(program) is null)];

    private async Task InstallAsync(string[] packages, CancellationToken cancellationToken)
    {
        var list = string.Join(' ', packages);
        Log.Installing(log, list);
        await AptGetAsync(["update", "-q"], cancellationToken).ConfigureAwait(false);
        await AptGetAsync(["install", "-y", "-q", "--no-install-recommends", .. packages], cancellationToken).ConfigureAwait(false);
    }

    private async Task AptGetAsync(string[] args, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Executables.Require("apt-get"), args);
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        // Keeps a package from starting a server of its own beside ours.
        start.Environment["RUNLEVEL"] = "1";

        using var apt = Process.Start(start)!;
        // Not killed on cancellation: half an installation is worse than a late stop.
        await apt.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (apt.ExitCode != 0)
            Log.AptFailed(log, args[0], apt.ExitCode);
    }

    private sealed record Need(string[] Programs, string[] Packages, string Brew);
}
