using System.Data.Common;
using MySql.Data.MySqlClient;

namespace ECommerce.ServiceDefaults.MySql;

/// <summary>
/// Opens sessions whose clock is UTC, whatever the server's zone: NOW() and DATETIME columns then mean the same.
/// The driver has no "init command" and does not tell a new session from a pooled one, so where the server's own zone is not UTC
/// each opening costs one more round trip.
/// </summary>
internal sealed class UtcMySqlDataSource(string connectionString) : DbDataSource
{
    private const string AskZone = "SELECT IF(@@global.time_zone = 'SYSTEM', @@system_time_zone, @@global.time_zone)";
    private const string SetZone = "SET time_zone = '+00:00'";

    private readonly DbDataSource _inner = MySqlClientFactory.Instance.CreateDataSource(connectionString);

    // Null until the first session has asked. A race asks twice and finds the same.
    private volatile string? _zone;

    public override string ConnectionString { get; } = new MySqlConnectionStringBuilder(connectionString) { Password = "" }.ConnectionString;

    protected override DbConnection CreateDbConnection() => _inner.CreateConnection();

    protected override DbConnection OpenDbConnection() => throw new NotSupportedException("Open sessions with OpenConnectionAsync.");

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        var connection = await _inner.OpenConnectionAsync(cancellationToken);
        try
        {
            _zone ??= await RunAsync(connection, AskZone, cancellationToken) as string ?? "";
            if (_zone is not ("UTC" or "Etc/UTC" or "+00:00")) await RunAsync(connection, SetZone, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<object?> RunAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await _inner.DisposeAsync();
        await base.DisposeAsyncCore();
    }
}
