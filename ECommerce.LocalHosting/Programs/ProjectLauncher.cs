using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Programs;

/// <summary>Starts the built assembly in the project's folder, which is its content root.</summary>
internal sealed class ProjectLauncher(IServiceProvider services) : ILauncher
{
    public async Task<ProcessSpec> PrepareAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var project = instance.Resource.Annotations.OfType<IProjectMetadata>().Last();
        // The metadata class lives in the AppHost's assembly, and so does what the build wrote about it.
        var output = AppHostMetadata.Output(project.GetType().Assembly, project.ProjectPath);
        if (output is null || !File.Exists(output))
        {
            throw new DistributedApplicationException(
                $"'{project.ProjectPath}' is not built: build the AppHost, which builds its services too.");
        }

        var args = await LaunchArguments.ArgsAsync(instance, cancellationToken).ConfigureAwait(false);
        var environment = await LaunchArguments.EnvironmentAsync(instance, services, Defaults(instance), cancellationToken)
            .ConfigureAwait(false);
        return new(Executables.DotNet, [output, .. args], Path.GetDirectoryName(project.ProjectPath)!) { Environment = environment };
    }

    private static Dictionary<string, object> Defaults(ResourceInstance instance)
    {
        var defaults = new Dictionary<string, object>
        {
            ["OTEL_SERVICE_NAME"] = instance.Resource.Name,
            ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Id[(instance.Resource.Name.Length + 1)..]}",
            ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
        };
        var urls = instance.Resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.UriScheme is "http" or "https")
            .Select(endpoint => $"{endpoint.UriScheme}://localhost:{instance.Ports[endpoint.Name]}");
        if (string.Join(';', urls) is { Length: > 0 } listen)
            defaults["ASPNETCORE_URLS"] = listen;

        return defaults;
    }
}

internal sealed class ExecutableLauncher(IServiceProvider services) : ILauncher
{
    public async Task<ProcessSpec> PrepareAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var executable = (ExecutableResource)instance.Resource;
        var args = await LaunchArguments.ArgsAsync(instance, cancellationToken).ConfigureAwait(false);
        var environment = await LaunchArguments.EnvironmentAsync(instance, services, [], cancellationToken).ConfigureAwait(false);
        return new(Executables.Require(executable.Command), args, executable.WorkingDirectory) { Environment = environment };
    }
}
