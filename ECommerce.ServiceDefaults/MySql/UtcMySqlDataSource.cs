using System.Data.Common;
using MySql.Data.MySqlClient;

namespace ECommerce.ServiceDefaults.MySql;

/// <summary>
/// Opens sessions whose clock is UTC, whatever the server's zone: NOW() and DATETIME columns then mean the same.
/// The driver has no "init command" and does not tell a new session from a pooled one, so where the server's own zone is not UTC
/// each opening costs one more round trip.
/// </summary>
internal sealed class UtcMySqlDataSource(string connectionString, TimeProvider time) : DbDataSource
{
    private const string AskZone = "SELECT IF(@@global.time_zone = 'SYSTEM', @@system_time_zone, @@global.time_zone)";
    private const string SetZone = "SET time_zone = '+00:00'";

    private readonly DbDataSource _inner = MySqlClientFactory.Instance.CreateDataSource(connectionString);

    // The driver's timeout is per packet, and a silent server makes it wait for several; its own error should still come first.
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(new MySqlConnectionStringBuilder(connectionString).ConnectionTimeout + 1);

    // Null until the first session has asked. A race asks twice and finds the same.
    private volatile string? _zone;

    public override string ConnectionString { get; } = new MySqlConnectionStringBuilder(connectionString) { Password = "" }.ConnectionString;

    protected override DbConnection CreateDbConnection() => _inner.CreateConnection();

    protected override DbConnection OpenDbConnection() => throw new NotSupportedException("Open sessions with OpenConnectionAsync.");

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        var connection = await OpenInTimeAsync(cancellationToken);
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

    private async Task<DbConnection> OpenInTimeAsync(CancellationToken cancellationToken)
    {
        var opening = _inner.OpenConnectionAsync(cancellationToken).AsTask();
        try
        {
            return await opening.WaitAsync(_limit, time, cancellationToken);
        }
        catch (Exception exception) when (!opening.IsCompleted)
        {
            // The driver does not listen to the token while it shakes hands: what it opens too late goes back to the pool.
            _ = opening.ContinueWith(
                late => late.IsCompletedSuccessfully ? late.Result.DisposeAsync().AsTask() : Task.FromResult(late.Exception),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            if (exception is TimeoutException) throw new OpenTimeoutException($"MySQL did not open a session within {_limit.TotalSeconds:0} s.");
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

/// <summary>A <see cref="DbException"/>, so that it is handled where the driver's own errors are.</summary>
internal sealed class OpenTimeoutException(string message) : DbException(message)
{
    public override bool IsTransient => true;
}
