using StackExchange.Redis;

namespace ECommerce.AppHost.Hosting;

internal static class LocalRedis
{
    /// <summary>Redis as a program of this machine. It keeps nothing on disk.</summary>
    public static IResourceBuilder<LocalServer> AddLocalRedis(
        this IDistributedApplicationBuilder builder, string name, DataFolder data)
    {
        var server = builder.AddLocalServer(name, "redis-server", data, static (endpoint, password) =>
            ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.HostAndPort)},password={password}"));
        var folder = server.Resource.WorkingDirectory;
        // The password is in a private file: every user of the machine can read arguments.
        var settings = Path.Combine(folder, "redis.conf");
        return server
            .WithArgs(context =>
            {
                context.Args.Add(settings);
                context.Args.Add("--port");
                context.Args.Add(server.Resource.Endpoint.Property(EndpointProperty.TargetPort));
            })
            .OnBeforeResourceStarted(async (resource, _, ct) => await DataFolder.WritePrivateAsync(settings, $"""
                bind 127.0.0.1
                dir "{folder}"
                requirepass "{await resource.Password.GetValueAsync(ct)}"
                save ""

                """, ct))
            .WithConnectionCheck(static async (connectionString, ct) =>
            {
                await using var client = await ConnectionMultiplexer.ConnectAsync(connectionString).WaitAsync(ct);
                await client.GetDatabase().PingAsync().WaitAsync(ct);
            });
    }
}
