using System.Globalization;
using ECommerce.Benchmarks.Peers.Libraries;
using ECommerce.Benchmarks.Table;

namespace ECommerce.Benchmarks.Peers.Costs;

/// <summary>The table of costs, row by row.</summary>
internal static class CostRows
{
    private const int HitsPerTurn = 10_000;

    public static async Task PrintAsync(string redis)
    {
        Console.WriteLine($"| case | reference | {string.Join(" | ", Library.All.Select(library => library.Name))} |");
        Console.WriteLine("|---|---|---|---|---|");
        await HitsAsync(redis, "L1 hit, no tags, x IMemoryCache", tagged: false);
        await HitsAsync(redis, "L1 hit, 3 tags, x IMemoryCache", tagged: true);
        Print("L2 hit, a kilobyte, x GET and JSON", await ReadRows.HitAsync(redis));
        Print("miss, a kilobyte, x GET and SET", await ReadRows.MissAsync(redis));
        await StampedeRow.PrintAsync(redis);
        await RemovalRows.PrintAsync(redis);
    }

    private static async Task HitsAsync(string redis, string name, bool tagged)
    {
        var settings = new NodeSettings(redis) { Lifetime = TimeSpan.FromHours(6), Tuning = Tuning.Fast };
        await using var nodes = await PeerNodes.StartAsync(settings);
        using var loops = await PeerHitLoops.FillAsync(nodes, tagged);
        var measured = Sides.Loops(loops.All, HitsPerTurn);
        var bytes = Array.ConvertAll(loops.All, loop => HitLoops.BytesPerOperation(loop, out _));
        var cells = measured.Zip(bytes).Skip(1).Select(pair =>
            $"{Ratio(pair.First)} ({Row.Nanoseconds(pair.First.Time)}, {pair.Second} B)");
        Console.WriteLine($"| {name} | {Row.Nanoseconds(measured[0].Time)} | {string.Join(" | ", cells)} |");
    }

    private static void Print(string name, Measured[] sides)
    {
        var cells = sides.Skip(1).Select(side => $"{Ratio(side)} ({Row.Microseconds(side.Time)})");
        Console.WriteLine($"| {name} | {Row.Microseconds(sides[0].Time)} | {string.Join(" | ", cells)} |");
    }

    private static string Ratio(Measured side) => side.Ratio.ToString("0.00", CultureInfo.InvariantCulture);
}
