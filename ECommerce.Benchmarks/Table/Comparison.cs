using System.Diagnostics;
using System.Runtime;

namespace ECommerce.Benchmarks.Table;

/// <summary>
/// Two sides measured in turn in one run, so that other load on the machine affects both: the median of five ratios,
/// each of the best of several batches. Only the ratio is meaningful; the times are those of the ratio that was taken.
/// </summary>
internal readonly record struct Comparison(double Ratio, double Ours, double Reference)
{
    private const int Ratios = 5;
    private const int MaxWarmUps = 60;
    private const int QuietRounds = 5;

    // The sides take short turns: the time that threads wait for Redis changes by a third within seconds.
    private const int Turns = 40;

    /// <summary>Loops that run a number of operations; times are in nanoseconds for one.</summary>
    public static Comparison Measure(Action<int> ours, Action<int> reference, int operations)
    {
        WarmUp(ours, reference);
        return MeasureTimed(() => Time(ours, operations), () => Time(reference, operations), batches: 40);
    }

    /// <summary>Batches that return the time of one operation.</summary>
    public static Comparison MeasureTimed(Func<double> ours, Func<double> reference, int batches) =>
        Median(Enumerable.Range(0, Ratios).Select(_ =>
        {
            var (best, bestReference) = (double.MaxValue, double.MaxValue);
            for (var i = 0; i < batches; i++)
            {
                best = Math.Min(best, ours());
                bestReference = Math.Min(bestReference, reference());
            }
            return (best, bestReference);
        }));

    /// <summary>Single operations, one after the other; the median of their times in microseconds.</summary>
    public static Task<Comparison> MeasureAsync(Func<int, Task> ours, Func<int, Task> reference, int operations)
    {
        var (next, nextReference) = (0, 0);
        return MeasureTimedAsync(
            () => TimeAsync(() => ours(next++)), () => TimeAsync(() => reference(nextReference++)), operations);
    }

    /// <summary>Operations that return their time; a quantile of it, in microseconds.</summary>
    public static async Task<Comparison> MeasureTimedAsync(
        Func<Task<double>> ours, Func<Task<double>> reference, int operations, double quantile = 0.5)
    {
        var measured = await MeasureSidesAsync([ours, reference], operations, quantile);
        return Median(measured.Select(static sides => (sides[0], sides[1])));
    }

    /// <summary>The same of any number of sides: for each of the five ratios the quantile of each side.</summary>
    /// <param name="sides">Operations that return their time.</param>
    /// <param name="operations">Of each side for one ratio, in fours.</param>
    /// <param name="quantile">Of the times.</param>
    /// <param name="pause">
    /// Before each operation, of which a turn has one then: what the one before has left to be done in the background
    /// is done, and the threads of the servers are asleep. Without it a turn is a fortieth of the operations.
    /// </param>
    public static async Task<double[][]> MeasureSidesAsync(
        Func<Task<double>>[] sides, int operations, double quantile = 0.5, TimeSpan pause = default)
    {
        var perTurn = pause > TimeSpan.Zero ? 1 : 4 * operations / Turns;
        // With pauses, until nothing is compiled any more: an operation of many parts has much to compile.
        var quiet = 0;
        for (var round = 0; round < MaxWarmUps && quiet < QuietRounds; round++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            foreach (var side in sides)
                await RunAsync(side, operations, []);
            await Task.Delay(TimeSpan.FromMilliseconds(150));
            quiet = JitInfo.GetCompiledMethodCount() == compiled ? quiet + 1 : 0;
        }
        var measured = new double[Ratios][];
        for (var ratio = 0; ratio < Ratios; ratio++)
        {
            var times = Array.ConvertAll(sides, static _ => new List<double>());
            for (var turn = 0; turn < 4 * operations / perTurn; turn++)
            {
                foreach (var (index, side) in sides.Index())
                {
                    await Task.Delay(pause);
                    await RunAsync(side, perTurn, times[index]);
                }
            }
            measured[ratio] = Array.ConvertAll(times, of => Quantile(of, quantile));
        }
        return measured;
    }

    /// <summary>The middle one of several ratios.</summary>
    public static Comparison Median(IEnumerable<(double Ours, double Reference)> measured)
    {
        Comparison[] ratios =
        [
            .. measured.Select(pair => new Comparison(pair.Ours / pair.Reference, pair.Ours, pair.Reference))
                .OrderBy(comparison => comparison.Ratio),
        ];
        return ratios[ratios.Length / 2];
    }

    public static async Task<double> TimeAsync(Func<Task> operation)
    {
        var started = Stopwatch.GetTimestamp();
        await operation();
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    public static double Quantile(List<double> times, double quantile)
    {
        times.Sort();
        return times[(int)(quantile * (times.Count - 1))];
    }

    // The last tier of the compiler comes after thirty calls and a pause, and uses the profile of the loops.
    private static void WarmUp(params ReadOnlySpan<Action<int>> loops)
    {
        for (var round = 0; round < 4; round++)
        {
            foreach (var loop in loops)
            {
                for (var i = 0; i < 50; i++)
                    loop(2000);
            }
            Thread.Sleep(150);
        }
    }

    private static double Time(Action<int> loop, int operations)
    {
        var started = Stopwatch.GetTimestamp();
        loop(operations);
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / operations;
    }

    private static async Task RunAsync(Func<Task<double>> operation, int operations, List<double> times)
    {
        for (var i = 0; i < operations; i++)
            times.Add(await operation());
    }
}
