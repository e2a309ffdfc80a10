using System.Reflection;

namespace Aspire.Hosting;

/// <summary>What eng/LocalAppHost.targets wrote into the AppHost's assembly.</summary>
internal static class AppHostMetadata
{
    private const string OutputPrefix = "projectoutput:";

    public static string? Directory(Assembly? appHost) => Find(appHost, "apphostprojectpath");

    /// <summary>The built assembly of a service project, so that it starts without MSBuild and gets its signals itself.</summary>
    public static string? Output(Assembly? appHost, string projectPath) => Find(appHost, OutputPrefix + projectPath);

    private static string? Find(Assembly? assembly, string key) => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => string.Equals(attribute.Key, key, StringComparison.Ordinal))?.Value;
}
