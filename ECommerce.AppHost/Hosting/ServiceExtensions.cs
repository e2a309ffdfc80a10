using System.Reflection;

namespace ECommerce.AppHost.Hosting;

internal static class ServiceExtensions
{
    /// <summary>A project with one HTTP endpoint that is healthy when <c>/ready</c> responds with 200.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder, string name, int? port = null)
        where TProject : IProjectMetadata, new()
    {
        var service = builder.AddProject<TProject>(name, launchProfileName: null)
            .WithoutCertificate()
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            // The dashboard stops together with the services: their last export must not wait for it.
            .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "500")
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "")
            .WithHttpEndpoint(port)
            .WithReadinessCheck();

        // Aspire starts a project with `dotnet run`: that costs seconds, and its signals do not reach the service.
        var project = new TProject().ProjectPath;
        return FindProgram(project) is { } program
            ? service.WithAnnotation(
                new ExecutableAnnotation { Command = program, WorkingDirectory = Path.GetDirectoryName(project)! })
            : service;
    }

    /// <summary>A mock of a partner: a process, or a container where these are asked for.</summary>
    public static IResourceBuilder<IResourceWithServiceDiscovery> AddMock<TProject>(
        this IDistributedApplicationBuilder builder, string name, Machine machine, string? image)
        where TProject : IProjectMetadata, new() =>
        machine.Settings.Containers
            ? ServiceContainer.Add<TProject>(builder, name, image, machine.Settings.Images.DotNet)
            : builder.AddService<TProject>(name);

    /// <summary>Loopback only and without TLS: Aspire would otherwise require a development certificate.</summary>
    public static IResourceBuilder<T> WithoutCertificate<T>(this IResourceBuilder<T> resource)
        where T : IResourceWithEnvironment, IResourceWithArgs =>
#pragma warning disable ASPIRECERTIFICATES001 // The call is experimental.
        resource.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001

    /// <summary>The program that the build of this configuration made of a project, or null.</summary>
    public static string? FindProgram(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var configuration = typeof(ServiceExtensions).Assembly
            .GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var program = Path.GetFullPath(Path.Combine(
            Path.GetDirectoryName(project)!, "..", "artifacts", "bin", name, configuration.ToLowerInvariant(),
            OperatingSystem.IsWindows() ? $"{name}.exe" : name));
        return File.Exists(program) ? program : null;
    }
}
