using ECommerce.Benchmarks.Peers.Probes;
using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Peers.Output;

/// <summary>The probes of output caching, run with each store; a table of right and wrong.</summary>
internal static class OutputProbeTable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly (string Id, string Scenario, Func<OutputStore, string, Task<Verdict>> RunAsync)[] All =
    [
        ("O1", "EvictByTag while a response is built: the old response is not cached", OutputProbes.EvictAsync),
        ("O2", "the first client disconnects, its endpoint stops: the others get 200, a body", OutputProbes.AbortAsync),
        ("O6", "the first client disconnects, its endpoint goes on: the same", OutputProbes.AbortUnseenAsync),
    ];

    /// <summary>Prints the table; returns whether ours is right in every row.</summary>
    public static async Task<bool> RunAsync(string[] only)
    {
        var names = OutputStores.All.Select(OutputStores.Name);
        Console.WriteLine($"| | probe: what is right | {string.Join(" | ", names)} |");
        Console.WriteLine("|---|---|---|---|---|");
        var right = true;
        foreach (var probe in All.Where(probe => only.Length == 0 || only.Contains(probe.Id, StringComparer.Ordinal)))
        {
            var verdicts = new List<Verdict>();
            foreach (var store in OutputStores.All)
            {
                await using var redis = await LocalRedis.StartNewAsync();
                verdicts.Add(await probe.RunAsync(store, redis.ConnectionString).WaitAsync(Limit));
            }
            right &= verdicts[0].IsRight ?? true;
            Console.WriteLine($"| {probe.Id} | {probe.Scenario} | {string.Join(" | ", verdicts)} |");
        }
        return right;
    }
}
