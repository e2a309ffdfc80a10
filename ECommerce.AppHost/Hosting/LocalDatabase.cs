using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace ECommerce.AppHost.Hosting;

/// <summary>A database of a local server; it is created when the server is ready.</summary>
internal sealed class LocalDatabase(string name, LocalServer server)
    : Resource(name), IResourceWithParent<LocalServer>, IResourceWithConnectionString
{
    public LocalServer Parent => server;

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{server.ConnectionStringExpression};Database={Name}");

    public static IResourceBuilder<LocalDatabase> Add(IResourceBuilder<LocalServer> server, string name)
    {
        var database = new LocalDatabase(name, server.Resource);
        server
            .OnResourceReady(async (_, ready, ct) =>
            {
                await using var connection = new MySqlConnection(
                    await server.Resource.ConnectionStringExpression.GetValueAsync(ct));
                await connection.OpenAsync(ct);
                await using var command = connection.CreateCommand();
                var identifier = new MySqlCommandBuilder().QuoteIdentifier(name);
                command.CommandText = $"CREATE DATABASE IF NOT EXISTS {identifier}";
                await command.ExecuteNonQueryAsync(ct);
                await PublishStateAsync(ready.Services, database, KnownResourceStates.Running);
            })
            .OnResourceStopped((_, stopped, _) =>
                PublishStateAsync(stopped.Services, database, KnownResourceStates.Exited));
        return server.ApplicationBuilder.AddResource(database)
            .WithInitialState(
                new CustomResourceSnapshot
                {
                    ResourceType = "Database",
                    Properties = [],
                    State = KnownResourceStates.NotStarted,
                });
    }

    // Aspire publishes the state of a child only if its parent is a container.
    private static Task PublishStateAsync(IServiceProvider services, LocalDatabase database, string state) =>
        services.GetRequiredService<ResourceNotificationService>()
            .PublishUpdateAsync(database, snapshot => snapshot with { State = state });
}
