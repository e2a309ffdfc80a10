using System.Diagnostics;

namespace ECommerce.AppHost.Hosting;

/// <summary>The programs of a server and the packages that have them.</summary>
internal sealed record LocalPrograms(string[] Programs, string[] DebianPackages, string BrewPackage)
{
    public static readonly LocalPrograms Redis = new(["redis-server"], ["redis-server"], "redis");

    // The -core packages have the programs without a system service.
    public static readonly LocalPrograms MariaDb = new(
        ["mariadbd", "mariadb-install-db"], ["mariadb-server-core", "mariadb-client-core"], "mariadb");

    public IEnumerable<string> Missing => Programs.Where(program => !Exists(program));

    public static bool Exists(string program) => Find(program) is not null;

    /// <summary>The full path of a program, or null.</summary>
    public static string? Find(string program) =>
        OperatingSystem.IsWindows()
            ? null
            : SearchPath()
                .Select(folder => Path.GetFullPath(Path.Combine(folder, program)))
                .FirstOrDefault(File.Exists);

    /// <summary>Requires the programs of every server, and installs them if that is possible and allowed.</summary>
    /// <exception cref="StartupException">Programs are missing.</exception>
    public static void Require(IReadOnlyCollection<LocalPrograms> servers, bool mayInstall)
    {
        var missing = servers.Where(server => server.Missing.Any()).ToArray();
        if (missing.Length == 0)
            return;

        var hasApt = Exists("apt-get");
        if (hasApt && mayInstall && Environment.IsPrivilegedProcess)
            Install([.. missing.SelectMany(server => server.DebianPackages)]);
        missing = [.. missing.Where(server => server.Missing.Any())];
        if (missing.Length > 0)
            throw new StartupException(Explain(missing, needsRoot: hasApt && mayInstall));
    }

    /// <summary>One line with the commands for each system.</summary>
    public static string Explain(IReadOnlyCollection<LocalPrograms> missing, bool needsRoot)
    {
        var reason = needsRoot ? " (as root, the AppHost installs them)" : "";
        var debian = string.Join(' ', missing.SelectMany(server => server.DebianPackages));
        return $"Missing: {string.Join(", ", missing.SelectMany(server => server.Missing))}{reason}. "
            + $"Debian: apt-get install --no-install-recommends {debian}; "
            + $"macOS: brew install {string.Join(' ', missing.Select(server => server.BrewPackage))}; "
            + "Windows and others: start Docker or Podman, and containers are used.";
    }

    // Debian keeps servers in sbin, which only root has in PATH.
    private static IEnumerable<string> SearchPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => (string[])[folder, Path.Combine(folder, "..", "sbin")]);

    private static void Install(string[] packages)
    {
        Console.WriteLine($"Installing {string.Join(' ', packages)} with apt-get (--no-install prevents it) ...");
        AptGet("update", "-q");
        AptGet(["install", "-y", "-q", "--no-install-recommends", .. packages]);
    }

    private static void AptGet(params string[] args)
    {
        var start = new ProcessStartInfo("apt-get", args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        // Prevents a package from starting a system service beside ours.
        start.Environment["RUNLEVEL"] = "1";
        using var apt = Process.Start(start)!;
        apt.OutputDataReceived += static (_, _) => { };
        apt.BeginOutputReadLine();
        var errors = apt.StandardError.ReadToEnd();
        apt.WaitForExit();
        if (apt.ExitCode != 0)
            throw new StartupException($"apt-get {args[0]} failed: {errors.ReplaceLineEndings(" ").Trim()}");
    }
}
