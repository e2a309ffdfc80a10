namespace ECommerce.Api.Tests.Soak;

/// <summary>Three nodes in processes of their own that log every run of a factory.</summary>
public sealed class ThreeNodes(ApiFixture fixture) : IAsyncLifetime
{
    private NodeCluster? _cluster;

    internal NodeCluster Cluster => _cluster!;

    internal HttpClient Client(int node) => Cluster.Nodes[node].Client;

    /// <summary>A product that no cache has, by its path and its key.</summary>
    internal async Task<(string Path, string Key)> ColdProductAsync()
    {
        var id = (long)(await Client(0).ProductAsync())["id"]!;
        // A relay applies an invalidation again that is not marked in time, as on a loaded machine: who asks after it
        // joins no run from before.
        await Eventually.TrueAsync(
            async () =>
                (await Cluster.QueryAsync<int>("SELECT COUNT(*) FROM cache_outbox WHERE applied_at IS NULL"))[0] == 0,
            "the invalidations are marked as applied");
        return ($"/api/v1/products/{id}", $"product:acme:{id}");
    }

    /// <summary>On which nodes the SQL of a key ran, once for each time.</summary>
    internal int[] RunsOf(string key) =>
    [
        .. Cluster.Nodes.Index().SelectMany(
            node => Enumerable.Repeat(node.Index, node.Item.Logged($"\"event\":\"cache_miss\",\"key\":\"{key}\""))),
    ];

    /// <summary>
    /// How often the nodes logged that a call to Redis timed out, that they do not trust Redis for that, or that a
    /// relay applied an invalidation again.
    /// </summary>
    internal int Disturbances() =>
        Cluster.Nodes.Sum(
            node =>
                ((string[])["cache_error", "circuit_open", "backplane_lost", "lock_lost"])
                    .Sum(kind => node.Logged($"\"event\":\"{kind}\""))
                + node.Logged("Applied the overdue invalidations"));

    public async ValueTask InitializeAsync() =>
        _cluster = await NodeCluster.StartAsync(fixture, 3, "none", ("CACHE_LOG_LEVEL", "debug"));

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
