using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MySqlConnector;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>A write uses a look for partitioned nodes that was made a moment ago.</summary>
public class PartitionedNodesTests(ApiFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task An_announced_node_is_found_by_every_commit_once_it_may_serve()
    {
        var nodes = Nodes();
        var node = Samples.Unique("node");
        await nodes.LookAsync(Ct);
        await nodes.AnnounceAsync(node, TimeSpan.FromMinutes(1), Ct);

        // However the looks lie, the last one that a commit may use is later than the announcement.
        _time.Advance(nodes.VisibleAfter);

        Assert.True(await AnyAsync(nodes));
        await nodes.AnnounceAsync(node, TimeSpan.Zero, Ct);
    }

    [Fact]
    public async Task A_recent_look_saves_the_query()
    {
        var nodes = Nodes();
        await nodes.LookAsync(Ct);

        // A connection to nowhere cannot be queried.
        await using var nowhere = new MySqlConnection();

        _ = await nodes.AnyAsync(nowhere);
        _time.Advance(nodes.VisibleAfter);
        await Assert.ThrowsAnyAsync<Exception>(async () => await nodes.AnyAsync(nowhere));
    }

    private PartitionedNodes Nodes() => new(fixture.Services.GetRequiredService<DbDataSource>(), _time);

    private async Task<bool> AnyAsync(PartitionedNodes nodes)
    {
        await using var connection = await fixture.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Ct);
        return await nodes.AnyAsync(connection);
    }
}
