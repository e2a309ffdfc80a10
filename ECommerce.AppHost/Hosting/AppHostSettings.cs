using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ECommerce.AppHost.Hosting;

/// <summary>The command line: <c>--replicas N --port N --data FOLDER --containers --no-install</c>.</summary>
internal sealed record AppHostSettings(
    int Replicas, int Port, string? Data, bool Containers, bool NoInstall, Images Images)
{
    public const string NoInstallVariable = "ECOMMERCE_NO_INSTALL";

    private const int MaxReplicas = 20;
    private static readonly string[] Switches = ["--containers", "--no-install"];

    /// <summary>The arguments with a value for each switch: the configuration provider reads pairs only.</summary>
    public static string[] WithSwitchValues(IEnumerable<string> args) =>
        [.. args.Select(arg => Switches.Contains(arg) ? $"{arg}=true" : arg)];

    /// <summary>Reads and validates the settings.</summary>
    /// <exception cref="StartupException">A value is out of range.</exception>
    public static AppHostSettings Parse(IConfiguration configuration) => new(
        Number(configuration, "replicas", 2, 1, MaxReplicas),
        Number(configuration, "port", 5080, 1, 65_535),
        configuration["data"] is { Length: > 0 } folder ? Path.GetFullPath(folder) : null,
        Flag(configuration, "containers"),
        Flag(configuration, "no-install") || configuration[NoInstallVariable] == "1",
        configuration.GetSection("Images").Get<Images>() ?? new Images());

    private static int Number(IConfiguration configuration, string name, int initial, int min, int max)
    {
        if (configuration[name] is not { } text)
            return initial;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max
            ? number
            : throw new StartupException($"--{name} must be a number from {min} to {max}, not '{text}'.");
    }

    private static bool Flag(IConfiguration configuration, string name)
    {
        if (configuration[name] is not { } text)
            return false;
        return bool.TryParse(text, out var flag)
            ? flag
            : throw new StartupException($"--{name} must be true or false, not '{text}'.");
    }
}
