using System.Collections.Concurrent;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>Batches, single reads and writes at once, on two nodes.</summary>
public sealed class BatchSoakTests
{
    private const int Keys = 12;
    private const int Rounds = 60;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_of_many_keys_never_return_a_value_from_before_a_completed_write()
    {
        var seed = Environment.TickCount;
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        var (source, old) = (new int[Keys], new ConcurrentQueue<string>());
        var applied = new int[Keys];
        using var done = new CancellationTokenSource();

        Task[] readers =
            [.. Enumerable.Range(0, 4).Select(n => Task.Run(() => ReadAsync(n % 2 == 0 ? a : b, n), Ct))];
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var id = random.Next(Keys);
            var version = Interlocked.Increment(ref source[id]);
            var outcome = await (round % 2 == 0 ? a : b).Invalidator.InvalidateAsync([Key(id)], Ct);
            if (outcome == InvalidationOutcome.Applied)
                Volatile.Write(ref applied[id], version);
        }
        await done.CancelAsync();
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(60), Ct);

        Assert.True(old.IsEmpty, $"seed {seed}: {string.Join("; ", old.Take(5))}");
        Assert.Contains(applied, static version => version > 0);

        async Task ReadAsync(CacheNode node, int reader)
        {
            var random = new Random(seed + 1 + reader);
            while (!done.IsCancellationRequested)
            {
                int[] ids = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(Keys))];
                int[] least = [.. ids.Select(id => Volatile.Read(ref applied[id]))];
                var values = ids.Length == 1 ? [await OneAsync(node, ids[0])] : await ManyAsync(node, ids);
                for (var i = 0; i < ids.Length; i++)
                {
                    if (values[i] < least[i])
                        old.Enqueue($"{ids[i]} is {values[i]} after {least[i]}");
                }
            }
        }

        async Task<int> OneAsync(CacheNode node, int id) => await node.Cache.GetOrCreateAsync(
            Key(id), id, async (id, _) =>
            {
                var value = Volatile.Read(ref source[id]);
                await Task.Yield();
                return value;
            }, CacheNode.Product.Options, cancellationToken: Ct);

        async Task<IReadOnlyList<int>> ManyAsync(CacheNode node, int[] ids) =>
            await node.Cache.GetOrCreateManyAsync<object?, int>(
                [.. ids.Select(Key)], null, async (_, keys, _) =>
                {
                    var values = keys.ToDictionary(
                        static key => key, key => Volatile.Read(ref source[int.Parse(key.Split(':')[^1])]));
                    await Task.Yield();
                    return values;
                }, CacheNode.Product.Options, cancellationToken: Ct);
    }

    private static string Key(int id) => CacheNode.Product.Key("acme", id);
}
