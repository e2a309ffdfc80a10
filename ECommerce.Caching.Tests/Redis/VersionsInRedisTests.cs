using ECommerce.Caching.Redis;

namespace ECommerce.Caching.Tests.Redis;

/// <summary>The versions of tags, and what happens when Redis loses them.</summary>
public class VersionsInRedisTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_that_redis_evicted_makes_its_entries_unusable_and_not_valid_again()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var value = await db.StringGetAsync(Key);
        await one.Cache.RemoveAsync(Key, Ct);
        await db.KeyDeleteAsync(RedisNames.Default.Version(Key));
        await db.StringSetAsync(Key, value, TimeSpan.FromHours(6));

        // The node has not received the removal, so it must ask Redis.
        await using var two = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await two.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task Versions_live_twice_as_long_as_any_entry_from_the_last_store_on()
    {
        var twice = TimeSpan.FromHours(12.5);
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        await one.ReadAsync(Key, () => "value");
        Assert.InRange(
            (await db.KeyTimeToLiveAsync(RedisNames.Default.Version(Key)))!.Value,
            twice - TimeSpan.FromMinutes(1), twice);
        await one.Cache.RemoveAsync(Key, Ct);
        Assert.InRange(
            (await db.KeyTimeToLiveAsync(RedisNames.Default.Version(Key)))!.Value,
            twice - TimeSpan.FromMinutes(1), twice);

        var tenant = RedisNames.Default.Version(CacheTags.Tenant("acme"));
        var version = await db.StringGetAsync(tenant);
        await db.KeyExpireAsync(tenant, TimeSpan.FromHours(1));
        await two.ReadAsync(CacheNode.Product.Key("acme", 2), () => "value");

        Assert.InRange((await db.KeyTimeToLiveAsync(tenant))!.Value, twice - TimeSpan.FromMinutes(1), twice);
        Assert.Equal(version, await db.StringGetAsync(tenant));
    }

    [Fact]
    public async Task The_higher_of_two_numbers_of_a_tag_stays_in_either_order()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var higher = (long)await db.StringGetAsync(RedisNames.Default.Sequence) + TimeSpan.FromHours(1).Ticks / 10;
        await db.StringSetAsync(RedisNames.Default.Version(Key), higher);

        await node.Cache.RemoveAsync(Key, Ct);

        Assert.Equal(higher, (long)await db.StringGetAsync(RedisNames.Default.Version(Key)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_version_once_seen_in_redis_is_made_anew_when_it_may_be_gone(bool byTime)
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var tenant = RedisNames.Default.Version(CacheTags.Tenant("acme"));
        await node.ReadAsync(Key, () => "value");
        await db.KeyDeleteAsync(tenant);
        await node.ReadAsync(CacheNode.Product.Key("acme", 2), () => "value");
        Assert.False(await db.KeyExistsAsync(tenant));

        if (byTime)
            node.Clock.Advance(TimeSpan.FromHours(6.25));
        else
            await node.Cache.RemoveByTagAsync(CacheTags.Everything, Ct);
        await Eventually.TrueAsync(async () =>
        {
            // The jump has ended the lease too.
            await node.ReadAsync(CacheNode.Product.Key("acme", Random.Shared.Next()), () => "value");
            return await db.KeyExistsAsync(tenant);
        }, "it is there again");
    }

    [Fact]
    public async Task A_node_that_is_the_first_after_the_sequence_was_lost_follows()
    {
        await using var redis = await StartRedisAsync();
        await using (var one = await CacheNode.StartAsync(redis))
            await one.ReadAsync(Key, () => "old");
        using var client = redis.Connect();
        await client.GetDatabase().KeyDeleteAsync(RedisNames.Default.Sequence);

        await using var two = await CacheNode.StartAsync(redis);

        Assert.Equal("new", await two.ReadAsync(Key, () => "new"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_redis_that_lost_writes_is_not_trusted(bool forgotten)
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        using var client = redis.Connect();
        var db = client.GetDatabase();
        // What a snapshot from before the invalidation would bring back.
        var value = await db.StringGetAsync(Key);
        var versions = await Task.WhenAll(
            new[] { Key, "product:acme:*", "tenant:acme", "*" }.Select(
            async tag => (RedisNames.Default.Version(tag), await db.StringGetAsync(RedisNames.Default.Version(tag)))));
        var sequence = await db.StringGetAsync("seq:{cache}");
        await two.Cache.RemoveAsync(Key, Ct);
        // Then only the sequence shows it: it is lower than one the node has seen.
        if (forgotten)
            two.Tags.Collect(long.MaxValue, long.MaxValue);
        await db.StringSetAsync(Key, value, TimeSpan.FromHours(6.25));
        foreach (var (key, version) in versions)
            await db.StringSetAsync(key, version);
        await db.StringSetAsync("seq:{cache}", sequence);

        Assert.Equal("new", await two.ReadAsync(Key, () => "new"));
    }
}
