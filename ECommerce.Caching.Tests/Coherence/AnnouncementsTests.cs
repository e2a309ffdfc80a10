using ECommerce.Caching.Memory;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>What a node knows of announced invalidations, and for how long.</summary>
public class AnnouncementsTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_joins_before_the_end_knows_of_it()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        var invalidation = writer.Invalidator.Announce([Key, "customer:acme:42"]);
        await Eventually.TrueAsync(() => writer.Tags.Find(Key)?.Version > 0, "it is announced");

        await using var joined = await CacheNode.StartAsync(redis);

        Assert.True(joined.Tags.Find(Key)?.IsAnnounced);
        Assert.True(joined.Tags.Find("customer:acme:42")?.IsAnnounced);
        await invalidation.CompleteAsync();
        await invalidation.Completion;
        await EndedAsync(joined);
        await using var late = await CacheNode.StartAsync(redis);
        Assert.NotEqual(true, late.Tags.Find(Key)?.IsAnnounced);
    }

    [Fact]
    public async Task Of_very_many_a_node_that_joins_holds_everything_for_announced()
    {
        await using var redis = await RedisServer.StartAsync();
        using var client = redis.Connect();
        var until = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds();
        await client.GetDatabase().SortedSetAddAsync(
            RedisNames.Default.Announced,
            [.. Enumerable.Range(0, 101).Select(i => new SortedSetEntry($"writer\t{i}\tproduct:acme:{i}", until))]);

        await using var joined = await CacheNode.StartAsync(redis);

        Assert.True(joined.Tags.Everything.IsAnnounced);
        Assert.Equal("first", await joined.ReadAsync(Key, () => "first"));
        Assert.Equal("second", await joined.ReadAsync(Key, () => "second"));
    }

    [Fact]
    public async Task One_whose_writer_has_crashed_ends_by_itself()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var reader = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await PublishAsync(client, reader, "writer", "a1", Key);
        await AnnouncedAsync(reader);

        reader.Clock.Advance(TimeSpan.FromSeconds(2));

        await EndedAsync(reader);
        Assert.Equal("kept", await reader.ReadAsync(Key, () => "kept"));
        Assert.Equal("kept", await reader.ReadAsync(Key, () => "not read"));
    }

    [Fact]
    public async Task An_announcement_that_comes_after_its_end_is_not_in_force()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var reader = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await PublishAsync(client, reader, "writer", "c1", Key);
        await Eventually.TrueAsync(() => reader.Tags.Find(Key)?.DroppedAt > 0, "the end has come");
        var dropped = reader.Tags.Find(Key)!.DroppedAt;

        await PublishAsync(client, reader, "writer", "a1", Key);

        await Eventually.TrueAsync(() => reader.Tags.Find(Key)!.DroppedAt > dropped, "the beginning has come");
        Assert.False(reader.Tags.Find(Key)!.IsAnnounced);
    }

    [Fact]
    public async Task Two_announcements_of_a_tag_end_one_by_one()
    {
        await using var node = await CacheNode.StartAsync(null);
        var announcements = node.Services.GetRequiredService<Announcements>();
        Assert.True(announcements.TryBegin("one", "1", [Key]));
        Assert.True(announcements.TryBegin("two", "1", [Key]));

        announcements.End("one", "1");
        announcements.End("one", "1");

        Assert.True(node.Tags.Find(Key)!.IsAnnounced);
        announcements.End("two", "1");
        Assert.False(node.Tags.Find(Key)!.IsAnnounced);
    }

    [Fact]
    public async Task What_was_read_before_the_end_is_not_stored_after_it()
    {
        await using var node = await CacheNode.StartAsync(null);
        var announcements = node.Services.GetRequiredService<Announcements>();
        Assert.True(announcements.TryBegin("other", "1", [Key]));
        var gate = new Gate();
        var reading = gate.ReadAsync(node, Key, "old", Ct);
        await gate.Entered;

        announcements.End("other", "1");
        gate.Open();
        await reading;

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task An_entry_of_redis_is_not_served_either()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var other = await CacheNode.StartAsync(redis);
        await using var node = await CacheNode.StartAsync(redis);
        await other.ReadAsync(Key, () => "in Redis");
        Assert.True(node.Services.GetRequiredService<Announcements>().TryBegin("writer", "1", [Key]));

        Assert.Equal("read", await node.ReadAsync(Key, () => "read"));
    }

    [Fact]
    public async Task Readers_of_what_is_being_written_share_the_first_run_after_it()
    {
        await using var node = await CacheNode.StartAsync(null);
        var announcements = node.Services.GetRequiredService<Announcements>();
        announcements.MaxWait = TimeSpan.FromMinutes(1);
        Assert.True(announcements.TryBegin("other", "1", [Key]));
        var runs = 0;
        var other = await node.ReadAsync(CacheNode.Product.Key("acme", 2), () => "other");
        Task<string?>[] readers =
        [
            .. Enumerable.Range(0, 20)
                .Select(_ => node.ReadAsync(Key, () => $"run {Interlocked.Increment(ref runs)}").AsTask()),
        ];
        Assert.Equal(0, runs);

        announcements.End("other", "1");

        Assert.All(await Task.WhenAll(readers), value => Assert.Equal("run 1", value));
        Assert.Equal("other", other);
    }

    [Fact]
    public async Task A_reader_that_leaves_does_not_wait_for_the_end()
    {
        await using var node = await CacheNode.StartAsync(null);
        var announcements = node.Services.GetRequiredService<Announcements>();
        announcements.MaxWait = TimeSpan.FromMinutes(1);
        Assert.True(announcements.TryBegin("other", "1", [Key]));
        using var leaving = new CancellationTokenSource();
        var reading = node.Cache.GetOrCreateAsync(
            Key, static _ => ValueTask.FromResult("read"), CacheNode.Product.Options,
            cancellationToken: leaving.Token).AsTask();

        await leaving.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(leaving.Token, thrown.CancellationToken);
    }

    [Fact]
    public async Task A_batch_waits_for_the_end_too()
    {
        await using var node = await CacheNode.StartAsync(null);
        var announcements = node.Services.GetRequiredService<Announcements>();
        announcements.MaxWait = TimeSpan.FromMinutes(1);
        Assert.True(announcements.TryBegin("other", "1", [Key]));
        string[] keys = [CacheNode.Product.Key("acme", 2), Key];
        var reading = node.Cache.GetOrCreateManyAsync(
            keys,
            0,
            static (_, missing, _) => ValueTask.FromResult<IReadOnlyDictionary<string, string>>(
                missing.ToDictionary(static key => key, static key => $"of {key}")),
            CacheNode.Product.Options, cancellationToken: Ct).AsTask();
        Assert.False(reading.IsCompleted);

        announcements.End("other", "1");

        Assert.Equal(keys.Select(static key => $"of {key}"), await reading);
        Assert.Equal($"of {Key}", await node.ReadAsync(Key, () => "not read"));
    }

    private static Task AnnouncedAsync(CacheNode node) => Eventually.TrueAsync(
        () => node.Tags.Find(Key)?.IsAnnounced == true, "the node knows that it is announced");

    private static Task EndedAsync(CacheNode node) => Eventually.TrueAsync(
        () => node.Tags.Find(Key)?.IsAnnounced == false, "it has ended");

    private static Task PublishAsync(
        ConnectionMultiplexer client, CacheNode node, string writer, string id, string tag) =>
        OtherNode.PublishAsync(
            client.GetDatabase(), tag, node.Services.GetRequiredService<HighWaterMark>().Last + 1, writer, id);
}
