using ECommerce.AppHost.Hosting;
using MySqlConnector;

#pragma warning disable IDE0130 // The namespace of the package Aspire.Hosting.MySql, which can replace this folder.
namespace Aspire.Hosting;
#pragma warning restore IDE0130

/// <summary>MySQL by the names and signatures of the package Aspire.Hosting.MySql.</summary>
internal static class MySqlBuilderExtensions
{
    /// <summary>Adds a MySQL server in a container. Without a password one is generated.</summary>
    public static IResourceBuilder<MySqlServerResource> AddMySql(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        var parameter = password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password");
        return builder.AddResource(new MySqlServerResource(name, parameter))
            .WithEndpoint(port: port, targetPort: 3306, name: MySqlServerResource.PrimaryEndpointName)
            .WithImage("library/mysql", "9.5")
            .WithImageRegistry("docker.io")
            .WithEnvironment(context => context.EnvironmentVariables["MYSQL_ROOT_PASSWORD"] = parameter)
            .WithConnectionCheck(ConnectAsync)
            .OnResourceReady(static (server, _, ct) => CreateDatabasesAsync(server, ct));
    }

    /// <summary>Adds a database of the server. Without a name of its own it has that of the resource.</summary>
    public static IResourceBuilder<MySqlDatabaseResource> AddDatabase(
        this IResourceBuilder<MySqlServerResource> builder, [ResourceName] string name, string? databaseName = null)
    {
        var database = new MySqlDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(database);
        return builder.ApplicationBuilder.AddResource(database).WithConnectionCheck(ConnectAsync);
    }

    /// <summary>Keeps the data in a named volume.</summary>
    public static IResourceBuilder<MySqlServerResource> WithDataVolume(
        this IResourceBuilder<MySqlServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), "/var/lib/mysql", isReadOnly);

    /// <summary>Keeps the data in a folder of this machine.</summary>
    public static IResourceBuilder<MySqlServerResource> WithDataBindMount(
        this IResourceBuilder<MySqlServerResource> builder, string source, bool isReadOnly = false) =>
        builder.WithBindMount(source, "/var/lib/mysql", isReadOnly);

    private static async Task CreateDatabasesAsync(MySqlServerResource server, CancellationToken ct)
    {
        await using var connection = new MySqlConnection(await server.ConnectionStringExpression.GetValueAsync(ct));
        await connection.OpenAsync(ct);
        foreach (var database in server.Databases)
        {
            await using var command = connection.CreateCommand();
            var identifier = new MySqlCommandBuilder().QuoteIdentifier(database.DatabaseName);
            command.CommandText = $"CREATE DATABASE IF NOT EXISTS {identifier}";
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private static async Task ConnectAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = new MySqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(ct);
    }
}
