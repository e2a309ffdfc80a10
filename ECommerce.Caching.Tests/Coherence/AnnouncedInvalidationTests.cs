using ECommerce.Caching.Coherence;
using ECommerce.Caching.Redis;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>Invalidations that are announced before the commit; the source of these tests is a variable.</summary>
public class AnnouncedInvalidationTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly TaskCompletionSource Never = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Until_it_is_completed_nothing_of_its_tags_is_served_or_stored_on_any_node()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        await reader.ReadAsync(Key, () => "old");

        var invalidation = writer.Invalidator.Announce([Key]);
        await AnnouncedAsync(reader);

        // Read before the commit, and so not to be kept.
        Assert.Equal("old", await reader.ReadAsync(Key, () => "old"));
        Assert.Equal("old", await writer.ReadAsync(Key, () => "old"));
        Assert.Equal("new", await reader.ReadAsync(Key, () => "new"));
        Assert.Equal("new", await writer.ReadAsync(Key, () => "new"));
        Assert.Equal(InvalidationOutcome.Applied, await invalidation.CompleteAsync());
        Assert.Equal(InvalidationOutcome.Applied, await invalidation.Completion);
        await EndedAsync(reader);
        Assert.Equal("kept", await reader.ReadAsync(Key, () => "kept"));
        Assert.Equal("kept", await reader.ReadAsync(Key, () => "not read"));
    }

    [Fact]
    public async Task Acknowledged_it_completes_though_redis_does_not_reply_to_the_invalidation()
    {
        await using var redis = await RedisServer.StartAsync();
        var faults = new FaultyRedis();
        await using var writer = await CacheNode.StartOnAsync(() => faults.Around(redis.Connect()));
        await using var reader = await CacheNode.StartAsync(redis);
        await reader.ReadAsync(Key, () => "old");
        var invalidation = writer.Invalidator.Announce([Key]);
        await AnnouncedAsync(reader);
        // The reply to the announcement has come; that to the invalidation never does.
        await Eventually.TrueAsync(() => writer.Tags.Find(Key)?.Version > 0, "the writer knows its number");
        faults.Until = Never.Task;

        Assert.Equal(InvalidationOutcome.Applied, await invalidation.CompleteAsync());

        Assert.False(invalidation.Completion.IsCompleted);
        Assert.Equal("new", await reader.ReadAsync(Key, () => "new"));
        Assert.Equal("newer", await reader.ReadAsync(Key, () => "newer"));
    }

    [Fact]
    public async Task On_the_writers_node_it_ends_with_the_commit_and_what_is_read_then_is_kept()
    {
        await using var redis = await RedisServer.StartAsync();
        var faults = new FaultyRedis();
        await using var writer = await CacheNode.StartOnAsync(() => faults.Around(redis.Connect()));
        await using var reader = await CacheNode.StartAsync(redis);
        var invalidation = writer.Invalidator.Announce([Key]);
        await AnnouncedAsync(reader);
        await Eventually.TrueAsync(() => writer.Tags.Find(Key)?.Version > 0, "the writer knows its number");
        var announced = writer.Tags.Find(Key)!.Version;
        faults.Latency = TimeSpan.FromMilliseconds(100);

        Assert.Equal(InvalidationOutcome.Applied, await invalidation.CompleteAsync());

        // Past Redis, whose reply to the invalidation comes later.
        Assert.Equal("new", await writer.Cache.GetOrCreateAsync(
            Key, static _ => ValueTask.FromResult("new"),
            new() { Flags = HybridCacheEntryFlags.DisableDistributedCache }, cancellationToken: Ct));
        Assert.Equal(announced, writer.Tags.Find(Key)!.Version);
        await invalidation.Completion;
        Assert.True(writer.Tags.Find(Key)!.Version > announced, "The invalidation has its number.");
        Assert.Equal("new", await writer.ReadAsync(Key, () => "not read"));
    }

    [Fact]
    public async Task No_read_after_a_completed_write_returns_what_it_replaced()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        var (committed, completed, stop) = (0, 0, false);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop))
            {
                var atLeast = Volatile.Read(ref completed);
                var value = await reader.Cache.GetOrCreateAsync(
                    Key, async ct =>
                    {
                        var read = Volatile.Read(ref committed);
                        await Task.Yield();
                        return read;
                    }, CacheNode.Product.Options, cancellationToken: Ct);
                Assert.True(value >= atLeast, $"{value} was returned after {atLeast} was completed.");
                await Task.Yield();
            }
        }, Ct)).ToArray();

        for (var i = 1; i <= 500; i++)
        {
            var invalidation = writer.Invalidator.Announce([Key]);
            await Task.Yield();
            Volatile.Write(ref committed, i);
            if (await invalidation.CompleteAsync() == InvalidationOutcome.Applied)
                Volatile.Write(ref completed, i);
        }
        Volatile.Write(ref stop, true);

        await Task.WhenAll(readers);
        Assert.True(completed > 400, $"Only {completed} of 500 were acknowledged.");
    }

    [Fact]
    public async Task After_a_long_commit_the_invalidation_itself_is_waited_for()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        var invalidation = writer.Invalidator.Announce([Key]);
        await AnnouncedAsync(reader);

        writer.Clock.Advance(TimeSpan.FromSeconds(1));
        await invalidation.CompleteAsync();

        Assert.True(invalidation.Completion.IsCompleted);
    }

    [Fact]
    public async Task After_the_connection_to_redis_was_cut_the_invalidation_itself_is_waited_for()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        var layer = writer.Services.GetRequiredService<RedisLayer>();
        var invalidation = writer.Invalidator.Announce([Key]);
        await AnnouncedAsync(reader);
        var epoch = layer.Epoch;
        using var client = redis.Connect();
        await client.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "normal");
        await Eventually.TrueAsync(() => layer.Epoch > epoch, "the connection is cut");

        await invalidation.CompleteAsync();

        Assert.True(invalidation.Completion.IsCompleted);
    }

    [Fact]
    public async Task The_acknowledgement_of_a_node_that_knows_no_announcements_does_not_count()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var announced = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var completed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await client.GetSubscriber().SubscribeAsync(RedisNames.Default.Backplane, (_, text) =>
        {
            if (((string)text!).Split('\n') is [_, var id, ..])
                (announced.Task.IsCompleted ? completed : announced).TrySetResult(id);
        });
        await client.GetDatabase().SortedSetAddAsync(
            RedisNames.Default.Nodes, "old", DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds());
        var invalidation = writer.Invalidator.Announce([Key]);
        await AcknowledgeAsync(await announced.Task);

        var completing = invalidation.CompleteAsync().AsTask();
        var ending = await completed.Task;
        Assert.False(completing.IsCompleted);
        await AcknowledgeAsync(ending);

        Assert.Equal(InvalidationOutcome.Applied, await completing);

        Task AcknowledgeAsync(string id) => client.GetSubscriber().PublishAsync(
            RedisNames.Default.Node(writer.Services.GetRequiredService<Backplane>().Node), $"{id}\nold");
    }

    [Fact]
    public async Task One_that_is_cancelled_ends_on_every_node()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        var invalidation = writer.Invalidator.Announce([Key]);
        await AnnouncedAsync(reader);

        invalidation.Cancel();

        await EndedAsync(reader);
        await EndedAsync(writer);
    }

    [Fact]
    public async Task Where_redis_fails_the_invalidation_is_deferred_and_nothing_stays_announced()
    {
        await using var redis = await RedisServer.StartAsync();
        var faults = new FaultyRedis();
        await using var writer = await CacheNode.StartOnAsync(() => faults.Around(redis.Connect()));
        faults.Failures = 2;

        var invalidation = writer.Invalidator.Announce([Key]);

        Assert.Equal(InvalidationOutcome.Deferred, await invalidation.CompleteAsync());
        Assert.False(writer.Tags.Find(Key)!.IsAnnounced);
    }

    private static Task AnnouncedAsync(CacheNode node) => Eventually.TrueAsync(
        () => node.Tags.Find(Key)?.IsAnnounced == true, "the node knows that it is announced");

    private static Task EndedAsync(CacheNode node) => Eventually.TrueAsync(
        () => node.Tags.Find(Key)?.IsAnnounced == false, "it has ended");
}
