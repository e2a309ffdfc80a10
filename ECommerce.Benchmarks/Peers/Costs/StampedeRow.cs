using System.Diagnostics;
using System.Globalization;
using ECommerce.Benchmarks.Peers.Libraries;
using ECommerce.Benchmarks.Table;

namespace ECommerce.Benchmarks.Peers.Costs;

/// <summary>A cold key that 100 callers on each of three nodes want at once.</summary>
internal static class StampedeRow
{
    private const int Nodes = 3;
    private const int Callers = 100;
    private const int Rounds = 20;
    private const int WarmUps = 3;
    private static readonly TimeSpan FactoryTime = TimeSpan.FromMilliseconds(30);

    public static async Task PrintAsync(string redis)
    {
        var nodes = new List<PeerNodes>();
        for (var i = 0; i < Nodes; i++)
            nodes.Add(await PeerNodes.StartAsync(new NodeSettings(redis) { Tuning = Tuning.Fast }));
        var times = Library.All.Select(_ => new List<double>()).ToArray();
        var runs = Library.All.Select(_ => new List<int>()).ToArray();
        for (var round = -WarmUps; round < Rounds; round++)
        {
            for (var library = 0; library < Library.All.Length; library++)
            {
                var key = $"probe:stampede{library}:{round + WarmUps}";
                var (time, run) = await RunAsync([.. nodes.Select(node => node.All[library])], key);
                if (round < 0)
                    continue;
                times[library].Add(time.TotalMilliseconds);
                runs[library].Add(run);
            }
        }
        var cells = times.Zip(runs, Text);
        Console.WriteLine($"| stampede of {Nodes} x {Callers} callers | factory 30 ms | {string.Join(" | ", cells)} |");
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    private static async Task<(TimeSpan Time, int Runs)> RunAsync(ICacheNode[] nodes, string key)
    {
        var runs = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(nodes.SelectMany(node => Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
            await node.ReadAsync(key, async ct =>
            {
                Interlocked.Increment(ref runs);
                await Task.Delay(FactoryTime, ct);
                return "value";
            })))));
        return (Stopwatch.GetElapsedTime(started), runs);
    }

    private static string Text(List<double> times, List<int> runs)
    {
        var range = runs.Min() == runs.Max() ? $"{runs.Max()}" : $"{runs.Min()} to {runs.Max()}";
        var median = Comparison.Quantile(times, 0.5);
        return string.Create(CultureInfo.InvariantCulture, $"{median:0} ms, runs: {range}");
    }
}
