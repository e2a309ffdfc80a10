using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.PrestaShop.Push;

/// <summary>
/// The schedule of <c>order_state_pushes</c>: which node works at which row, and when. All times are the database
/// server's: clocks of nodes may differ.
/// </summary>
internal sealed class PushLeases([FromKeyedServices(DatabasePools.Background)] DbDataSource source)
{
    /// <summary>The maximum number of rows that one call leases.</summary>
    public const int Batch = 8;

    // Longer than the history is read and a response is waited for.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(45);

    // One UPDATE: of two nodes that see a row free, the second one waits for the first and then finds it leased. Of an
    // order only the first pending row is taken, so its states are pushed in their order.
    private const string LeaseDue = """
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        UPDATE order_state_pushes p
        JOIN (
            SELECT candidate.id
            FROM order_state_pushes candidate
            JOIN (
                SELECT MIN(id) AS id FROM order_state_pushes WHERE status = 'pending' GROUP BY tenant_id, order_id
            ) first ON first.id = candidate.id
            WHERE candidate.next_attempt_at <= UTC_TIMESTAMP(6)
              AND (candidate.lease_until IS NULL OR candidate.lease_until <= UTC_TIMESTAMP(6))
            ORDER BY candidate.next_attempt_at
            LIMIT 8
        ) due ON due.id = p.id
        SET p.lease_token = @token, p.lease_until = TIMESTAMPADD(MICROSECOND, @lease, UTC_TIMESTAMP(6))
        WHERE p.status = 'pending' AND (p.lease_until IS NULL OR p.lease_until <= UTC_TIMESTAMP(6))
        """;

    private const string Leased = """
        SELECT p.id, p.tenant_id, p.order_id, o.shop_id, o.origin_id AS order_origin_id,
               s.origin_id AS state_origin_id, p.refusals, p.deferrals, p.seen_history_id,
               p.attempted_at, shop.max_execution_seconds
        FROM order_state_pushes p
        JOIN orders o ON o.tenant_id = p.tenant_id AND o.id = p.order_id
        JOIN order_states s ON s.tenant_id = p.tenant_id AND s.id = p.state_id
        JOIN shops shop ON shop.tenant_id = o.tenant_id AND shop.id = o.shop_id
        WHERE p.lease_token = @token
        """;

    // What a killed process leaves is taken up when the shop cannot be working at its request any more.
    private const string BeginAttempt = """
        UPDATE order_state_pushes
        SET seen_history_id = @seen, attempted_at = UTC_TIMESTAMP(6),
            next_attempt_at = TIMESTAMPADD(MICROSECOND, @longest, UTC_TIMESTAMP(6))
        WHERE id = @Id AND status = 'pending' AND lease_token = @Token
          AND lease_until > TIMESTAMPADD(MICROSECOND, @timeout, UTC_TIMESTAMP(6))
        """;

    /// <summary>Ends a lease in the transaction of its result; 0 rows: the lease is another node's.</summary>
    public const string Release = """
        UPDATE order_state_pushes
        SET lease_token = NULL, lease_until = NULL, attempted_at = IF(@isUnknown, attempted_at, NULL),
            deferrals = @deferrals, next_attempt_at = TIMESTAMPADD(MICROSECOND, @pause, UTC_TIMESTAMP(6))
        WHERE id = @Id AND lease_token = @Token
        """;

    private sealed record Row(
        long Id, string TenantId, long OrderId, int ShopId, long OrderOriginId, long StateOriginId, int Refusals,
        int Deferrals, long? SeenHistoryId, DateTime? AttemptedAt, int MaxExecutionSeconds);

    /// <summary>Leases rows that are due for this node.</summary>
    public async Task<IReadOnlyList<PushJob>> TakeDueAsync(CancellationToken ct)
    {
        var token = Guid.NewGuid().ToString("N");
        await using var connection = await source.OpenConnectionAsync(ct);
        var leased = await connection.ExecuteAsync(new CommandDefinition(
            LeaseDue, new { token, lease = (long)Lease.TotalMicroseconds }, cancellationToken: ct));
        if (leased == 0)
            return [];
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(Leased, new { token }, cancellationToken: ct));
        return
        [
            .. rows.Select(row => new PushJob(
                row.Id, token, new Tenant(row.TenantId), row.OrderId, row.ShopId, row.OrderOriginId,
                row.StateOriginId, row.Refusals, row.Deferrals, row.SeenHistoryId, row.AttemptedAt is not null,
                TimeSpan.FromSeconds(row.MaxExecutionSeconds))),
        ];
    }

    /// <summary>
    /// Records that a request is about to be sent. False when the push was cancelled, or the lease may end before the
    /// response: then nothing may be sent.
    /// </summary>
    public async Task<bool> BeginAttemptAsync(PushJob job, long seen, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(
            BeginAttempt,
            new
            {
                job.Id,
                job.Token,
                seen,
                timeout = (long)job.Timeout.TotalMicroseconds,
                longest = (long)(job.Timeout + job.MaxExecution).TotalMicroseconds,
            },
            cancellationToken: ct)) == 1;
    }
}
