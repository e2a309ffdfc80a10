using System.Text.Json;

namespace Aspire.Hosting.Testing;

/// <summary>A test starts the AppHost without its launch profile: what the first one sets is read from the file, as Aspire does.</summary>
internal static class LaunchProfile
{
    public static IReadOnlyDictionary<string, string?> EnvironmentVariables(string appHostDirectory)
    {
        var variables = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var file = Path.Combine(appHostDirectory, "Properties", "launchSettings.json");
        if (!File.Exists(file))
            return variables;
        using var settings = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        if (!settings.RootElement.TryGetProperty("profiles", out var profiles))
            return variables;
        foreach (var profile in profiles.EnumerateObject())
        {
            if (!profile.Value.TryGetProperty("commandName", out var command) || command.GetString() != "Project")
                continue;
            if (profile.Value.TryGetProperty("environmentVariables", out var values))
            {
                foreach (var value in values.EnumerateObject())
                    variables[value.Name] = value.Value.GetString();
            }
            break;
        }
        return variables;
    }
}
