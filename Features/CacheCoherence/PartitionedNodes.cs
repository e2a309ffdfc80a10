using System.Data.Common;
using Dapper;
using ECommerce.Caching;

namespace ECommerce.Features.CacheCoherence;

/// <summary>The table <c>cache_cut_off_nodes</c>: nodes that serve from memory without hearing the others, each until a time of the server's clock.</summary>
internal sealed class PartitionedNodes(DbDataSource source) : ICutOffNodes
{
    private const string Say = """
        INSERT INTO cache_cut_off_nodes (node, until) VALUES (@node, TIMESTAMPADD(MICROSECOND, @period, UTC_TIMESTAMP(6)))
        ON DUPLICATE KEY UPDATE until = VALUES(until)
        """;

    /// <summary>Whether there is one now; to be asked after a commit, by the connection that committed.</summary>
    public const string Any = "EXISTS (SELECT 1 FROM cache_cut_off_nodes WHERE until > UTC_TIMESTAMP(6))";

    private const string DeleteOld = "DELETE FROM cache_cut_off_nodes WHERE until < TIMESTAMPADD(HOUR, -1, UTC_TIMESTAMP(6))";

    public async Task SayAsync(string node, TimeSpan period, CancellationToken cancellationToken = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Say, new { node, period = (long)period.TotalMicroseconds }, cancellationToken: cancellationToken));
    }

    public async Task DeleteOldAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(DeleteOld, cancellationToken: ct));
    }
}
