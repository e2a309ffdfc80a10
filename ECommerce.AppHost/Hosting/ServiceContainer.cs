using System.Globalization;

namespace ECommerce.AppHost.Hosting;

/// <summary>A service of this repository in a container.</summary>
internal sealed class ServiceContainer(string name) : ContainerResource(name), IResourceWithServiceDiscovery
{
    private const int Port = 8080;

    /// <summary>Adds the service from an image, or builds one from the project's output and Dockerfile.</summary>
    /// <exception cref="StartupException">The project is not built.</exception>
    public static IResourceBuilder<ServiceContainer> Add<TProject>(
        IDistributedApplicationBuilder builder, string name, string? image, string baseImage)
        where TProject : IProjectMetadata, new()
    {
        var container = builder.AddResource(new ServiceContainer(name));
        if (string.IsNullOrEmpty(image))
        {
            var project = new TProject().ProjectPath;
            var program = ServiceExtensions.FindProgram(project)
                ?? throw new StartupException($"{project} is not built: dotnet build it first.");
            container
                .WithImage(name)
                .WithDockerfile(
                    Path.GetDirectoryName(program)!, Path.Combine(Path.GetDirectoryName(project)!, "Dockerfile"))
                .WithBuildArg("BASE_IMAGE", baseImage);
        }
        else
        {
            container.WithImage(image);
        }

        return container
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithEnvironment("ASPNETCORE_HTTP_PORTS", Port.ToString(CultureInfo.InvariantCulture))
            .WithHttpEndpoint(targetPort: Port)
            .WithReadinessCheck();
    }
}
