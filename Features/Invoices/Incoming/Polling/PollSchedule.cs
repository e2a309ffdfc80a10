using System.Data.Common;
using Dapper;
using ECommerce.Features.Common.Settings;
using ECommerce.Features.Invoices.Channel.Pool;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Invoices.Incoming.Polling;

/// <summary>A tenant with an API key whose time has come; without one its time is not decided.</summary>
/// <param name="Tenant">The slug.</param>
/// <param name="NextPollAt">Its time, in UTC.</param>
/// <param name="Version">Of the setting with the key.</param>
internal sealed record DuePoll(string Tenant, DateTime? NextPollAt, long Version);

/// <summary>
/// When the pool of each tenant is read next, and how far it was read: rows that all nodes share, by the database
/// server's clock. The first time is random within the interval, so that tenants do not all come at once. After
/// failures the interval doubles up to an hour; a new key is tried at once.
/// </summary>
internal sealed class PollSchedule(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source, PollInterval interval)
{
    private const int MaxBackOffSeconds = 3600;
    private const int MaxError = 500;

    private const string Due = """
        SELECT s.tenant_id AS tenant, p.next_poll_at, s.row_version AS version
        FROM settings s
        LEFT JOIN pool_polls p ON p.tenant_id = s.tenant_id
        WHERE s.name = @name AND s.deleted_at IS NULL AND s.secret_value IS NOT NULL
          AND (p.next_poll_at IS NULL OR p.next_poll_at <= UTC_TIMESTAMP(6)
               OR NOT (p.claimed_version <=> s.row_version))
        ORDER BY p.next_poll_at
        LIMIT 50
        """;

    private const string Place = """
        INSERT INTO pool_polls (tenant_id, claimed_version, next_poll_at)
        VALUES (
            @Tenant, @Version, TIMESTAMPADD(MICROSECOND, FLOOR(RAND() * @interval * 1000000), UTC_TIMESTAMP(6)))
        ON DUPLICATE KEY UPDATE claimed_version = @Version, next_poll_at = COALESCE(next_poll_at, VALUES(next_poll_at))
        """;

    // The server assigns from left to right.
    private const string Claim = """
        UPDATE pool_polls
        SET failures = IF(claimed_version <=> @Version, failures, 0), next_poll_at = TIMESTAMPADD(
            SECOND,
            GREATEST(@interval, LEAST(@maxBackOff, @interval * POW(2, LEAST(failures, 12)))),
            UTC_TIMESTAMP(6)), claimed_version = @Version
        WHERE tenant_id = @Tenant
          AND (next_poll_at <= UTC_TIMESTAMP(6) OR NOT (claimed_version <=> @Version))
        """;

    private const string Add = "INSERT IGNORE INTO pool_polls (tenant_id) VALUES (@tenant)";

    private const string Mark = "SELECT partition_key, row_key, key_version FROM pool_polls WHERE tenant_id = @tenant";

    // What is left is processed at once.
    private const string Finish = $"""
        UPDATE pool_polls
        SET polled_at = UTC_TIMESTAMP(6), error = @error, failures = IF(@error IS NULL, 0, failures + 1),
            next_poll_at = IF(@hasMore AND next_poll_at IS NOT NULL, UTC_TIMESTAMP(6), next_poll_at)
        WHERE tenant_id = @tenant AND {BusinessLock.StillHeld}
        """;

    private const string Move = $"""
        UPDATE pool_polls SET partition_key = @PartitionKey, row_key = @RowKey, key_version = @version
        WHERE tenant_id = @tenant AND {BusinessLock.StillHeld}
        """;

    private sealed record MarkRow(string? PartitionKey, string? RowKey, long? KeyVersion);

    /// <summary>Tenants whose time has come or is not decided, at most 50.</summary>
    public async Task<IReadOnlyList<DuePoll>> DueAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<DuePoll>(new CommandDefinition(
            Due, new { name = KnownSettings.FatturaPaApiKey.Name }, cancellationToken: ct))];
    }

    /// <summary>Gives a tenant without a time its first one.</summary>
    public Task PlaceAsync(DuePoll due, CancellationToken ct) =>
        ExecuteAsync(Place, new { due.Tenant, due.Version, interval = interval.Seconds }, ct);

    /// <summary>Whether this node polls: of several nodes that try it, one succeeds.</summary>
    public async Task<bool> TryClaimAsync(DuePoll due, CancellationToken ct) => await ExecuteAsync(
        Claim, new { due.Tenant, due.Version, interval = interval.Seconds, maxBackOff = MaxBackOffSeconds }, ct) > 0;

    /// <summary>How far the pool was read with a key; null: nothing was.</summary>
    public async Task<PoolPosition?> MarkAsync(Tenant tenant, long keyVersion, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var parameters = new { tenant = tenant.Slug };
        await connection.ExecuteAsync(new CommandDefinition(Add, parameters, cancellationToken: ct));
        var row = await connection.QuerySingleAsync<MarkRow>(
            new CommandDefinition(Mark, parameters, cancellationToken: ct));
        return row.KeyVersion == keyVersion && row is { PartitionKey: { } partition, RowKey: { } key }
            ? new PoolPosition(partition, key)
            : null;
    }

    /// <summary>Moves the mark, in the transaction that stores the events up to it.</summary>
    /// <returns>False: the lease was lost, and the mark is another node's.</returns>
    public static async Task<bool> TryMoveAsync(
        WriteTransaction tx, PoolPosition mark, long keyVersion, BusinessLock lease, CancellationToken ct) =>
        await tx.ExecuteAsync(
            Move,
            lease.Guard(new { tenant = tx.Db.Tenant.Slug, mark.PartitionKey, mark.RowKey, version = keyVersion }),
            ct) == 1;

    /// <summary>Records the end of a poll.</summary>
    public Task FinishAsync(Tenant tenant, PollReport report, BusinessLock lease, CancellationToken ct)
    {
        var error = report.Error is { Length: > MaxError } text ? text[..MaxError] : report.Error;
        return ExecuteAsync(Finish, lease.Guard(new { tenant = tenant.Slug, error, hasMore = report.HasMore }), ct);
    }

    private async Task<int> ExecuteAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }
}
