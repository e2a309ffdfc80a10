using ECommerce.Caching.Warming;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Warming;

public sealed class NodeWarmingTests
{
    [Fact]
    public async Task Warming_begins_on_every_node_and_their_statistics_show_it()
    {
        await using var redis = await RedisServer.StartAsync();
        var (one, two) = (new Warmer("one"), new Warmer("two"));
        await using var first = await StartAsync(redis, one);
        await using var second = await StartAsync(redis, two);

        var begun = await first.Administration.WarmAsync("acme", TestContext.Current.CancellationToken);
        var statistics = await first.Administration.StatisticsAsync(
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["one", "two"], begun.Nodes.Select(node => node.Node));
        Assert.Equal(("acme", "acme"), (one.Progress.Tenant, two.Progress.Tenant));
        Assert.Equal([1L, 1L], statistics.Nodes.Select(node => node.Warming?.Run));
    }

    [Fact]
    public async Task Node_whose_application_has_no_warmer_reports_nothing()
    {
        await using var node = await CacheNode.StartAsync(null);

        var begun = await node.Administration.WarmAsync(
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(begun.Nodes);
        Assert.Null((await node.Inspector.StatisticsAsync(
            cancellationToken: TestContext.Current.CancellationToken)).Warming);
    }

    private static Task<CacheNode> StartAsync(RedisServer redis, Warmer warmer) => CacheNode.StartWithAsync(
        redis.Connect, services => services.AddSingleton<ICacheWarmer>(warmer));

    private sealed class Warmer(string name) : ICacheWarmer
    {
        public WarmingProgress Progress { get; private set; } =
            new(name, 0, WarmingState.Off, null, 0, 0, 0, TimeSpan.Zero);

        public WarmingProgress Begin(string? tenant) =>
            Progress = Progress with { Run = Progress.Run + 1, State = WarmingState.Running, Tenant = tenant };
    }
}
