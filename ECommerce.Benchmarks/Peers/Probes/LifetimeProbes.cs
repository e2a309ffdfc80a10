namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>How long a node may serve what it read from Redis.</summary>
internal static class LifetimeProbes
{
    // Not less: Microsoft's Redis package expires entries in whole seconds, rounded down.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    public static readonly Probe[] All =
    [
        new("P16", "B reads an entry of 5 s from L2 after 3 s: B serves it for 2 s at most", RemainderAsync),
    ];

    private static async Task<Verdict> RemainderAsync(ProbeRun run)
    {
        var a = await run.StartNodeAsync(settings => settings with { Lifetime = Lifetime });
        var b = await run.StartNodeAsync(settings => settings with { Lifetime = Lifetime });
        await ProbeRun.ReadAsync(a, "old");
        await Task.Delay(0.6 * Lifetime);
        if (await ProbeRun.ReadAsync(b, "new") != "old")
            return Verdict.From(false, "B does not find the entry in L2");
        // A little more than the lifetime: the nodes' timers are not exact.
        await Task.Delay((0.4 * Lifetime) + TimeSpan.FromMilliseconds(200));
        var value = await ProbeRun.ReadAsync(b, "new");
        return Verdict.From(value == "new", value == "new" ? "bounded by the remainder" : "served for longer");
    }
}
