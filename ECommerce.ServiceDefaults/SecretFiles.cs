using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.ServiceDefaults;

/// <summary>
/// A secret <c>NAME</c> may stand in a file, which <c>NAME_FILE</c> names, as orchestrators mount secrets: so it is
/// neither in the environment of the process nor in the description of its container.
/// </summary>
internal static class SecretFiles
{
    private const string Suffix = "_FILE";
    private const int MaxBytes = 64 * 1024;

    /// <summary>The settings that are secret, or contain a password.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "JWT_SIGNING_KEY", "DATA_PROTECTION_KEY", "CACHE_ENCRYPTION_KEY", "CACHE_KEY_SALT", "REDIS_URL",
        "ConnectionStrings:ecommerce", "ConnectionStrings:redis",
    ];

    /// <summary>Reads the files that are named; line ends at the end of a file are not part of its secret.</summary>
    /// <exception cref="OptionsValidationException">A file cannot be read, is empty or too large, or the secret is
    /// given both ways.</exception>
    public static void Add(IConfigurationManager configuration)
    {
        var secrets = new Dictionary<string, string?>();
        foreach (var name in Names)
        {
            if (configuration[name + Suffix] is not { Length: > 0 } path)
                continue;
            if (configuration[name] is { Length: > 0 })
                throw Invalid(name, $"{Variable(name)} and {Variable(name)}{Suffix} are both set; set one of them.");
            secrets[name] = Read(name, path);
        }
        if (secrets.Count > 0)
            configuration.AddInMemoryCollection(secrets);
    }

    private static string Read(string name, string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MaxBytes)
                throw Invalid(name, $"{Variable(name)}{Suffix} names '{path}', which is larger than {MaxBytes} bytes.");
            return File.ReadAllText(path).TrimEnd('\r', '\n') is { Length: > 0 } secret ? secret
                : throw Invalid(name, $"{Variable(name)}{Suffix} names '{path}', which is empty.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Invalid(
                name, $"{Variable(name)}{Suffix} names '{path}', which cannot be read: {exception.Message}");
        }
    }

    // As an environment variable.
    private static string Variable(string name) => name.Replace(":", "__", StringComparison.Ordinal);

    private static OptionsValidationException Invalid(string name, string failure) =>
        new(name + Suffix, typeof(string), [failure]);
}
