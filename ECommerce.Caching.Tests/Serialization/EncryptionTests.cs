using System.Text;
using ECommerce.Caching.Serialization;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace ECommerce.Caching.Tests.Serialization;

/// <summary>Sensitive values on nodes with keys, over a real Redis.</summary>
public class EncryptionTests : RedisTests
{
    private const string Setting = "CACHE_ENCRYPTION_KEY";

    private static readonly string OrderKey = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>One item of the setting; equal numbers make equal keys.</summary>
    internal static string Key(string id, byte number) =>
        $"{id}:{Convert.ToBase64String(Enumerable.Repeat(number, 32).ToArray())}";

    [Fact]
    public async Task With_a_key_a_sensitive_value_reaches_the_other_node_through_redis_and_cannot_be_read_there()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        await using var two = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        var address = $"Rossi, via Roma 1 {new string('!', 5000)}";

        await one.ReadAsync(OrderKey, () => address, CacheNode.Order);

        Assert.Equal(address, await two.ReadAsync(OrderKey, () => "factory must not run", CacheNode.Order));
        Assert.Equal(1, two.Count("cache_hit_total", "cache_layer=redis"));
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var keys = client.GetEndPoints().Select(endpoint => client.GetServer(endpoint))
            .Where(server => !server.IsReplica).SelectMany(server => server.Keys()).ToArray();
        Assert.Contains(OrderKey, keys.Select(key => (string?)key));
        foreach (var key in keys)
            Assert.True(((byte[])(await db.ExecuteAsync("DUMP", key))!).AsSpan().IndexOf("Rossi"u8) < 0, key);
    }

    [Fact]
    public async Task Without_a_key_sensitive_values_stay_in_memory_which_is_logged_once()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await using var keyed = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        await node.ReadAsync(OrderKey, () => "Rossi", CacheNode.Order);
        await node.ReadAsync(CacheNode.Order.Key("acme", 2), () => "Bianchi", CacheNode.Order);

        using var client = redis.Connect();
        Assert.False(await client.GetDatabase().KeyExistsAsync(OrderKey));
        Assert.Contains("order:{tenant}:{id}", Assert.Single(node.Log.Lines("cache_sensitive")).Text);
        Assert.Empty(keyed.Log.Lines("cache_sensitive"));
    }

    [Fact]
    public async Task A_value_without_a_policy_stays_in_memory_with_a_key_too()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromMinutes(1) };
        await node.Cache.GetOrCreateAsync(
            "any", static _ => new ValueTask<string>("value"), options, cancellationToken: Ct);

        using var client = redis.Connect();
        Assert.False(await client.GetDatabase().KeyExistsAsync("any"));
    }

    [Fact]
    public async Task Keys_can_be_rotated()
    {
        await using var redis = await StartRedisAsync();
        await using var before = await CacheNode.StartAsync(redis, (Setting, Key("old", 1)));
        await using var during = await CacheNode.StartAsync(redis, (Setting, $"{Key("new", 2)},{Key("old", 1)}"));
        await using var after = await CacheNode.StartAsync(redis, (Setting, Key("new", 2)));
        var second = CacheNode.Order.Key("acme", 2);
        await before.ReadAsync(OrderKey, () => "by the old key", CacheNode.Order);
        await during.ReadAsync(second, () => "by the new key", CacheNode.Order);

        Assert.Equal("by the old key", await during.ReadAsync(OrderKey, () => "factory must not run", CacheNode.Order));
        Assert.Equal("by the new key", await after.ReadAsync(second, () => "factory must not run", CacheNode.Order));
        Assert.Equal("made anew", await after.ReadAsync(OrderKey, () => "made anew", CacheNode.Order));
        Assert.Equal(1, after.Count("cache_error_total", $"error_type={EntryFault.UnknownKey}"));
    }

    [Fact]
    public async Task Tampered_values_read_as_misses_and_are_warned_of_once()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        await using var two = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        using var client = redis.Connect();
        var db = client.GetDatabase();
        for (var id = 1; id <= 2; id++)
        {
            var key = CacheNode.Order.Key("acme", id);
            await one.ReadAsync(key, () => "old", CacheNode.Order);
            var bytes = (byte[])(await db.StringGetAsync(key))!;
            bytes[^10] ^= 1;
            await db.StringSetAsync(key, bytes, TimeSpan.FromMinutes(17));

            Assert.Equal("new", await two.ReadAsync(key, () => "new", CacheNode.Order));
        }

        var (level, _, text) = Assert.Single(two.Log.Lines("cache_malformed"));
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains(nameof(EntryFault.NotAuthentic), text);
        Assert.DoesNotContain(Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray()), two.Log.All);
        Assert.Equal(2, two.Count("cache_error_total", $"error_type={EntryFault.NotAuthentic}"));
    }

    [Fact]
    public async Task A_value_moved_to_another_key_reads_as_a_miss()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        await using var two = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        var foreign = CacheNode.Order.Key("evil", 1);
        await one.ReadAsync(OrderKey, () => "Rossi", CacheNode.Order);
        await one.ReadAsync(foreign, () => "mine", CacheNode.Order);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var bytes = (byte[])(await db.StringGetAsync(OrderKey))!;
        var claiming = Encoding.Latin1.GetBytes(
            Encoding.Latin1.GetString(bytes).Replace("acme", "evil", StringComparison.Ordinal));

        await db.StringSetAsync(foreign, bytes, TimeSpan.FromMinutes(17));
        Assert.Equal("new", await two.ReadAsync(foreign, () => "new", CacheNode.Order));

        await using var three = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        await db.StringSetAsync(foreign, claiming, TimeSpan.FromMinutes(17));
        Assert.Equal("newer", await three.ReadAsync(foreign, () => "newer", CacheNode.Order));
        Assert.Equal(1, three.Count("cache_error_total", $"error_type={EntryFault.NotAuthentic}"));
    }

    [Fact]
    public async Task A_readable_value_planted_under_a_sensitive_key_is_not_believed()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        await using var other = await CacheNode.StartAsync(redis, (Setting, Key("k1", 1)));
        await node.ReadAsync(OrderKey, () => "old", CacheNode.Order);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        Assert.True(EntryFormat.TryRead((byte[])(await db.StringGetAsync(OrderKey))!, OrderKey, out var entry));
        var planted = entry with { Flags = EntryFlags.None, KeyId = "", Payload = "\"planted\""u8.ToArray() };
        await db.StringSetAsync(OrderKey, EntryFormat.Write(OrderKey, planted), TimeSpan.FromMinutes(17));

        Assert.Equal("new", await other.ReadAsync(OrderKey, () => "new", CacheNode.Order));
    }

    [Fact]
    public async Task A_large_value_is_small_in_redis_and_whole_on_the_other_node()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var (large, key) = (new string('x', 100_000), CacheNode.Product.Key("acme", 1));

        await one.ReadAsync(key, () => large);

        Assert.Equal(large, await two.ReadAsync(key, () => "factory must not run"));
        using var client = redis.Connect();
        Assert.InRange(await client.GetDatabase().StringLengthAsync(key), 1, 1000);
    }
}
