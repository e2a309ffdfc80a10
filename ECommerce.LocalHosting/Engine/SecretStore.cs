using System.Text.Json;

namespace Aspire.Hosting.Engine;

/// <summary>Generated passwords and keys, kept between runs beside the data that they protect.</summary>
internal sealed class SecretStore(DataFolder data)
{
    private readonly Lock _lock = new();

    public string GetOrAdd(string key, Func<string> generate)
    {
        lock (_lock)
        {
            var file = Path.Combine(data.Create(), "secrets.json");
            var secrets = File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file)) ?? [] : [];
            if (secrets.TryGetValue(key, out var kept))
                return kept;

            secrets[key] = generate();
            PrivateFile.Write(file, JsonSerializer.Serialize(secrets));
            return secrets[key];
        }
    }
}

internal static class PrivateFile
{
    /// <summary>Readable by the owner only from its first moment; a crash leaves the old content or the new.</summary>
    public static void Write(string path, string content)
    {
        var next = path + ".new";
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        using (var writer = new StreamWriter(next, options))
            writer.Write(content);

        File.Move(next, path, overwrite: true);
    }
}
