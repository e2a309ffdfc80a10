using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>
/// An entry in Redis that was read before a commit under a number from after its announcement: its node had seen that
/// number, and had not received the message yet. Only the number of the invalidation itself makes it outdated.
/// </summary>
public class UnnumberedInvalidationTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task The_writers_node_takes_nothing_from_Redis_until_the_invalidation_has_its_number()
    {
        await using var redis = await RedisServer.StartAsync();
        var faults = new FaultyRedis { Script = ClusterScripts.Invalidate };
        await using var writer = await CacheNode.StartOnAsync(() => faults.Around(redis.Connect()));
        await using var reader = await CacheNode.StartAsync(redis);
        var invalidation = await AnnounceAsync(writer, reader);
        await StoreAsync(reader, "old", writer.Tags.Find(Key)!.Version + 1);
        var reply = new TaskCompletionSource();
        faults.Until = reply.Task;

        Assert.Equal(InvalidationOutcome.Applied, await invalidation.CompleteAsync());

        Assert.Equal("new", await writer.ReadAsync(Key, () => "new"));
        Assert.Equal("new", await writer.ReadAsync(Key, () => "not read"));
        await StoreAsync(reader, "old", writer.Tags.Find(Key)!.Version + 1);
        writer.Memory.RemoveWhere(static entry => entry.Key == Key);
        Assert.Equal("newer", await writer.ReadAsync(Key, () => "newer"));
        reply.SetResult();
        Assert.Equal(InvalidationOutcome.Applied, await invalidation.Completion);
        await StoreAsync(reader, "current", writer.Tags.Find(Key)!.Version + 1);
        writer.Memory.RemoveWhere(static entry => entry.Key == Key);
        Assert.Equal("current", await writer.ReadAsync(Key, () => "not read"));
    }

    [Fact]
    public async Task Where_the_invalidation_fails_the_old_entry_is_not_taken_either()
    {
        await using var redis = await RedisServer.StartAsync();
        var faults = new FaultyRedis { Script = ClusterScripts.Invalidate };
        await using var writer = await CacheNode.StartOnAsync(() => faults.Around(redis.Connect()));
        await using var reader = await CacheNode.StartAsync(redis);
        var invalidation = await AnnounceAsync(writer, reader);
        await StoreAsync(reader, "old", writer.Tags.Find(Key)!.Version + 1);
        faults.Failures = 1;

        Assert.Equal(InvalidationOutcome.Applied, await invalidation.CompleteAsync());
        Assert.Equal(InvalidationOutcome.Deferred, await invalidation.Completion);

        Assert.Equal("new", await writer.ReadAsync(Key, () => "new"));
        Assert.False(writer.Tags.IsUnnumbered(writer.Tags.Find(Key)!));
    }

    [Fact]
    public async Task A_node_that_asks_Redis_whether_an_entry_is_current_learns_of_the_announcement()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        await StoreAsync(reader, "old", reader.Services.GetRequiredService<CacheEngine>().HighestNumber);
        var invalidation = await AnnounceAsync(writer, reader);
        var layer = reader.Services.GetRequiredService<RedisLayer>();
        using var carried = new TagSet(reader.Tags);
        carried.Add(CacheTags.Everything, writer.Tags.Find(Key)!.Version + 1);
        carried.Add(Key, writer.Tags.Find(Key)!.Version + 1);

        Assert.False(await layer.IsCurrentAsync(carried));

        // The same versions, with nothing announced.
        using var client = redis.Connect();
        await client.GetDatabase().KeyDeleteAsync(RedisNames.Default.Announced);
        Assert.True(await layer.IsCurrentAsync(carried));
        invalidation.Cancel();
    }

    private static async Task<IAnnouncedInvalidation> AnnounceAsync(CacheNode writer, CacheNode reader)
    {
        var invalidation = writer.Invalidator.Announce([Key]);
        await Eventually.TrueAsync(
            () => reader.Tags.Find(Key)?.IsAnnounced == true && writer.Tags.Find(Key)?.Version > 0,
            "both nodes know that it is announced");
        return invalidation;
    }

    /// <summary>Stores as a node does that has not received the announcement.</summary>
    private static async Task StoreAsync(CacheNode node, string value, long number)
    {
        var engine = node.Services.GetRequiredService<CacheEngine>();
        var policy = engine.FindPolicy(Key, null)!;
        using var held = engine.Hold(Key, policy, null);
        held.Stamp(number);
        var frozen = engine.Memory.Freeze(value);
        var entry = engine.Memory.Write(
            Key, frozen, policy, held, asOf: 0, engine.Clock.Now, Hour, Hour, keep: false);
        Assert.True(await engine.TrustedRedis!.WriteAsync(
            entry, engine.Memory.Serializers.For<string>().TypeId, frozen.Payload!, Hour, Hour));
    }
}
