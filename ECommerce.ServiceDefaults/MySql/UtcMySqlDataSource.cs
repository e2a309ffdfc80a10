using System.Data.Common;
using MySqlConnector;

namespace ECommerce.ServiceDefaults.MySql;

/// <summary>
/// Opens sessions whose clock is UTC, whatever the server's zone: NOW() and DATETIME columns then mean the same.
/// </summary>
internal sealed class UtcMySqlDataSource : DbDataSource
{
    private readonly MySqlDataSource _inner;

    public UtcMySqlDataSource(string connectionString)
    {
        var complete = MySqlConnectionDefaults.Apply(connectionString);
        _inner = new MySqlDataSourceBuilder(complete).UseConnectionOpenedCallback(SetZoneAsync).Build();
        // The driver's own data source shows the password.
        ConnectionString = new MySqlConnectionStringBuilder(complete) { Password = "" }.ConnectionString;
    }

    public override string ConnectionString { get; }

    protected override DbConnection CreateDbConnection() => _inner.CreateConnection();

    protected override DbConnection OpenDbConnection() =>
        throw new NotSupportedException("Open sessions with OpenConnectionAsync.");

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(
        CancellationToken cancellationToken = default) =>
        await _inner.OpenConnectionAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner.Dispose();
        base.Dispose(disposing);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await _inner.DisposeAsync();
        await base.DisposeAsyncCore();
    }

    private static async ValueTask SetZoneAsync(
        MySqlConnectionOpenedContext context, CancellationToken cancellationToken)
    {
        // A pooled session keeps its zone, because the pool does not reset sessions.
        if (context.Conditions == MySqlConnectionOpenedConditions.None)
            return;
        await using var command = context.Connection.CreateCommand();
        command.CommandText = "SET time_zone = '+00:00'";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
