using ECommerce.Caching;
using ECommerce.Caching.Serialization;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Benchmarks.Table;

/// <summary>L2 hits and misses.</summary>
internal static class RedisRows
{
    private const int Operations = 200;
    private const string EncryptionKey = "bench:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static readonly Sample Made = Sample.OneKilobyte(1);

    public static async IAsyncEnumerable<Row> RunAsync(string redis)
    {
        // Without L1 every read goes to Redis.
        await using var node = await Node.StartAsync(
            redis, ("CACHE_BACKEND", "redis"), ("CACHE_ENCRYPTION_KEY", EncryptionKey));
        yield return await HitAsync("L2 hit, a kilobyte", node, Node.Product);
        yield return await HitAsync("L2 hit, a kilobyte, encrypted", node, Node.Order);
        yield return await MissTimeAsync(node);
        yield return await RoundTripsAsync(redis);
    }

    private static async Task<Row> HitAsync(string name, Node node, CachePolicy policy)
    {
        const int Keys = 64;
        // Stored by this node: an entry from before a node began to follow the messages takes a second round trip.
        var keys = Enumerable.Range(0, Keys).Select(i => policy.Key("l2", SampleKeys.Id(i))).ToArray();
        foreach (var (index, key) in keys.Index())
        {
            await node.Cache.GetOrCreateAsync(
                key, index, static (index, _) => new ValueTask<Sample>(Sample.OneKilobyte(index)), policy.Options);
        }
        var protector = new EntryCodec(node.Settings);
        var serializer = new ValueSerializers(new ServiceCollection().BuildServiceProvider()).For<Sample>();
        var result = await Comparison.MeasureAsync(
            async i => await node.Cache.GetOrCreateAsync<int, Sample>(
                keys[i % Keys], i, static (_, _) => throw new InvalidOperationException("A miss."), policy.Options),
            async i =>
            {
                var key = keys[i % Keys];
                byte[]? bytes = await node.Redis.GetDatabase().StringGetAsync(key);
                if (protector.Read(bytes, key, policy.Sensitive, out var stored) != EntryFault.None
                    || !serializer.TryRead(stored.Payload, out _))
                {
                    throw new InvalidOperationException("Not readable.");
                }
            },
            Operations);
        var reference = $"GET, decrypted and deserialised {Row.Microseconds(result.Reference)}";
        return new Row(name, 1.2, result.Ratio, Row.Microseconds(result.Ours), reference);
    }

    private static async Task<Row> MissTimeAsync(Node node)
    {
        var next = 1_000_000;
        var bytes = new byte[1100];
        var db = node.Redis.GetDatabase();
        var result = await Comparison.MeasureAsync(
            async _ => await MissAsync(node.Cache, Interlocked.Increment(ref next)),
            async _ =>
            {
                RedisKey key = $"bare:{Interlocked.Increment(ref next)}";
                await db.StringGetAsync(key);
                await db.StringSetAsync(key, bytes, TimeSpan.FromHours(1));
            },
            Operations);
        var reference = $"GET, then SET {Row.Microseconds(result.Reference)}";
        return new Row("miss, in time", 1.2, result.Ratio, Row.Microseconds(result.Ours), reference);
    }

    private static async Task<Row> RoundTripsAsync(string redis)
    {
        await using var counter = new RoundTripCounter(redis);
        await using var node = await Node.StartAsync(counter.Address);
        var least = long.MaxValue;
        for (var i = 0; i < Operations; i++)
        {
            // What a store sends behind its caller belongs to it.
            await node.Engine.Fills.Stores.WhenDrained();
            var before = counter.Count;
            await MissAsync(node.Cache, i);
            // The minimum of many: a heartbeat may come in between, and a response in several reads counts twice.
            least = Math.Min(least, counter.Count - before);
        }
        return new Row("miss: round trips before the caller has the value", 1, least, $"{least} round trips", "");
    }

    private static async Task MissAsync(MultiLevelCache cache, int id) =>
        await cache.GetOrCreateAsync(
            Node.Product.Key("misses", id),
            id,
            // Made before: the reference makes no value either.
            static (_, _) => new ValueTask<Sample>(Made),
            Node.Product.Options);
}
