using ECommerce.Caching.Coherence;
using ECommerce.Caching.Inspection;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Administration;

/// <summary>What is reported of all nodes.</summary>
public class NodeReportsTests : RedisTests
{
    private static readonly string Key = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_node_reports_its_own_memory()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await two.ReadAsync(Key, () => "only there", CacheNode.Order);

        var explained = await one.Administration.ExplainAsync(Key, Ct);
        var statistics = await one.Administration.StatisticsAsync(cancellationToken: Ct);
        var foreign = await one.Administration.StatisticsAsync("globex", Ct);

        Assert.Equal(
            [MemoryState.Absent, MemoryState.Fresh], explained.Nodes.Select(static node => node.Memory.State));
        Assert.Equal((0, true), (explained.MissingNodes.Count, explained.AreOthersKnown));
        Assert.Equal([0, 1], statistics.Nodes.Select(static node => node.Entries));
        Assert.Equal([0, 0], foreign.Nodes.Select(static node => node.Entries));
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_named_as_missing()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        two.Services.GetRequiredService<BackplaneCommands>().On("ask", static (_, _) => { });

        var statistics = await one.Administration.StatisticsAsync(cancellationToken: Ct);

        Assert.Single(statistics.Nodes);
        Assert.Equal([two.Services.GetRequiredService<Backplane>().Node], statistics.MissingNodes);
    }

    [Fact]
    public async Task A_key_that_no_message_can_carry_is_explained_here_alone()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);

        var explained = await one.Administration.ExplainAsync("order:acme:1\nx", Ct);

        Assert.Equal(KeyFault.ControlCharacter, Assert.Single(explained.Nodes).Fault);
    }

    [Fact]
    public async Task Without_redis_a_node_reports_itself_and_that_others_are_not_known()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await redis.KillAsync();

        var statistics = await node.Administration.StatisticsAsync(cancellationToken: Ct);

        Assert.Equal((1, false), (statistics.Nodes.Count, statistics.AreOthersKnown));
    }
}
