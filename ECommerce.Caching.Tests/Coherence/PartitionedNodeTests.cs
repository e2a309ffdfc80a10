using ECommerce.Caching.Coherence;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>A node that receives no messages of the others trusts its memory for two seconds.</summary>
public class PartitionedNodeTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_the_backplane_memory_is_trusted_for_two_seconds_only()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await redis.KillAsync();
        await Eventually.TrueAsync(
            () => node.Services.GetRequiredService<Backplane>().LeaseUntil < node.Clock.Now, "there is no lease");
        await node.ReadAsync(Key, () => "old");
        Assert.Equal("old", await node.ReadAsync(Key, () => "new"));

        node.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task After_a_silence_of_the_backplane_memory_is_dropped()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(CacheNode.Order.Key("acme", 1), () => "old", CacheNode.Order);

        await redis.KillAsync();
        await redis.StartAgainAsync();

        await Eventually.TrueAsync(
            async () => await node.ReadAsync(CacheNode.Order.Key("acme", 1), () => "new", CacheNode.Order) == "new",
            "what may have been overtaken is read again");
    }

    [Fact]
    public async Task Without_a_lease_the_two_seconds_count_from_before_the_value_was_read()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await redis.KillAsync();
        node.Clock.Advance(TimeSpan.FromSeconds(10));

        await node.ReadAsync(Key, () =>
        {
            node.Clock.Advance(TimeSpan.FromSeconds(3));
            return "old";
        });

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_partitioned_node_serves_only_what_it_has_read_since_its_announcement()
    {
        await using var redis = await RedisServer.StartAsync();
        var announcement = new HeldAnnouncement();
        await using var node = await CacheNode.StartWithAsync(
            redis.Connect, services => services.AddSingleton<IPartitionedNodes>(announcement));
        var memory = node.Services.GetRequiredService<PartitionGuard>();
        await redis.KillAsync();
        await announcement.Begun.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        Assert.Equal("1", await node.ReadAsync(Key, () => "1"));
        Assert.Equal("2", await node.ReadAsync(Key, () => "2"));

        announcement.Stored.SetResult();
        await Eventually.TrueAsync(
            () => memory.Covers(node.Clock.Now + 1000, node.Clock.Now), "what is read from now on may be served");

        // Within the two seconds of its own, but from before.
        Assert.Equal("3", await node.ReadAsync(Key, () => "3"));
        await Eventually.TrueAsync(
            async () => await node.ReadAsync(Key, () => "4") == await node.ReadAsync(Key, () => "5"),
            "it is served from memory");
    }

    [Fact]
    public async Task A_value_of_redis_counts_without_a_lease_from_before_it_was_asked_for()
    {
        await using var redis = await RedisServer.StartAsync();
        var slow = new SlowRead(Key);
        await using var writer = await CacheNode.StartAsync(redis);
        await writer.ReadAsync(Key, () => "old");
        await using var node = await CacheNode.StartOnAsync(() => slow.Around(redis.Connect()));
        var before = node.Clock.Now;
        var reading = node.ReadAsync(Key, () => "factory must not run").AsTask();
        await slow.Replied;
        var after = node.Clock.Now;

        node.Clock.Advance(TimeSpan.FromSeconds(1));
        slow.LetThrough();
        await reading;

        Assert.InRange(node.Memory.Find(Key)!.ReadAt, before, after);
    }

    private sealed class HeldAnnouncement : IPartitionedNodes
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task AnnounceAsync(string node, TimeSpan period, CancellationToken cancellationToken = default)
        {
            Begun.TrySetResult();
            await Stored.Task;
        }
    }
}
