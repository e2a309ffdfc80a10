using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Programs;

namespace Aspire.Hosting;

public static class MySqlBuilderExtensions
{
    public static IResourceBuilder<MySqlServerResource> AddMySql(this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        var secret = password?.Resource ?? ParameterResourceBuilderExtensions.CreatePassword(builder, $"{name}-password");
        return builder.AddResource(new MySqlServerResource(name, secret))
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, name: MySqlServerResource.PrimaryEndpointName, port: port,
                isProxied: false))
            .WithAnnotation(new InstanceHealthCheck($"{name}_check", MySqlGreeting.FindProblemAsync));
    }

    public static IResourceBuilder<MySqlDatabaseResource> AddDatabase(this IResourceBuilder<MySqlServerResource> builder, string name,
        string? databaseName = null)
    {
        var database = new MySqlDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(name, database.DatabaseName);
        return builder.ApplicationBuilder.AddResource(database);
    }

    public static IResourceBuilder<MySqlServerResource> WithDataVolume(this IResourceBuilder<MySqlServerResource> builder,
        string? name = null, bool isReadOnly = false) =>
        builder.WithAnnotation(new DataFolderAnnotation(Source: null), ResourceAnnotationMutationBehavior.Replace);
}
