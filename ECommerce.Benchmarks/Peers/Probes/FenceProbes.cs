using ECommerce.Benchmarks.Peers.Libraries;

namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>A change while a factory runs that has read the old value.</summary>
internal static class FenceProbes
{
    public static readonly Probe[] All =
    [
        new("P1", "Remove during the factory: the old value is not cached", RemoveAsync),
        new("P2", "RemoveByTag during the factory: the old value is not cached", RemoveByTagAsync),
        new("P3", "Set during the factory: the newer value stays", SetAsync),
        new("P21", "RemoveByTag during a refresh behind the reader: the old value is not cached", RefreshAsync),
        new("P22", "RemoveByTag while a run outlives its first caller: the old value is not cached", OutliveAsync),
    ];

    private static Task<Verdict> RemoveAsync(ProbeRun run) => ChangeAsync(run, node => node.RemoveAsync(ProbeRun.Key));

    private static Task<Verdict> RemoveByTagAsync(ProbeRun run) =>
        ChangeAsync(run, node => node.RemoveByTagAsync(ProbeRun.Tag));

    private static Task<Verdict> SetAsync(ProbeRun run) => ChangeAsync(run, node => node.SetAsync(ProbeRun.Key, "new"));

    private static async Task<Verdict> ChangeAsync(ProbeRun run, Func<ICacheNode, Task> change)
    {
        var node = await run.StartNodeAsync();
        var factory = new GatedFactory("old");
        var reading = node.ReadAsync(ProbeRun.Key, factory.RunAsync, [ProbeRun.Tag]).AsTask();
        await factory.Entered;
        await change(node);
        factory.Open();
        await reading;
        return await NextReadAsync(node);
    }

    private static async Task<Verdict> RefreshAsync(ProbeRun run)
    {
        if (!run.Library.RefreshesBehind)
            return Verdict.NoFeature("no such refresh");
        var refreshAfter = TimeSpan.FromMilliseconds(200);
        var node = await run.StartNodeAsync(settings => settings with { RefreshAfter = refreshAfter });
        await ProbeRun.ReadAsync(node, "old");
        await Task.Delay(2 * refreshAfter);
        var factory = new GatedFactory("old");
        await node.ReadAsync(ProbeRun.Key, factory.RunAsync, [ProbeRun.Tag]);
        await factory.Entered;
        await node.RemoveByTagAsync(ProbeRun.Tag);
        factory.Open();
        return await NextReadAsync(node);
    }

    private static async Task<Verdict> OutliveAsync(ProbeRun run)
    {
        var lifetime = TimeSpan.FromMilliseconds(run.Library.HasSoftTimeout ? 200 : 60_000);
        var node = await run.StartNodeAsync(settings => settings with
        {
            Lifetime = lifetime,
            SoftTimeout = run.Library.HasSoftTimeout ? TimeSpan.FromMilliseconds(50) : null,
        });
        var factory = new GatedFactory("old");
        if (run.Library.HasSoftTimeout)
        {
            // The caller takes the expired value after the soft timeout, and the run completes in the background.
            await ProbeRun.ReadAsync(node, "old");
            await Task.Delay(2 * lifetime);
            await node.ReadAsync(ProbeRun.Key, factory.RunAsync, [ProbeRun.Tag]);
        }
        else
        {
            await LeaveAsync(node, factory);
        }
        await node.RemoveByTagAsync(ProbeRun.Tag);
        factory.Open();
        return await NextReadAsync(node);
    }

    // The first caller leaves while a second one waits for the same run.
    private static async Task LeaveAsync(ICacheNode node, GatedFactory factory)
    {
        using var leave = new CancellationTokenSource();
        var first = node.ReadAsync(ProbeRun.Key, factory.RunAsync, [ProbeRun.Tag], leave.Token).AsTask();
        await factory.Entered;
        _ = node.ReadAsync(ProbeRun.Key, factory.RunAsync, [ProbeRun.Tag]).AsTask();
        await leave.CancelAsync();
        await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<Verdict> NextReadAsync(ICacheNode node)
    {
        // What completes behind the callers has this time to do its harm.
        await Task.Delay(TimeSpan.FromMilliseconds(150));
        var next = await ProbeRun.ReadAsync(node, "new");
        return Verdict.From(next == "new", next == "new" ? "the next read is new" : "the old value is cached");
    }
}
