using System.Net;
using Dapper;

namespace ECommerce.Api.Tests.Soak;

/// <summary>Single flight over three nodes.</summary>
[Collection(nameof(Alone))]
public sealed class ColdKeyTests(ThreeNodes three) : IClassFixture<ThreeNodes>
{
    private const int CallersPerNode = 300;
    private const int MaxAttempts = 5;

    [Fact]
    public async Task Many_callers_of_one_cold_key_on_three_nodes_run_its_sql_once()
    {
        await WarmUpAsync();
        for (var attempt = 1; ; attempt++)
        {
            var (path, key) = await three.ColdProductAsync();
            var before = three.Disturbances();

            var statuses = await Task.WhenAll(Call(path));

            Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
            await Eventually.TrueAsync(() => three.RunsOf(key).Length > 0, "the run is in the log");
            // Before the disturbances are counted: a node logs an error of Redis before it runs its own factory.
            var runs = three.RunsOf(key);
            // A node whose call to Redis times out, as on a loaded machine, runs its own factory.
            if (three.Disturbances() > before && attempt < MaxAttempts)
                continue;
            Assert.Single(runs);
            return;
        }
    }

    [Fact]
    public async Task Where_the_node_that_runs_it_is_killed_another_one_runs_it_once_more()
    {
        await WarmUpAsync();
        for (var attempt = 1; ; attempt++)
        {
            var before = three.Disturbances();
            var (leader, runs) = await KillTheLeaderAsync();
            await three.Cluster.Nodes[leader].StartAsync();
            if (three.Disturbances() > before && attempt < MaxAttempts)
                continue;
            Assert.Equal(2, runs);
            return;
        }
    }

    private async Task<(int Leader, int Runs)> KillTheLeaderAsync()
    {
        var (path, key) = await three.ColdProductAsync();
        int leader;
        Task<HttpStatusCode?[]> calling;
        await using (var blocking = await three.Cluster.ConnectAsync())
        {
            await blocking.ExecuteAsync("LOCK TABLES products WRITE");
            calling = Task.WhenAll(Call(path));
            await Eventually.TrueAsync(() => three.RunsOf(key).Length > 0, "a node runs it");
            leader = three.RunsOf(key)[0];
            await three.Cluster.Nodes[leader].KillAsync();
            await blocking.ExecuteAsync("UNLOCK TABLES");
        }

        var statuses = await calling;

        var fromSurvivors = statuses.Where((_, caller) => caller % 3 != leader).ToArray();
        Assert.All(fromSurvivors, status => Assert.Equal(HttpStatusCode.OK, status));
        await Eventually.TrueAsync(() => three.RunsOf(key).Any(node => node != leader), "another node has run it");
        return (leader, three.RunsOf(key).Length);
    }

    private IEnumerable<Task<HttpStatusCode?>> Call(string path) =>
        Enumerable.Range(0, 3 * CallersPerNode).Select(caller => AskAsync(three.Client(caller % 3), path));

    /// <summary>Null: the node was killed.</summary>
    private static async Task<HttpStatusCode?> AskAsync(HttpClient node, string path)
    {
        try
        {
            using var response = await node.GetAsync(
                new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    // The connections are there, and what serves them is compiled: a full machine would time out where Redis is asked.
    private async Task WarmUpAsync()
    {
        var (path, _) = await three.ColdProductAsync();
        for (var round = 0; round < 3; round++)
            await Task.WhenAll(Call(path));
    }
}
