using System.Diagnostics;
using System.Globalization;
using ECommerce.Benchmarks.Peers.Libraries;
using StackExchange.Redis;

namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>A removal while Redis cannot be reached, and what is read until it is back and after.</summary>
internal static class OutageProbes
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(7);

    // The bound that ECommerce.Caching documents for other nodes (2 s), and half a second for the polls.
    private static readonly TimeSpan Bound = Outage + TimeSpan.FromSeconds(2.5);

    public static readonly Probe[] All =
    [
        new("P20", "Remove on A, Redis away for 3 s: no exception, A never old, B not 2.5 s later", RemoveAsync),
    ];

    private static async Task<Verdict> RemoveAsync(ProbeRun run)
    {
        var a = await run.StartNodeAsync(settings => settings with { Redis = run.AddressOfLink });
        var b = await run.StartNodeAsync(settings => settings with { Redis = run.AddressOfLink });
        await ProbeRun.ReadAsync(a, "old");
        await ProbeRun.ReadAsync(b, "old");
        run.Link.Cut();
        var thrown = "";
        try
        {
            await a.RemoveAsync(ProbeRun.Key);
        }
        catch (RedisException exception)
        {
            thrown = $"{exception.GetType().Name}, ";
        }
        var removed = Stopwatch.GetTimestamp();
        var mending = MendAsync();
        var (oldOnA, oldOnB) = (TimeSpan.Zero, TimeSpan.Zero);
        while (Stopwatch.GetElapsedTime(removed) < Outage + Afterwards)
        {
            // Not before: a read without Redis would make a new value, and hide what Redis still holds.
            if (Stopwatch.GetElapsedTime(removed) > Outage + Reconnect)
                oldOnA = await ReadAsync(a) ?? oldOnA;
            oldOnB = await ReadAsync(b) ?? oldOnB;
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
        await mending;
        return Verdict.From(
            thrown == "" && oldOnA == TimeSpan.Zero && oldOnB <= Bound,
            string.Create(CultureInfo.InvariantCulture, $"{thrown}A {Text(oldOnA)}, B {Text(oldOnB)}"));

        async Task MendAsync()
        {
            await Task.Delay(Outage);
            run.Link.Mend();
        }

        async Task<TimeSpan?> ReadAsync(ICacheNode node)
        {
            var started = Stopwatch.GetElapsedTime(removed);
            return await ProbeRun.ReadAsync(node, "new") == "old" ? started : null;
        }
    }

    private static string Text(TimeSpan lastOld) => lastOld == TimeSpan.Zero
        ? "never old"
        : lastOld > Outage + Afterwards - TimeSpan.FromSeconds(1)
            ? "old to the end"
            : string.Create(CultureInfo.InvariantCulture, $"last old after {lastOld.TotalSeconds:0.0} s");
}
