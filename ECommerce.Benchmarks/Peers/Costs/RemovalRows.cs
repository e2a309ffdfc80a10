using System.Diagnostics;
using System.Globalization;
using ECommerce.Benchmarks.Peers.Libraries;
using ECommerce.Benchmarks.Table;

namespace ECommerce.Benchmarks.Peers.Costs;

/// <summary>
/// The tag of an entry is removed on A while B has it in L1: what the call takes, and whether B still reads the old
/// value when it has returned. The caller of FusionCache waits for Redis and the backplane.
/// </summary>
internal static class RemovalRows
{
    private const int Rounds = 60;
    private const int WarmUps = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    public static async Task PrintAsync(string redis)
    {
        var settings = new NodeSettings(redis) { Tuning = Tuning.Strict };
        await using var a = await PeerNodes.StartAsync(settings);
        await using var b = await PeerNodes.StartAsync(settings);
        var calls = Library.All.Select(_ => new List<double>()).ToArray();
        var old = Library.All.Select(_ => new List<double>()).ToArray();
        for (var round = -WarmUps; round < Rounds; round++)
        {
            for (var library = 0; library < Library.All.Length; library++)
            {
                var (call, oldFor) = await RunAsync(a.All[library], b.All[library], round + WarmUps);
                if (round < 0)
                    continue;
                calls[library].Add(call.TotalMicroseconds);
                if (oldFor is { } time)
                    old[library].Add(time.TotalMilliseconds);
            }
        }
        Print("tag removal, until the call returns", calls.Select(Median));
        Print("old value on B after the tag removal returned on A", old.Select(Text));
    }

    private static async Task<(TimeSpan Call, TimeSpan? OldFor)> RunAsync(ICacheNode a, ICacheNode b, int round)
    {
        var (key, tag) = ($"probe:removal:{round}", $"campaign:{round}");
        await ReadAsync(a, "old");
        await ReadAsync(b, "old");
        var started = Stopwatch.GetTimestamp();
        await a.RemoveByTagAsync(tag);
        var removed = Stopwatch.GetTimestamp();
        TimeSpan? oldFor = null;
        while (await ReadAsync(b, "new") == "old" && (oldFor is null || oldFor < Limit))
            oldFor = Stopwatch.GetElapsedTime(removed);
        return (Stopwatch.GetElapsedTime(started, removed), oldFor);

        async Task<string> ReadAsync(ICacheNode node, string value) =>
            await node.ReadAsync(key, _ => Task.FromResult(value), [tag]);
    }

    private static string Median(List<double> times) => Row.Microseconds(Comparison.Quantile(times, 0.5));

    private static string Text(List<double> times)
    {
        if (times.Count == 0)
            return $"0 of {Rounds}";
        if (times.Min() >= Limit.TotalMilliseconds)
            return $"{times.Count} of {Rounds}, never dropped";
        var median = Comparison.Quantile(times, 0.5);
        return string.Create(CultureInfo.InvariantCulture, $"{times.Count} of {Rounds}, median {median:0.0} ms");
    }

    private static void Print(string name, IEnumerable<string> cells) =>
        Console.WriteLine($"| {name} | | {string.Join(" | ", cells)} |");
}
