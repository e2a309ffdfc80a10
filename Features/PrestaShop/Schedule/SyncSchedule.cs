using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.PrestaShop.Schedule;

/// <summary>A shop that is read by schedule, and whose time has come.</summary>
/// <param name="Tenant">The slug of its tenant.</param>
/// <param name="Id">Its id.</param>
/// <param name="NextSyncAt">Its time, in UTC; a new shop, or one whose interval was changed, has none.</param>
internal sealed record DueShop(string Tenant, int Id, DateTime? NextSyncAt);

/// <summary>
/// When each shop is read next: a column of its row, so that all nodes share one schedule, by the database server's
/// clock. The first time is random within the interval, so that shops do not all come at once; then it moves by whole
/// intervals, so that it does not drift. After failures the interval doubles up to an hour.
/// </summary>
internal sealed class SyncSchedule(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source, SyncInterval interval)
{
    private const int MaxBackOffSeconds = 3600;

    private const string Seconds = "COALESCE(sync_interval_seconds, @interval)";

    private const string Due = $"""
        SELECT tenant_id AS tenant, id, next_sync_at
        FROM shops
        WHERE (next_sync_at IS NULL OR next_sync_at <= UTC_TIMESTAMP(6)) AND is_active = 1 AND {Seconds} > 0
        ORDER BY next_sync_at
        LIMIT 50
        """;

    private const string Place = $"""
        UPDATE shops
        SET next_sync_at = TIMESTAMPADD(MICROSECOND, FLOOR(RAND() * {Seconds} * 1000000), UTC_TIMESTAMP(6))
        WHERE tenant_id = @Tenant AND id = @Id AND next_sync_at IS NULL
        """;

    // Intervals that have passed while no node ran are not made up for.
    private const string Claim = $"""
        UPDATE shops
        SET next_sync_at = CASE
            WHEN sync_failures > 0 THEN TIMESTAMPADD(
                SECOND,
                GREATEST({Seconds}, LEAST(@maxBackOff, {Seconds} * POW(2, LEAST(sync_failures, 12)))),
                UTC_TIMESTAMP(6))
            WHEN TIMESTAMPADD(SECOND, {Seconds}, next_sync_at) > UTC_TIMESTAMP(6)
                THEN TIMESTAMPADD(SECOND, {Seconds}, next_sync_at)
            ELSE TIMESTAMPADD(SECOND, {Seconds}, UTC_TIMESTAMP(6))
            END
        WHERE tenant_id = @Tenant AND id = @Id AND next_sync_at <= UTC_TIMESTAMP(6) AND is_active = 1
            AND {Seconds} > 0
        """;

    /// <summary>Shops of all tenants whose time has come or is not decided, at most 50.</summary>
    public async Task<IReadOnlyList<DueShop>> DueAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<DueShop>(
            new CommandDefinition(Due, new { interval = interval.Seconds }, cancellationToken: ct))];
    }

    /// <summary>Gives a shop without a time its first one.</summary>
    public Task PlaceAsync(DueShop shop, CancellationToken ct) => ExecuteAsync(Place, shop, ct);

    /// <summary>Whether this node runs the sync: of several nodes that try it, one succeeds.</summary>
    public async Task<bool> TryClaimAsync(DueShop shop, CancellationToken ct) =>
        await ExecuteAsync(Claim, shop, ct) == 1;

    private async Task<int> ExecuteAsync(string sql, DueShop shop, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var parameters = new { shop.Tenant, shop.Id, interval = interval.Seconds, maxBackOff = MaxBackOffSeconds };
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }
}
