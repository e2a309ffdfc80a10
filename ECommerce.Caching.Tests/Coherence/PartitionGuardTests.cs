using System.Collections.Concurrent;
using ECommerce.Caching.Coherence;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>What a partitioned node announces, and what it serves if it cannot.</summary>
public class PartitionGuardTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    [Fact]
    public async Task A_node_that_cannot_announce_its_partition_serves_nothing_from_memory()
    {
        var announcements = new Announcements(areAccepted: false);
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartWithAsync(
            redis.Connect, services => services.AddSingleton<IPartitionedNodes>(announcements));
        await redis.KillAsync();

        await Eventually.TrueAsync(() => announcements.Made.Count >= 2, "it has tried, and tries again");

        Assert.False(node.Services.GetRequiredService<PartitionGuard>().Covers(long.MaxValue, node.Clock.Now));
        Assert.Equal("1", await node.ReadAsync(Key, () => "1"));
        Assert.Equal("2", await node.ReadAsync(Key, () => "2"));
    }

    [Fact]
    public async Task A_node_withdraws_its_announcement_once_it_receives_messages_again()
    {
        var announcements = new Announcements(areAccepted: true);
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartWithAsync(
            redis.Connect, services => services.AddSingleton<IPartitionedNodes>(announcements));
        var name = node.Services.GetRequiredService<Backplane>().Node;
        await redis.KillAsync();
        await Eventually.TrueAsync(
            () => announcements.Made.Any(made => made.Node == name && made.Period > TimeSpan.Zero),
            "it has announced its partition");

        await redis.StartAgainAsync();

        // Otherwise writes would stay deferred for a node that receives them.
        await Eventually.TrueAsync(() => announcements.Made.Contains((name, TimeSpan.Zero)), "it has withdrawn it");
    }

    [Fact]
    public async Task A_node_serves_only_what_it_reads_once_every_commit_finds_its_announcement()
    {
        var delay = TimeSpan.FromMinutes(1);
        var announcements = new Announcements(areAccepted: true) { VisibleAfter = delay };
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartWithAsync(
            redis.Connect, services => services.AddSingleton<IPartitionedNodes>(announcements));
        var guard = node.Services.GetRequiredService<PartitionGuard>();
        await redis.KillAsync();

        await Eventually.TrueAsync(
            () => guard.Covers(node.Clock.Now + 2 * (long)delay.TotalMilliseconds, node.Clock.Now),
            "it may serve what it reads a minute later");

        Assert.False(guard.Covers(node.Clock.Now, node.Clock.Now));
    }

    private sealed class Announcements(bool areAccepted) : IPartitionedNodes
    {
        public TimeSpan VisibleAfter { get; init; }


        public ConcurrentQueue<(string Node, TimeSpan Period)> Made { get; } = new();

        public Task AnnounceAsync(string node, TimeSpan period, CancellationToken cancellationToken = default)
        {
            Made.Enqueue((node, period));
            return areAccepted ? Task.CompletedTask
                : Task.FromException(new InvalidOperationException("There is no database."));
        }
    }
}
