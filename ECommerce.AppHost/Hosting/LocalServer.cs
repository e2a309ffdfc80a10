using System.Diagnostics;

namespace ECommerce.AppHost.Hosting;

/// <summary>A server that is a program of this machine: loopback only, files in a private folder.</summary>
internal sealed class LocalServer(
    string name,
    string program,
    string folder,
    ParameterResource password,
    Func<EndpointReference, ParameterResource, ReferenceExpression> connectionString)
    : ExecutableResource(name, program, folder), IResourceWithConnectionString
{
    public const string EndpointName = "tcp";

    public ParameterResource Password => password;

    public EndpointReference Endpoint => new(this, EndpointName);

    public ReferenceExpression ConnectionStringExpression => connectionString(Endpoint, password);
}

internal static class LocalServerExtensions
{
    public static IResourceBuilder<LocalServer> AddLocalServer(
        this IDistributedApplicationBuilder builder,
        string name,
        string program,
        DataFolder data,
        Func<EndpointReference, ParameterResource, ReferenceExpression> connectionString)
    {
        // Generated at the first start and kept in the user secrets.
        var password = builder.AddParameter(
            $"{name}-password",
            new GenerateParameterDefault { MinLength = 22, Special = false },
            secret: true,
            persist: true);
        return builder
            .AddResource(new LocalServer(
                name,
                LocalPrograms.Find(program) ?? program,
                data.CreateSubfolder(name),
                password.Resource,
                connectionString))
            .WithEndpoint(name: LocalServer.EndpointName, scheme: "tcp", isProxied: false);
    }

    public static async Task RunAsync(string program, string[] args, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(LocalPrograms.Find(program) ?? program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = await process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            if (process.ExitCode != 0)
            {
                throw new DistributedApplicationException(
                    $"{program} ended with code {process.ExitCode}: {await output}{errors}");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
