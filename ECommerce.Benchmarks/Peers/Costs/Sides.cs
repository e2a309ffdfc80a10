using System.Diagnostics;
using System.Runtime;
using ECommerce.Benchmarks.Table;

namespace ECommerce.Benchmarks.Peers.Costs;

/// <summary>What one side took: its time, and the ratio to the first side.</summary>
internal readonly record struct Measured(double Time, double Ratio);

/// <summary>
/// Several sides measured in short turns, so that other load on the machine affects all of them.
/// The first one is the reference. Times and ratios are the medians of five passes.
/// </summary>
internal static class Sides
{
    private const int Passes = 5;
    private const int Turns = 40;
    private const int MaxWarmUps = 40;
    private const int QuietRounds = 4;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(150);

    /// <summary>Loops of a number of operations; the best turn of each, in nanoseconds for one operation.</summary>
    public static Measured[] Loops(Action<int>[] loops, int operations)
    {
        WarmUp(loops);
        return Medians(Enumerable.Range(0, Passes).Select(_ =>
        {
            var best = Enumerable.Repeat(double.MaxValue, loops.Length).ToArray();
            for (var turn = 0; turn < Turns; turn++)
            {
                foreach (var (side, loop) in loops.Index())
                    best[side] = Math.Min(best[side], TimeOf(loop, operations));
            }
            return best;
        }));
    }

    /// <summary>Single operations, one after the other; the median of each side's times, in microseconds.</summary>
    public static async Task<Measured[]> OperationsAsync(Func<Task>[] sides, int operationsPerTurn)
    {
        await WarmUpAsync(sides, operationsPerTurn);
        var passes = new List<double[]>();
        for (var pass = 0; pass < Passes; pass++)
        {
            var times = sides.Select(_ => new List<double>()).ToArray();
            for (var turn = 0; turn < Turns; turn++)
            {
                foreach (var (side, operation) in sides.Index())
                    await RunAsync(operation, operationsPerTurn, times[side]);
            }
            passes.Add(Array.ConvertAll(times, side => Comparison.Quantile(side, 0.5)));
        }
        return Medians(passes);
    }

    private static Measured[] Medians(IEnumerable<double[]> passes)
    {
        var measured = passes.ToArray();
        return [.. Enumerable.Range(0, measured[0].Length).Select(side => new Measured(
            Comparison.Quantile([.. measured.Select(times => times[side])], 0.5),
            Comparison.Quantile([.. measured.Select(times => times[side] / times[0])], 0.5)))];
    }

    // The last tier of the compiler comes after thirty calls and a pause.
    private static void WarmUp(Action<int>[] loops)
    {
        for (var round = 0; round < 4; round++)
        {
            foreach (var loop in loops)
            {
                for (var i = 0; i < 50; i++)
                    loop(1000);
            }
            Thread.Sleep(Rest);
        }
    }

    // With pauses, until nothing is compiled any more.
    private static async Task WarmUpAsync(Func<Task>[] sides, int operationsPerTurn)
    {
        var quiet = 0;
        for (var round = 0; round < MaxWarmUps && quiet < QuietRounds; round++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            foreach (var side in sides)
                await RunAsync(side, 5 * operationsPerTurn, []);
            await Task.Delay(Rest);
            quiet = JitInfo.GetCompiledMethodCount() == compiled ? quiet + 1 : 0;
        }
    }

    private static double TimeOf(Action<int> loop, int operations)
    {
        var started = Stopwatch.GetTimestamp();
        loop(operations);
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / operations;
    }

    private static async Task RunAsync(Func<Task> operation, int count, List<double> times)
    {
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await operation();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }
    }
}
