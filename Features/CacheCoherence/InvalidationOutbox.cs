using System.Data;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using ECommerce.Caching;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace ECommerce.Features.CacheCoherence;

/// <summary>The tags of one commit, as a relay claims them.</summary>
internal sealed record OutboxRow(long Id, IReadOnlyCollection<string> Tags);

/// <summary>
/// The table <c>cache_outbox</c>: the tags that a commit invalidates are a row of the same transaction, so both are
/// committed or neither is. Times are the database server's: clocks of nodes may differ.
/// </summary>
internal sealed class InvalidationOutbox(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source) : IInvalidationLog
{
    /// <summary>The maximum number of rows that one call claims.</summary>
    public const int Batch = 100;

    /// <summary>The maximum number of overdue rows of which each tag is dropped; of more, everything is.</summary>
    public const int MaxOverdue = 1000;

    private const int DeleteBatch = 1000;

    // The time that the committing node has to apply its row; then the time that a relay has before another one claims
    // it.
    private static readonly TimeSpan Own = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Relayed = TimeSpan.FromSeconds(2);

    private const string Insert = """
        INSERT INTO cache_outbox (tags, created_at, due_at)
        VALUES (@tags, UTC_TIMESTAMP(6), TIMESTAMPADD(MICROSECOND, @own, UTC_TIMESTAMP(6)))
        """;

    private const string InsertAndCommit = $"""
        {Insert};
        COMMIT
        """;

    private const string AnyDue =
        "SELECT EXISTS (SELECT 1 FROM cache_outbox WHERE applied_at IS NULL AND due_at <= UTC_TIMESTAMP(6))";

    // By the age of the row and not by its claim: the relay that has claimed it may fail to apply it. Older ones were
    // listed before.
    private const string Overdue = """
        SELECT id, tags FROM cache_outbox
        WHERE applied_at IS NULL
            AND created_at BETWEEN UTC_TIMESTAMP(6) - INTERVAL 10 SECOND AND UTC_TIMESTAMP(6) - INTERVAL 1 SECOND
        LIMIT 1001
        """;

    private const string Take = """
        SELECT id, tags FROM cache_outbox
        WHERE applied_at IS NULL AND due_at <= UTC_TIMESTAMP(6)
        ORDER BY due_at LIMIT 100
        FOR UPDATE SKIP LOCKED
        """;

    private const string Claim =
        "UPDATE cache_outbox SET due_at = TIMESTAMPADD(MICROSECOND, @relayed, UTC_TIMESTAMP(6)) WHERE id IN @ids";

    private const string Mark = "UPDATE cache_outbox SET applied_at = UTC_TIMESTAMP(6) WHERE id IN @ids";

    private const string GiveBack = "UPDATE cache_outbox SET due_at = UTC_TIMESTAMP(6) WHERE id IN @ids";

    private const string Recent = """
        SELECT tags FROM cache_outbox
        WHERE applied_at IS NULL OR applied_at >= TIMESTAMPADD(MICROSECOND, -@period, UTC_TIMESTAMP(6))
        """;

    private const string Pending =
        "SELECT COUNT(*) FROM cache_outbox WHERE applied_at IS NULL AND due_at <= UTC_TIMESTAMP(6)";

    private const string DeleteOld = """
        DELETE FROM cache_outbox
        WHERE applied_at < TIMESTAMPADD(MICROSECOND, -@reach, UTC_TIMESTAMP(6))
        ORDER BY applied_at LIMIT 1000
        """;

    public TimeSpan Reach { get; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Inserts the row into the open transaction and commits it, in one round trip; the id of the row.
    /// </summary>
    public static async Task<long> CommitAsync(DbConnection connection, IEnumerable<string> tags)
    {
        await using var command = (MySqlCommand)connection.CreateCommand();
        command.CommandText = InsertAndCommit;
        command.Parameters.AddWithValue("@tags", JsonSerializer.Serialize(tags));
        command.Parameters.AddWithValue("@own", (long)Own.TotalMicroseconds);
        await command.ExecuteNonQueryAsync();
        return command.LastInsertedId;
    }

    /// <summary>Inserts a row that is due immediately: its tags are applied by a relay, not by this node.</summary>
    public static Task AddAsync(
        DbConnection connection, IEnumerable<string> tags, DbTransaction transaction, CancellationToken ct) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                Insert, new { tags = JsonSerializer.Serialize(tags), own = 0L }, transaction, cancellationToken: ct));

    /// <summary>
    /// Claims overdue rows; for two seconds no other relay claims them.
    /// </summary>
    public async Task<IReadOnlyList<OutboxRow>> TakeDueAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        // Usually nothing is due, and this check needs no transaction.
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(AnyDue, cancellationToken: ct)))
            return [];
        // REPEATABLE READ would take gap locks and block concurrent commits.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        var rows = (
            await connection.QueryAsync<(long Id, string Tags)>(
                new CommandDefinition(Take, null, transaction, cancellationToken: ct))).AsList();
        if (rows.Count > 0)
        {
            var parameters = new { relayed = (long)Relayed.TotalMicroseconds, ids = rows.Select(row => row.Id) };
            await connection.ExecuteAsync(new CommandDefinition(Claim, parameters, transaction, cancellationToken: ct));
        }
        await transaction.CommitAsync(ct);
        return [.. rows.Select(row => new OutboxRow(row.Id, Parse(row.Tags)))];
    }

    /// <summary>
    /// The rows that no node has applied within a second, whether claimed or not; at most one more than
    /// <see cref="MaxOverdue"/>. What was not listed within ten seconds is not listed any more.
    /// </summary>
    public async Task<IReadOnlyList<OutboxRow>> OverdueAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(long Id, string Tags)>(
            new CommandDefinition(Overdue, cancellationToken: ct));
        return [.. rows.Select(row => new OutboxRow(row.Id, Parse(row.Tags)))];
    }

    public Task MarkAppliedAsync(IEnumerable<long> ids, CancellationToken ct) => ExecuteAsync(Mark, new { ids }, ct);

    /// <summary>Releases claimed rows: any relay may claim them immediately.</summary>
    public Task GiveBackAsync(IEnumerable<long> ids, CancellationToken ct) => ExecuteAsync(GiveBack, new { ids }, ct);

    public async Task<IReadOnlyCollection<string>> RecentAsync(
        TimeSpan period, CancellationToken cancellationToken = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var rows = await connection.QueryAsync<string>(
                new CommandDefinition(
                    Recent, new { period = (long)period.TotalMicroseconds }, cancellationToken: cancellationToken));
            return rows.SelectMany(Parse).ToHashSet(StringComparer.Ordinal);
        }
        catch (DbException exception) when (DatabaseErrors.IsNoSuchTable(exception))
        {
            // First start: the tables are being created, so nothing has been written.
            return [];
        }
    }

    public async Task<int> CountPendingAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(Pending, cancellationToken: cancellationToken));
    }

    public async Task DeleteOldAsync(CancellationToken ct)
    {
        // In small transactions: deleting a day's rows in one would block other nodes.
        while (await ExecuteAsync(DeleteOld, new { reach = (long)Reach.TotalMicroseconds }, ct) == DeleteBatch)
            ct.ThrowIfCancellationRequested();
    }

    // READ COMMITTED here too: on a small table the server may scan instead of using the index, and would lock every
    // row.
    private async Task<int> ExecuteAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        var rows = await connection.ExecuteAsync(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return rows;
    }

    private static string[] Parse(string tags) => JsonSerializer.Deserialize<string[]>(tags) ?? [];
}
