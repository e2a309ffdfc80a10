using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.CacheCoherence;

/// <summary>
/// The table <c>cache_cut_off_nodes</c>: nodes that serve from L1 without receiving invalidations, each until a time of
/// the database server's clock.
/// </summary>
/// <remarks>
/// A write needs to know whether there is one, after its commit. A query for it would cost each write a round trip, so
/// the relay looks every quarter of a second and a write uses that look while it is recent; a node serves only what it
/// reads after <see cref="VisibleAfter"/>, when every look that a write may use was made after the announcement.
/// </remarks>
internal sealed class PartitionedNodes(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source, TimeProvider time) : IPartitionedNodes
{
    // Shorter than VisibleAfter; the difference is the most by which the clocks of two processes may drift in a second.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(750);


    private const string Announce = """
        INSERT INTO cache_cut_off_nodes (node, until)
        VALUES (@node, TIMESTAMPADD(MICROSECOND, @period, UTC_TIMESTAMP(6)))
        ON DUPLICATE KEY UPDATE until = VALUES(until)
        """;

    private const string Any = "SELECT EXISTS (SELECT 1 FROM cache_cut_off_nodes WHERE until > UTC_TIMESTAMP(6))";

    private const string DeleteOld =
        "DELETE FROM cache_cut_off_nodes WHERE until < TIMESTAMPADD(HOUR, -1, UTC_TIMESTAMP(6))";

    private Look? _last;

    public TimeSpan VisibleAfter { get; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether a partitioned node may serve what a commit has replaced. Without a recent look it is queried on the
    /// connection that committed.
    /// </summary>
    public ValueTask<bool> AnyAsync(DbConnection committed) =>
        Volatile.Read(ref _last) is { } last && time.GetElapsedTime(last.BegunAt) < MaxAge
            ? ValueTask.FromResult(last.Found)
            : new ValueTask<bool>(committed.ExecuteScalarAsync<bool>(Any));

    /// <summary>Looks for announced nodes, for the writes of the next moments.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var begunAt = time.GetTimestamp();
        await using var connection = await source.OpenConnectionAsync(ct);
        var found = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Any, cancellationToken: ct));
        Volatile.Write(ref _last, new Look(begunAt, found));
    }

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

    // Its age counts from before the query was sent.
    private sealed record Look(long BegunAt, bool Found);
}
