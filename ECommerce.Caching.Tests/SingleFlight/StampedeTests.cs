using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>A cold key that many callers on three nodes want at once.</summary>
public class StampedeTests
{
    private const int Callers = 1000;
    private static readonly int Rounds = TestScale.IsFull ? 1000 : 40;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cold_key_runs_its_factory_once_on_all_nodes()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await using var three = await CacheNode.StartAsync(redis);
        CacheNode[] nodes = [one, two, three];
        List<string> faults = [];

        for (var round = 0; round < Rounds; round++)
        {
            var (key, runs, begun) = (CacheNode.Product.Key("acme", round), 0, 0);
            var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var started = Stopwatch.GetTimestamp();
            var values = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
            {
                if (Interlocked.Increment(ref begun) == Callers)
                    all.SetResult();
                return await nodes[caller % nodes.Length].Cache.GetOrCreateAsync(
                    key,
                    async ct =>
                    {
                        Interlocked.Increment(ref runs);
                        // The value is not there before every caller wants it.
                        await all.Task.WaitAsync(ct);
                        return "value";
                    },
                    CacheNode.Product.Options);
            })));
            if (runs != 1)
                faults.Add($"round {round}: {runs} runs, {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
            Assert.All(values, value => Assert.Equal("value", value));
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task A_leader_is_not_overtaken_because_its_node_has_seen_fewer_numbers()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await using var three = await StartAsync();
        var (first, second) = (CacheNode.Product.Key("acme", 1), CacheNode.Product.Key("acme", 2));
        // The tags that both keys share have the number that Redis issued for the start of the third node.
        await three.ReadAsync(first, () => "first");
        await two.ReadAsync(first, () => "not made");
        var gate = new Gate();

        var leads = gate.ReadAsync(one, second, "made once", Ct);
        await gate.Entered;
        var waits = two.ReadAsync(second, () => "made again");
        await Eventually.TrueAsync(
            () => two.Count("cache_single_flight_joined_total", "scope=cluster") == 1, "it waits");
        gate.Open();

        Assert.Equal("made once", await leads);
        Assert.Equal("made once", await waits);

        // With the heartbeat of its start alone: later ones would bring the number to all.
        Task<CacheNode> StartAsync() => CacheNode.StartWithAsync(
            redis.Connect, services => services.AddSingleton<TimeProvider>(new ManualTime()));
    }
}
