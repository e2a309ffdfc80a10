using System.Runtime.InteropServices;

namespace ECommerce.Api.Tests.Operations.Images;

/// <summary>
/// An image that ops/Dockerfile makes of a service, on the base image that <c>eng/build-test-images.sh</c> builds. The
/// SDK and the packages of this machine are mounted into the build, which needs no registry.
/// </summary>
internal sealed class ServiceImage
{
    private const string DotNet = "localhost/ecommerce-test/dotnet:latest";

    private readonly string _name;

    private ServiceImage(string name) => _name = name;

    public static async Task<ServiceImage> BuildAsync(string project)
    {
        var name = $"localhost/ecommerce-test/{project.ToLowerInvariant()}:latest";
        var sdk = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        (await Tool.RunAsync(
            "podman",
            [
                // The format that has health checks.
                "build", "--format", "docker", "--file", "ops/Dockerfile", "--tag", name,
                "--build-arg", $"PROJECT={project}", "--build-arg", $"SDK_IMAGE={DotNet}",
                "--build-arg", $"BASE_IMAGE={DotNet}", "--env", "DOTNET_NOLOGO=1",
                "--volume", $"{sdk}:/usr/share/dotnet:ro", "--volume", $"{packages}:/root/.nuget/packages:ro", ".",
            ],
            folder: RepositoryRoot.Path)).Succeeded();
        return new ServiceImage(name);
    }

    /// <summary>Runs a command of the image to its end.</summary>
    public Task<Tool> RunAsync(IEnumerable<string> options, string input, params IEnumerable<string> command) =>
        Tool.RunAsync("podman", ["run", "--rm", "--interactive", .. Hardened, .. options, _name, .. command], input);

    public async Task<ServiceContainer> StartAsync(int port, params IEnumerable<string> options)
    {
        var name = Samples.Unique("ecommerce-test-");
        (await Tool.RunAsync(
            "podman",
            [
                "run", "--detach", "--name", name, .. Hardened, "--env", $"ASPNETCORE_HTTP_PORTS={port}", .. options,
                _name,
            ])).Succeeded();
        return new ServiceContainer(name, port);
    }

    // The network of the machine: the servers of the tests listen on the loopback interface. Nothing of the root is
    // writable, not even /tmp.
    private static readonly string[] Hardened =
    [
        "--network", "host", "--read-only", "--read-only-tmpfs=false", "--cap-drop=all",
        "--security-opt=no-new-privileges",
    ];
}
