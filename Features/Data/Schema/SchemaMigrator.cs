using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.Data.Schema;

/// <summary>
/// Brings the schema up to date at start: numbered scripts, each run once, by the replica that comes first. While
/// MySQL is unavailable it tries again; the process stays up meanwhile.
/// </summary>
internal sealed partial class SchemaMigrator(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source, IReadOnlyList<MigrationScript> scripts,
    SchemaState state, DevelopmentSeed seed, DatabaseLimits limits, IHostApplicationLifetime process,
    IHostEnvironment environment, TimeProvider time, ILogger<SchemaMigrator> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const string MigrationsTable = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            name VARCHAR(128) NOT NULL PRIMARY KEY,
            applied_at DATETIME(6) NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
        """;

    // The name of such a lock holds for the whole server, hence the database's name in it.
    private const string Lock = "SELECT GET_LOCK(CONCAT('migrate:', MD5(DATABASE())), 60)";
    private const string Unlock = "SELECT RELEASE_LOCK(CONCAT('migrate:', MD5(DATABASE())))";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!state.IsReady)
        {
            try
            {
                await MigrateAsync(stoppingToken);
                state.Ready();
            }
            catch (OptionsValidationException invalid)
            {
                // Trying again would not help, and serving would fail under load.
                LogInvalid(invalid.Message);
                Environment.ExitCode = 1;
                process.StopApplication();
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogRetry(exception.GetBaseException().Message);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    /// <summary>
    /// Applies what is missing, once: a command fails at once, where a replica tries again. With nothing to apply,
    /// which is so after the command <c>migrate</c>, the user of the database needs no right to change tables.
    /// </summary>
    /// <returns>The scripts that were applied.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await limits.CheckAsync(connection, ct);
        if (!environment.IsDevelopment() && (await MissingAsync(connection, ct)).Count == 0)
            return [];
        try
        {
            return await MigrateAsync(connection, ct);
        }
        catch (DbException denied) when (DatabaseErrors.IsDenied(denied))
        {
            throw new InvalidOperationException(
                "Migrations are to be applied, and the user of the database may not change tables: run the command "
                + $"'migrate' with one that may ({denied.Message}).");
        }
    }

    private async Task<IReadOnlyList<string>> MigrateAsync(DbConnection connection, CancellationToken ct)
    {
        if (await connection.ExecuteScalarAsync<int?>(
            new CommandDefinition(Lock, commandTimeout: 90, cancellationToken: ct)) != 1)
        {
            throw new TimeoutException("Another replica holds the migration lock.");
        }

        try
        {
            await connection.ExecuteAsync(new CommandDefinition(MigrationsTable, cancellationToken: ct));
            var missing = await MissingAsync(connection, ct);
            foreach (var script in missing)
                await ApplyAsync(connection, script, ct);
            if (environment.IsDevelopment())
                await seed.RunAsync(connection, ct);
            return [.. missing.Select(script => script.Name)];
        }
        finally
        {
            await connection.ExecuteAsync(new CommandDefinition(Unlock, cancellationToken: CancellationToken.None));
        }
    }

    private async Task<IReadOnlyList<MigrationScript>> MissingAsync(DbConnection connection, CancellationToken ct)
    {
        try
        {
            var applied = (
                await connection.QueryAsync<string>(
                    new CommandDefinition("SELECT name FROM schema_migrations", cancellationToken: ct))).ToHashSet();
            return [.. scripts.Where(script => !applied.Contains(script.Name))];
        }
        catch (DbException empty) when (DatabaseErrors.IsNoSuchTable(empty))
        {
            return scripts;
        }
    }

    private async Task ApplyAsync(DbConnection connection, MigrationScript script, CancellationToken ct)
    {
        foreach (var statement in script.Statements)
        {
            try
            {
                await connection.ExecuteAsync(
                    new CommandDefinition(statement, commandTimeout: 600, cancellationToken: ct));
            }
            catch (DbException exception) when (DatabaseErrors.IsAlreadyMigrated(exception))
            {
                // MySQL commits each DDL statement by itself: an interrupted script is executed again from its start.
            }
        }
        await CompleteAsync(connection, script, ct);
        LogApplied(script.Name);
    }

    // The script counts as applied only with its tags in the outbox; the relay of any node applies them.
    private static async Task CompleteAsync(DbConnection connection, MigrationScript script, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO schema_migrations (name, applied_at) VALUES (@Name, UTC_TIMESTAMP(6))", new { script.Name },
            transaction, cancellationToken: ct));
        if (script.Invalidates.Count > 0)
        {
            var tenants = await connection.QueryAsync<string>(
                new CommandDefinition("SELECT slug FROM tenants", null, transaction, cancellationToken: ct));
            var tags = tenants.SelectMany(
                tenant => script.Invalidates.Select(tag => tag.Replace("{tenant}", tenant, StringComparison.Ordinal)));
            await InvalidationOutbox.AddAsync(connection, tags.Distinct(), transaction, ct);
        }
        await transaction.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Migration {Name} is applied.")]
    private partial void LogApplied(string name);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Configuration: {Reason}")]
    private partial void LogInvalid(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is not ready ({Reason}); trying again.")]
    private partial void LogRetry(string reason);
}
