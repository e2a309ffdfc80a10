using ECommerce.Caching.Serialization;

namespace ECommerce.Caching.Tests.Redis;

/// <summary>What stands in Redis, and what is believed of it.</summary>
public class EntriesInRedisTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly string OrderKey = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

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

        Assert.InRange(
            ttl!.Value, TimeSpan.FromHours(6) + TimeSpan.FromMinutes(14),
            TimeSpan.FromHours(6) + TimeSpan.FromMinutes(15));
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
    public async Task A_value_that_no_longer_fits_its_type_reads_as_a_miss_and_is_logged_once()
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
            await db.StringSetAsync(
                key, EntryFormat.Write(key, entry with { Payload = "{}"u8.ToArray() }), TimeSpan.FromHours(6.25));

            Assert.Equal("new", await two.ReadAsync(key, () => "new"));
        }

        Assert.Contains(nameof(EntryFault.NotDeserializable), Assert.Single(two.Log.Lines("cache_malformed")).Text);
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
        await one.Cache.GetOrCreateAsync(
            Key, static _ => new ValueTask<Lamp>(new Lamp(1, "lamp")), CacheNode.Product.Options,
            cancellationToken: Ct);

        var read = await two.Cache.GetOrCreateAsync(
            Key, static _ => new ValueTask<Chair>(new Chair(1, "chair")), CacheNode.Product.Options,
            cancellationToken: Ct);

        Assert.Equal("chair", read.Name);
    }

    private enum Colour
    {
        White,
        Red,
    }

    private sealed record Facts(
        decimal Price, double Weight, DateTime Made, DateTimeOffset Seen, Guid Id, Colour Colour, string? Nothing,
            IReadOnlyDictionary<int, string> Names, IReadOnlyList<decimal> Prices);

    [Fact]
    public async Task A_value_is_the_same_from_whichever_layer_it_comes()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var made = new Facts(
            1.50000m, 0.1 + 0.2, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(7),
                new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), Guid.NewGuid(), Colour.Red,
            null, new Dictionary<int, string> { [1] = "uno", [-2] = "due" }, [9.90m, 10m]);
        ValueTask<Facts> Read(CacheNode node) => node.Cache.GetOrCreateAsync(
            Key, made, static (facts, _) => new ValueTask<Facts>(facts), CacheNode.Product.Options,
            cancellationToken: Ct);

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
