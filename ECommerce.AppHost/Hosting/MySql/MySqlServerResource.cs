#pragma warning disable IDE0130 // The namespace of the package Aspire.Hosting.MySql, which can replace this folder.
namespace Aspire.Hosting.ApplicationModel;
#pragma warning restore IDE0130

/// <summary>A MySQL server in a container.</summary>
internal sealed class MySqlServerResource(string name, ParameterResource password)
    : ContainerResource(name), IResourceWithConnectionString
{
    public const string PrimaryEndpointName = "tcp";

    private readonly List<MySqlDatabaseResource> _databases = [];

    public EndpointReference PrimaryEndpoint => new(this, PrimaryEndpointName);

    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    public ParameterResource PasswordParameter => password;

    public IReadOnlyList<MySqlDatabaseResource> Databases => _databases;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Server={Host};Port={Port};User ID=root;Password={password}");

    public void AddDatabase(MySqlDatabaseResource database) => _databases.Add(database);
}

/// <summary>A database of a MySQL server; it is created when the server is ready.</summary>
internal sealed class MySqlDatabaseResource(string name, string databaseName, MySqlServerResource parent)
    : Resource(name), IResourceWithParent<MySqlServerResource>, IResourceWithConnectionString
{
    public MySqlServerResource Parent => parent;

    public string DatabaseName => databaseName;

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{parent};Database={databaseName}");
}
