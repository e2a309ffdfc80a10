using System.Collections.Concurrent;
using ECommerce.Caching.Coherence;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>What a node says that hears nothing of the others, and what becomes of it.</summary>
public class PartitionGuardTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    [Fact]
    public async Task What_it_cannot_say_it_does_not_rely_upon()
    {
        var words = new Words(isHeard: false);
        await using var redis = await RedisServer.StartAsync();
        await using var node =
            await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<IPartitionedNodes>(words));
        await redis.KillAsync();

        await Eventually.TrueAsync(() => words.Said.Count >= 2, "it has tried, and tries again");

        Assert.False(node.Services.GetRequiredService<PartitionGuard>().Covers(long.MaxValue, node.Clock.Now));
        Assert.Equal("1", await node.ReadAsync(Key, () => "1"));
        Assert.Equal("2", await node.ReadAsync(Key, () => "2"));
    }

    [Fact]
    public async Task When_it_hears_the_others_again_it_takes_its_word_back()
    {
        var words = new Words(isHeard: true);
        await using var redis = await RedisServer.StartAsync();
        await using var node =
            await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<IPartitionedNodes>(words));
        var name = node.Services.GetRequiredService<Backplane>().Node;
        await redis.KillAsync();
        await Eventually.TrueAsync(
            () => words.Said.Any(word => word.Node == name && word.Period > TimeSpan.Zero),
            "it has said that it is cut off");

        await redis.StartAgainAsync();

        // Or writers would be deferred for its sake though it hears them.
        await Eventually.TrueAsync(() => words.Said.Contains((name, TimeSpan.Zero)), "it is not");
    }

    private sealed class Words(bool isHeard) : IPartitionedNodes
    {
        public ConcurrentQueue<(string Node, TimeSpan Period)> Said { get; } = new();

        public Task AnnounceAsync(string node, TimeSpan period, CancellationToken cancellationToken = default)
        {
            Said.Enqueue((node, period));
            return isHeard ? Task.CompletedTask
                : Task.FromException(new InvalidOperationException("There is no database."));
        }
    }
}
