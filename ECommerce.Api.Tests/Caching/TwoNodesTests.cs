using ECommerce.Caching;

namespace ECommerce.Api.Tests.Caching;

public class TwoNodesTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly string OrderKey = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_second_node_reads_from_redis_and_then_from_memory()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);

        await one.ReadAsync(Key, () => "value");

        Assert.Equal("value", await two.ReadAsync(Key, () => "factory must not run"));
        Assert.Equal(1, two.Count("cache_hit_total", "cache_layer=redis"));
        Assert.Equal("value", await two.ReadAsync(Key, () => "factory must not run"));
        Assert.Equal(1, two.Count("cache_hit_total", "cache_layer=memory"));
    }

    [Fact]
    public async Task A_removed_tag_reaches_the_other_node()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        await two.ReadAsync(Key, () => "old");

        await two.Cache.RemoveByTagAsync(CacheNode.Product.All("acme"), Ct);

        // At once: the removal answered when the other node had applied it.
        Assert.Equal("new", await one.ReadAsync(Key, () => "new"));
        Assert.Equal("new", await two.ReadAsync(Key, () => "factory must not run"));
    }

    [Fact]
    public async Task A_value_that_is_set_replaces_what_the_other_node_has()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        await two.ReadAsync(Key, () => "old");

        await one.Cache.SetAsync<string?>(Key, "set", CacheNode.Product.Options, cancellationToken: Ct);

        Assert.Equal("set", await two.ReadAsync(Key, () => "factory must not run"));
        Assert.Equal("set", await one.ReadAsync(Key, () => "factory must not run"));
    }

    [Fact]
    public async Task A_removed_key_reaches_the_other_node_though_it_never_reaches_redis()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(OrderKey, () => "old", CacheNode.Order);
        await two.ReadAsync(OrderKey, () => "old", CacheNode.Order);

        await two.Cache.RemoveAsync(OrderKey, Ct);

        Assert.Equal("new", await one.ReadAsync(OrderKey, () => "new", CacheNode.Order));
        Assert.Equal("new", await two.ReadAsync(OrderKey, () => "new", CacheNode.Order));
    }

    [Fact]
    public async Task A_dependency_found_while_loading_drops_the_entry_on_all_nodes()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        gate.Open();
        await gate.ReadAsync(one, Key, "old", Ct, dependsOn: "brands:acme");
        Assert.Equal("old", await two.ReadAsync(Key, () => "factory must not run"));

        await one.Cache.RemoveByTagAsync("brands:acme", Ct);

        Assert.Equal("new", await one.ReadAsync(Key, () => "new"));
        Assert.Equal("new", await two.ReadAsync(Key, () => "the other node takes it from Redis"));
    }

    [Fact]
    public async Task A_tenants_tag_leaves_other_tenants_alone()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        var foreign = CacheNode.Product.Key("globex", 1);
        await node.ReadAsync(Key, () => "acme");
        await node.ReadAsync(foreign, () => "globex");

        await node.Cache.RemoveByTagAsync(CacheTags.Tenant("acme"), Ct);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        Assert.Equal("globex", await node.ReadAsync(foreign, () => "factory must not run"));
    }

    [Fact]
    public async Task A_sensitive_value_never_stands_in_redis()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(OrderKey, () => "Rossi", CacheNode.Order);
        await node.ReadAsync(Key, () => "lamp");

        using var client = redis.Connect();

        Assert.False(await client.GetDatabase().KeyExistsAsync(OrderKey));
        Assert.True(await client.GetDatabase().KeyExistsAsync(Key));
    }

    [Fact]
    public async Task The_ttl_in_redis_is_the_hard_expiry()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");

        using var client = redis.Connect();
        var ttl = await client.GetDatabase().KeyTimeToLiveAsync(Key);

        Assert.InRange(ttl!.Value, TimeSpan.FromHours(6) + TimeSpan.FromMinutes(14), TimeSpan.FromHours(6) + TimeSpan.FromMinutes(15));
    }

    [Fact]
    public async Task Malformed_bytes_in_redis_read_as_a_miss()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await client.GetDatabase().StringSetAsync(Key, "garbage", TimeSpan.FromHours(1));

        Assert.Equal("value", await node.ReadAsync(Key, () => "value"));
    }

    [Fact]
    public async Task What_is_no_value_of_its_type_any_more_reads_as_a_miss_and_is_said_once()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        for (var id = 1; id <= 2; id++)
        {
            var key = CacheNode.Product.Key("acme", id);
            await one.ReadAsync(key, () => "old");
            Assert.True(EntryFormat.TryRead((byte[])(await db.StringGetAsync(key))!, key, out var entry));
            await db.StringSetAsync(key, EntryFormat.Write(key, entry with { Payload = "{}"u8.ToArray() }), TimeSpan.FromHours(6.25));

            Assert.Equal("new", await two.ReadAsync(key, () => "new"));
        }

        Assert.Contains(nameof(EntryFault.NotDeserializable), Assert.Single(two.Log.Lines("cache_malformed")).Text);
    }

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
        await db.KeyDeleteAsync(RedisLayer.VersionKey(Key));
        await db.StringSetAsync(Key, value, TimeSpan.FromHours(6));

        // It has not heard of the removal, so it must ask.
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
        Assert.InRange((await db.KeyTimeToLiveAsync(RedisLayer.VersionKey(Key)))!.Value, twice - TimeSpan.FromMinutes(1), twice);
        await one.Cache.RemoveAsync(Key, Ct);
        Assert.InRange((await db.KeyTimeToLiveAsync(RedisLayer.VersionKey(Key)))!.Value, twice - TimeSpan.FromMinutes(1), twice);

        var tenant = RedisLayer.VersionKey(CacheTags.Tenant("acme"));
        var version = await db.StringGetAsync(tenant);
        await db.KeyExpireAsync(tenant, TimeSpan.FromHours(1));
        await two.ReadAsync(CacheNode.Product.Key("acme", 2), () => "value");

        Assert.InRange((await db.KeyTimeToLiveAsync(tenant))!.Value, twice - TimeSpan.FromMinutes(1), twice);
        Assert.Equal(version, await db.StringGetAsync(tenant));
    }

    [Fact]
    public async Task Of_two_numbers_of_a_tag_the_higher_one_stays_whichever_comes_last()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var higher = (long)await db.StringGetAsync(ClusterScripts.SequenceKey) + TimeSpan.FromHours(1).Ticks / 10;
        await db.StringSetAsync(RedisLayer.VersionKey(Key), higher);

        await node.Cache.RemoveAsync(Key, Ct);

        Assert.Equal(higher, (long)await db.StringGetAsync(RedisLayer.VersionKey(Key)));
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
        var tenant = RedisLayer.VersionKey(CacheTags.Tenant("acme"));
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
        var versions = await Task.WhenAll(new[] { Key, "product:acme:*", "tenant:acme", "*" }.Select(async tag => (RedisLayer.VersionKey(tag), await db.StringGetAsync(RedisLayer.VersionKey(tag)))));
        var sequence = await db.StringGetAsync("seq:{cache}");
        await two.Cache.RemoveAsync(Key, Ct);
        // Then only the sequence tells: it is lower than one the node has seen.
        if (forgotten)
            two.Tags.Collect(long.MaxValue, long.MaxValue);
        await db.StringSetAsync(Key, value, TimeSpan.FromHours(6.25));
        foreach (var (key, version) in versions)
            await db.StringSetAsync(key, version);
        await db.StringSetAsync("seq:{cache}", sequence);

        Assert.Equal("new", await two.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task An_entry_from_before_its_policy_had_a_tag_is_not_used()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        using var client = redis.Connect();
        var db = client.GetDatabase();
        Assert.True(EntryFormat.TryRead((byte[])(await db.StringGetAsync(Key))!, Key, out var entry));

        var before = entry with { Tags = [.. entry.Tags.Where(tag => tag.Tag != CacheTags.Tenant("acme"))] };
        await db.StringSetAsync(Key, EntryFormat.Write(Key, before), TimeSpan.FromHours(6.25));

        Assert.Equal("new", await two.ReadAsync(Key, () => "new"));
    }

    private sealed record Lamp(int Id, string Name);

    private sealed record Chair(int Id, string Name);

    [Fact]
    public async Task A_value_of_another_type_is_a_miss_though_its_text_would_fit()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.Cache.GetOrCreateAsync(Key, static _ => new ValueTask<Lamp>(new Lamp(1, "lamp")), CacheNode.Product.Options, cancellationToken: Ct);

        var read = await two.Cache.GetOrCreateAsync(Key, static _ => new ValueTask<Chair>(new Chair(1, "chair")), CacheNode.Product.Options, cancellationToken: Ct);

        Assert.Equal("chair", read.Name);
    }

    private enum Colour
    {
        White,
        Red,
    }

    private sealed record Facts(
        decimal Price, double Weight, DateTime Made, DateTimeOffset Seen, Guid Id, Colour Colour, string? Nothing, IReadOnlyDictionary<int, string> Names, IReadOnlyList<decimal> Prices);

    [Fact]
    public async Task A_value_is_the_same_from_whichever_layer_it_comes()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var made = new Facts(
            1.50000m, 0.1 + 0.2, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(7), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), Guid.NewGuid(), Colour.Red,
            null, new Dictionary<int, string> { [1] = "uno", [-2] = "due" }, [9.90m, 10m]);
        ValueTask<Facts> Read(CacheNode node) => node.Cache.GetOrCreateAsync(Key, made, static (facts, _) => new ValueTask<Facts>(facts), CacheNode.Product.Options, cancellationToken: Ct);

        Facts[] read = [await Read(one), await Read(one), await Read(two), await Read(two)];

        Assert.Equal(1, two.Count("cache_hit_total", "cache_layer=redis"));
        foreach (var facts in read)
        {
            Assert.Equal(made with { Names = facts.Names, Prices = facts.Prices }, facts);
            Assert.Equal("1.50000", facts.Price.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(DateTimeKind.Utc, facts.Made.Kind);
            Assert.Equal(made.Seen.Offset, facts.Seen.Offset);
            Assert.Equal(made.Names, facts.Names);
            Assert.Equal(made.Prices, facts.Prices);
        }
    }
}
