using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.CacheCoherence;

/// <summary>
/// The table <c>cache_cut_off_nodes</c>: nodes that serve from L1 without receiving invalidations, each until a time of
/// the database server's clock.
/// </summary>
internal sealed class PartitionedNodes(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source) : IPartitionedNodes
{
    private const string Announce = """
        INSERT INTO cache_cut_off_nodes (node, until)
        VALUES (@node, TIMESTAMPADD(MICROSECOND, @period, UTC_TIMESTAMP(6)))
        ON DUPLICATE KEY UPDATE until = VALUES(until)
        """;

    /// <summary>
    /// Whether a node is partitioned now; evaluated after a commit, on the connection that committed.
    /// </summary>
    public const string Any = "EXISTS (SELECT 1 FROM cache_cut_off_nodes WHERE until > UTC_TIMESTAMP(6))";

    private const string DeleteOld =
        "DELETE FROM cache_cut_off_nodes WHERE until < TIMESTAMPADD(HOUR, -1, UTC_TIMESTAMP(6))";

    public async Task AnnounceAsync(string node, TimeSpan period, CancellationToken cancellationToken = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Announce, new { node, period = (long)period.TotalMicroseconds }, cancellationToken: cancellationToken));
    }

    public async Task DeleteOldAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(DeleteOld, cancellationToken: ct));
    }
}
