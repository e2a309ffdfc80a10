using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using MySqlConnector;

namespace ECommerce.ServiceDefaults.MySql;

/// <summary>
/// Opens sessions whose clock is UTC, whatever the server's zone: NOW() and DATETIME columns then mean the same.
/// </summary>
internal sealed class UtcMySqlDataSource : DbDataSource
{
    private readonly MySqlDataSource _inner;

    public UtcMySqlDataSource(string connectionString, uint? sessions = null, string? replicas = null)
    {
        var complete = MySqlConnectionDefaults.Apply(connectionString, sessions, replicas);
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

internal static class MySqlConnectionDefaults
{
    /// <summary>The connection string, completed with the defaults of this system.</summary>
    /// <param name="connectionString">What is given.</param>
    /// <param name="sessions">The size of the pool, whatever is given; null: as given, or the default.</param>
    /// <param name="replicas">The number of processes that share the server: their pools fit together.</param>
    public static string Apply(string connectionString, uint? sessions = null, string? replicas = null)
    {
        var complete = new MySqlConnectionStringBuilder
        {
            ConnectionTimeout = 5,
            // A server that has fallen silent is noticed within the time a client waits, not after the driver's 30 s.
            DefaultCommandTimeout = 8,
            CancellationTimeout = 1,
            MaximumPoolSize = PoolFor(replicas),
            CharacterSet = "utf8mb4",
            // Saves two round trips. No session state outlives its use: every transaction is committed or rolled back.
            ConnectionReset = false,
        };

        // Key by key, so that every spelling the driver knows ("Max Pool Size", "maxpoolsize") replaces the default.
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (string key in given.Keys)
            complete[key] = given[key];

        // Required: columns hold UTC, and EF Core's provider needs user variables and counts of found rows.
        complete.DateTimeKind = MySqlDateTimeKind.Utc;
        complete.AllowUserVariables = true;
        complete.UseAffectedRows = false;
        if (sessions is { } size)
            (complete.MinimumPoolSize, complete.MaximumPoolSize) = (0, size);
        return complete.ConnectionString;
    }

    // A server allows 151 connections, and each replica has a small pool besides: three replicas and an operator's
    // client fit, and of more each gets its share.
    private static uint PoolFor(string? replicas) =>
        uint.TryParse(replicas, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is > 0 and <= 20
            ? Math.Min(40, (150 / count) - MySqlDataSourceExtensions.BackgroundSessions)
            : 40;
}
