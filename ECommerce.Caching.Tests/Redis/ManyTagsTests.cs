using ECommerce.Caching.Redis;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Redis;

/// <summary>
/// An invalidation of many tags removes their versions, and a number, the floor, keeps what was read before unusable.
/// </summary>
public class ManyTagsTests
{
    private const string Customer = "customer:acme:42";
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    public async Task Entry_of_many_removed_tags_is_unusable_on_a_node_that_joins(int tags)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");

        Assert.Equal(InvalidationOutcome.Applied, await one.Invalidator.InvalidateAsync(Many(Key, tags), Ct));

        await using var two = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await two.ReadAsync(Key, () => "new"));
        Assert.Equal("new", await one.ReadAsync(Key, () => "newer"));
    }

    [Fact]
    public async Task Entry_from_before_stays_unusable_when_its_tag_has_a_version_again()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        await ReadAsync(one, Key);
        await one.Cache.RemoveByTagAsync(Many(Customer), Ct);
        Assert.False(await db.KeyExistsAsync(RedisNames.Default.Version(Customer)));

        await ReadAsync(one, CacheNode.Product.Key("acme", 2));

        Assert.True(await db.KeyExistsAsync(RedisNames.Default.Version(Customer)));
        await using var two = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await two.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task Value_that_is_stored_after_the_removal_of_many_tags_and_read_before_is_unusable()
    {
        await using var redis = await RedisServer.StartAsync();
        var late = new FaultyRedis();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartOnAsync(() => late.Around(redis.Connect()));
        using var client = redis.Connect();
        var (stored, taken) = (new TaskCompletionSource(), new TaskCompletionSource());
        late.Calls = 0;
        var reading = reader.ReadAsync(Key, () =>
        {
            late.Until = stored.Task;
            return "old";
        }).AsTask();
        await Eventually.TrueAsync(() => late.Calls == 2, "the store is on its way");

        Assert.Equal(InvalidationOutcome.Applied, await writer.Invalidator.InvalidateAsync(Many(Key), Ct));
        // What the reader's node removes once it is stored stays for now.
        late.Until = taken.Task;
        stored.SetResult();
        await Eventually.TrueAsync(async () => await client.GetDatabase().KeyExistsAsync(Key), "it is stored");

        await using var later = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await later.ReadAsync(Key, () => "new"));
        taken.SetResult();
        Assert.Equal("old", await reading);
    }

    [Fact]
    public async Task Node_that_has_received_the_removal_gives_the_tag_a_version_with_its_next_store()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var version = RedisNames.Default.Version(Customer);
        await ReadAsync(reader, Key);
        await writer.Cache.RemoveByTagAsync(Many(Customer), Ct);
        Assert.False(await client.GetDatabase().KeyExistsAsync(version));

        await ReadAsync(reader, Key);

        Assert.True(await client.GetDatabase().KeyExistsAsync(version));
    }

    [Fact]
    public async Task While_a_node_is_registered_that_does_not_know_the_floor_each_version_is_raised()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        await db.SortedSetAddAsync(
            RedisNames.Default.Nodes, "0123456789ab", DateTimeOffset.UtcNow.AddSeconds(3).ToUnixTimeMilliseconds());

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync(Many(Key), Ct));

        Assert.All(Many(Key), tag => Assert.True(db.KeyExists(RedisNames.Default.Version(tag)), tag));
    }

    [Fact]
    public async Task Everything_among_many_tags_raises_the_generation()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await one.ReadAsync(Key, () => "old");
        var before = (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Generation);

        await one.Cache.RemoveByTagAsync(Many(CacheTags.Everything), Ct);

        Assert.True((long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Generation) > before);
        await using var two = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await two.ReadAsync(Key, () => "new"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text")]
    [InlineData("9007199254740991")]
    public async Task Without_a_floor_a_store_gives_no_versions(string? floor)
    {
        await using var redis = await RedisServer.StartAsync();
        using var client = redis.Connect();
        var db = client.GetDatabase();
        if (floor is not null)
            await db.StringSetAsync(RedisNames.Default.Floor, floor);

        Assert.Equal(2, await StoreAsync(db, number: 5));
        Assert.False(await db.KeyExistsAsync(RedisNames.Default.Version(Key)));
        Assert.True(await db.KeyExistsAsync(Key));

        await db.StringSetAsync(RedisNames.Default.Floor, 7);
        Assert.Equal(1, await StoreAsync(db, number: 5));
        Assert.Equal(7, (long)await db.StringGetAsync(RedisNames.Default.Version(Key)));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("9007199254740991")]
    public async Task Lost_floor_becomes_the_last_number(string content)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        await node.Cache.RemoveByTagAsync(Many(Key), Ct);
        var floor = (long)await db.StringGetAsync(RedisNames.Default.Floor);

        await db.StringSetAsync(RedisNames.Default.Floor, content);

        await Eventually.TrueAsync(
            async () => long.TryParse((string?)await db.StringGetAsync(RedisNames.Default.Floor), out var now)
                && now >= floor && now <= (long)await db.StringGetAsync(RedisNames.Default.Sequence),
            "the next heartbeat replaces it");
    }

    private static async Task<int> StoreAsync(IDatabase db, long number) => (int)await db.ScriptEvaluateAsync(
        EntryScripts.Store,
        [
            Key, RedisNames.Default.FillLock(Key), RedisNames.Default.Floor, RedisNames.Default.Version(Key),
        ],
        ["value", 60_000, "", "channel", "message", 0, 60_000, number]);

    private static async Task ReadAsync(CacheNode node, string key)
    {
        var gate = new Gate();
        gate.Open();
        await gate.ReadAsync(node, key, "old", Ct, dependsOn: Customer);
        await node.StoredAsync();
    }

    private static string[] Many(string tag, int number = 100) =>
        [.. Enumerable.Range(1, number - 1).Select(static i => $"many:{i}"), tag];
}
