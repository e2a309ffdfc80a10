using ECommerce.Benchmarks.Peers.Libraries;

namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>How often a factory runs when callers meet.</summary>
internal static class SingleFlightProbes
{
    private static readonly TimeSpan FactoryTime = TimeSpan.FromMilliseconds(100);

    public static readonly Probe[] All =
    [
        new("P6", "2 nodes, 10 callers each, a cold key: 1 run", TwoNodesAsync),
        new("P7", "1 node, 20 callers, a cold key: 1 run", OneNodeAsync),
        new("P8", "1 node, 10 callers, the factory fails: 1 run", FailureAsync),
        new("P9", "the first caller cancels, a second waits: value, 1 run", CancelAsync),
    ];

    private static async Task<Verdict> TwoNodesAsync(ProbeRun run) =>
        await CallAsync([await run.StartNodeAsync(), await run.StartNodeAsync()], callers: 10);

    private static async Task<Verdict> OneNodeAsync(ProbeRun run) =>
        await CallAsync([await run.StartNodeAsync()], callers: 20);

    private static async Task<Verdict> CallAsync(ICacheNode[] nodes, int callers)
    {
        var runs = 0;
        await Task.WhenAll(nodes.SelectMany(node => Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
            await node.ReadAsync(ProbeRun.Key, async ct =>
            {
                Interlocked.Increment(ref runs);
                await Task.Delay(FactoryTime, ct);
                return "value";
            })))));
        return Verdict.From(runs == 1, Runs(runs));
    }

    private static async Task<Verdict> FailureAsync(ProbeRun run)
    {
        var node = await run.StartNodeAsync();
        var runs = 0;
        var reads = Enumerable.Range(0, 10)
            .Select(_ => Task.Run(async () => await node.ReadAsync(ProbeRun.Key, FailAsync)))
            .ToArray();
        foreach (var read in reads)
            await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var failed = reads.Count(read => read.Exception?.InnerException is InvalidOperationException);
        return Verdict.From(runs == 1 && failed == reads.Length, $"{Runs(runs)}, {failed} callers get the exception");

        async Task<string> FailAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref runs);
            await Task.Delay(FactoryTime, ct);
            throw new InvalidOperationException("The source fails.");
        }
    }

    private static async Task<Verdict> CancelAsync(ProbeRun run)
    {
        var node = await run.StartNodeAsync();
        var factory = new GatedFactory("value");
        using var cancellation = new CancellationTokenSource();
        var first = node.ReadAsync(ProbeRun.Key, factory.RunAsync, ct: cancellation.Token).AsTask();
        await factory.Entered;
        var second = node.ReadAsync(ProbeRun.Key, factory.RunAsync).AsTask();
        await Task.Delay(FactoryTime);
        await cancellation.CancelAsync();
        await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        factory.Open();
        var value = await second;
        return Verdict.From(value == "value" && factory.Runs == 1, $"the second gets the value, {Runs(factory.Runs)}");
    }

    private static string Runs(int runs) => runs == 1 ? "1 run" : $"{runs} runs";
}
