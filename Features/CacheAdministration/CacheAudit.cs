using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using ECommerce.Caching.Administration;

namespace ECommerce.Features.CacheAdministration;

/// <summary>The kinds of changes that are audited.</summary>
internal enum CacheAction
{
    Delete,
    Invalidate,
    Flag,
    Reset,
    Warm,
}

/// <summary>
/// The table <c>cache_audit</c>. A row is written before its change, so that none goes unrecorded: without the database
/// there is no change, and a row without an outcome is of one whose end is not known.
/// </summary>
internal sealed class CacheAudit(DbDataSource source, PartitionedNodes partitionedNodes, CacheHealth cache)
{
    // The name is the token's, which another program may have issued with a longer one.
    private const string Begin = """
        INSERT INTO cache_audit (user_id, username, role, tenant_id, action, subject, begun_at)
        VALUES (@id, LEFT(@Name, 64), @Role, @tenant, @action, @subject, UTC_TIMESTAMP(6));
        SELECT LAST_INSERT_ID()
        """;

    private const string End = """
        UPDATE cache_audit SET outcome = @outcome, entries = @keys, ended_at = UTC_TIMESTAMP(6) WHERE id = @id
        """;

    /// <summary>
    /// Makes a change and records it. Cancelled only before the change has begun. Where a partitioned node may serve
    /// what was removed, the outcome is deferred.
    /// </summary>
    /// <param name="scope">Who makes it.</param>
    /// <param name="action">What is done.</param>
    /// <param name="subject">What it is done to.</param>
    /// <param name="tag">What is to be invalidated where Redis has not received it; null: nothing.</param>
    /// <param name="change">Makes the change.</param>
    /// <param name="ct">Ends the call before the change.</param>
    public async Task<CacheRemoval> RunAsync(
        CacheScope scope, CacheAction action, string subject, string? tag, Func<Task<CacheRemoval>> change,
        CancellationToken ct)
    {
        // Redis may have to be searched for long: no permit for the database is held meanwhile.
        DatabaseGate.ReleaseAfterEachUse();
        var id = await BeginAsync(scope, action, subject, ct);
        var done = await change();
        await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
        if (await partitionedNodes.AnyAsync(connection))
            done = done with { Outcome = InvalidationOutcome.Deferred };
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await connection.ExecuteAsync(End, new { id, outcome = Text(done.Outcome), keys = done.Keys }, transaction);
        // Pending in this process only, which may end before Redis is back: the relay of any node applies the row.
        if (tag is not null && done.Outcome == InvalidationOutcome.Deferred && cache.HasPendingInvalidations)
            await InvalidationOutbox.AddAsync(connection, [tag], transaction, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return done;
    }

    /// <summary>Whether there is such a tenant.</summary>
    public async Task<bool> HasTenantAsync(string slug, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT 1 FROM tenants WHERE slug = @slug)", new { slug }, cancellationToken: ct));
    }

    private async Task<long> BeginAsync(
        CacheScope scope, CacheAction action, string subject, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            Begin,
            new
            {
                id = scope.UserId,
                scope.User.Name,
                scope.User.Role,
                tenant = scope.Tenant,
                action = Text(action),
                subject,
            },
            cancellationToken: ct));
    }

    private static string Text<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
