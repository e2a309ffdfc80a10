using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace ECommerce.Features.Data.Overload;

/// <summary>
/// How much of the database server this process uses: <c>DATABASE_CONCURRENCY</c> requests at once (4 per core by
/// default, at most its pool), and how many replicas there are (<c>REPLICAS</c>, 1).
/// </summary>
internal sealed class DatabaseLimits
{
    // Each has rows to read and a response to write when the server replies: with more of them a probe waits behind
    // their work for longer than 100 ms.
    private const int PerCore = 4;
    private const string ConcurrencyName = "DATABASE_CONCURRENCY";
    private const string ReplicasName = "REPLICAS";

    private readonly int _sessions;
    private readonly int _replicas;

    public DatabaseLimits(
        IConfiguration configuration, [FromKeyedServices(DatabasePools.Requests)] DbDataSource requests,
        [FromKeyedServices(DatabasePools.Background)] DbDataSource background)
    {
        var pool = PoolOf(requests);
        Concurrency = Read(configuration, ConcurrencyName, Math.Min(pool, PerCore * Environment.ProcessorCount), pool);
        _sessions = pool + PoolOf(background);
        _replicas = Read(configuration, ReplicasName, 1, 1000);
    }

    /// <summary>The number of permits of the gate.</summary>
    public int Concurrency { get; }

    /// <summary>Compares the sessions that all replicas may open with those that the server allows.</summary>
    /// <exception cref="OptionsValidationException">The server allows too few.</exception>
    public async Task CheckAsync(DbConnection connection, CancellationToken ct)
    {
        var allowed = await connection.ExecuteScalarAsync<int>(
            new CommandDefinition("SELECT @@max_connections", cancellationToken: ct));
        if (_replicas * _sessions > allowed)
        {
            throw Invalid(
                $"{ReplicasName}={_replicas} with {_sessions} database sessions each are more than max_connections="
                + $"{allowed} of the server: raise it, or lower 'Maximum Pool Size' in ConnectionStrings:ecommerce.");
        }
    }

    private static int PoolOf(DbDataSource source) =>
        (int)new MySqlConnectionStringBuilder(source.ConnectionString).MaximumPoolSize;

    private static int Read(IConfiguration configuration, string name, int initial, int max)
    {
        if (configuration[name] is not { Length: > 0 } text)
            return initial;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= max
            ? number
            : throw Invalid($"{name} must be a number from 1 to {max}.");
    }

    private static OptionsValidationException Invalid(string message) =>
        new(nameof(DatabaseLimits), typeof(DatabaseLimits), [message]);
}
