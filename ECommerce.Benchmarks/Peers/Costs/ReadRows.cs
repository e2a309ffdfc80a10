using System.Text.Json;
using ECommerce.Benchmarks.Peers.Libraries;
using StackExchange.Redis;

namespace ECommerce.Benchmarks.Peers.Costs;

/// <summary>Reads that go to Redis.</summary>
internal static class ReadRows
{
    private const int Keys = 64;
    private const int OperationsPerTurn = 20;

    private static readonly Sample Value = Sample.OneKilobyte(1);

    /// <summary>A hit in Redis, without L1; the reference is GET and deserialisation.</summary>
    public static async Task<Measured[]> HitAsync(string redis)
    {
        var settings = new NodeSettings(redis) { SkipsL1 = true, Tuning = Tuning.Fast };
        await using var nodes = await PeerNodes.StartAsync(settings);
        var bare = nodes.Ours.Node.Redis.GetDatabase();
        for (var i = 0; i < Keys; i++)
        {
            await bare.StringSetAsync($"bare:{i}", JsonSerializer.SerializeToUtf8Bytes(Value));
            foreach (var node in nodes.All)
                await node.ReadAsync(KeyOf("hit", i), _ => Task.FromResult(Value));
        }
        // FusionCache stores behind the caller.
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        return await Sides.OperationsAsync([ReferenceAsync, .. nodes.All.Select(Reader)], OperationsPerTurn);

        Task ReferenceAsync() => GetAsync(bare, $"bare:{Random.Shared.Next(Keys)}");

        static Func<Task> Reader(ICacheNode node)
        {
            var next = 0;
            return async () => await node.ReadAsync<Sample>(
                KeyOf("hit", next++ % Keys), static _ => throw new InvalidOperationException("A miss."));
        }
    }

    /// <summary>A miss with L1 and Redis; the reference is GET of an absent key, then SET.</summary>
    public static async Task<Measured[]> MissAsync(string redis)
    {
        await using var nodes = await PeerNodes.StartAsync(new NodeSettings(redis) { Tuning = Tuning.Fast });
        var bare = nodes.Ours.Node.Redis.GetDatabase();
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Value);
        var nextBare = 0;
        return await Sides.OperationsAsync([ReferenceAsync, .. nodes.All.Select(Reader)], OperationsPerTurn);

        async Task ReferenceAsync()
        {
            RedisKey key = $"bare:miss:{nextBare++}";
            await bare.StringGetAsync(key);
            await bare.StringSetAsync(key, bytes, TimeSpan.FromMinutes(10));
        }

        static Func<Task> Reader(ICacheNode node)
        {
            var next = 0;
            return async () => await node.ReadAsync(KeyOf("miss", next++), static _ => Task.FromResult(Value));
        }
    }

    // The peers put their own prefix before it in Redis.
    private static string KeyOf(string kind, int index) => $"probe:{kind}:{index}";

    private static async Task GetAsync(IDatabase redis, string key)
    {
        byte[]? bytes = await redis.StringGetAsync(key);
        if (JsonSerializer.Deserialize<Sample>(bytes) is null)
            throw new InvalidOperationException("Not readable.");
    }
}
