using System.Diagnostics;
namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>What one node removes and another one reads.</summary>
internal static class NodeProbes
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static readonly Probe[] All =
    [
        new("P4", "tag removed on B, A has the entry in L1: A reads new within 1 s", RemoveElsewhereAsync),
        new("P5", "tag removed, then a cold node reads over a Redis 10 ms away: new", ColdNodeAsync),
        new("P14", "tag removed by a node with a clock 5 min behind: new there and on a cold node", SkewedClockAsync),
    ];

    private static async Task<Verdict> RemoveElsewhereAsync(ProbeRun run)
    {
        var a = await run.StartNodeAsync();
        var b = await run.StartNodeAsync();
        await ProbeRun.ReadAsync(a, "old");
        await ProbeRun.ReadAsync(b, "old");
        await b.RemoveByTagAsync(ProbeRun.Tag);
        var removed = Stopwatch.GetTimestamp();
        while (await ProbeRun.ReadAsync(a, "new") == "old")
        {
            if (Stopwatch.GetElapsedTime(removed) > Limit)
                return Verdict.From(false, $"old for more than {Limit.TotalSeconds:0} s");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
        var time = Stopwatch.GetElapsedTime(removed);
        return Verdict.From(time < TimeSpan.FromSeconds(1), $"new after {time.TotalMilliseconds:0} ms");
    }

    private static async Task<Verdict> ColdNodeAsync(ProbeRun run)
    {
        var warm = await run.StartNodeAsync();
        await ProbeRun.ReadAsync(warm, "old");
        await warm.RemoveByTagAsync(ProbeRun.Tag);
        run.Link.Delay = TimeSpan.FromMilliseconds(10);
        var cold = await run.StartNodeAsync(settings => settings with { Redis = run.AddressOfLink });
        return FromRead(await cold.ReadAsync(ProbeRun.Key, _ => Task.FromResult("new")));
    }

    private static async Task<Verdict> SkewedClockAsync(ProbeRun run)
    {
        if (!run.Library.TakesClock)
            return Verdict.NoFeature("takes no clock, so one process cannot show it");
        var warm = await run.StartNodeAsync();
        await ProbeRun.ReadAsync(warm, "old");
        var time = new ShiftedTime(TimeSpan.FromMinutes(-5));
        var behind = await run.StartNodeAsync(settings => settings with { Time = time });
        await ProbeRun.ReadAsync(behind, "old");
        await behind.RemoveByTagAsync(ProbeRun.Tag);
        // Not read there first: its value would be a new one for the cold node too.
        var cold = await run.StartNodeAsync();
        return FromRead(await ProbeRun.ReadAsync(cold, "new"), await ProbeRun.ReadAsync(behind, "new"));
    }

    private static Verdict FromRead(params string[] values) => Array.Exists(values, value => value == "old")
        ? Verdict.From(false, "the removal is lost")
        : Verdict.From(true, "new");

    /// <summary>A wall clock that is off; timers and timestamps are the system's.</summary>
    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
