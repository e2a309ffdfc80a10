namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>What is cached of a value, and under which key.</summary>
internal static class ValueProbes
{
    private const int TwoMebibytes = 2 * 1024 * 1024;

    public static readonly Probe[] All =
    [
        new("P11", "the factory returns null: cached", NullAsync),
        new("P12", "a caller changes a mutable value: the next caller gets the original", MutationAsync),
        new("P13", "2 MiB value, limit 1 MiB: cached nowhere, no shared instance", SizeAsync),
        new("P17", "another type under the same key: a miss", TypeAsync),
        new("P19", "empty key: not cached", EmptyKeyAsync),
    ];

    private static async Task<Verdict> NullAsync(ProbeRun run)
    {
        var node = await run.StartNodeAsync();
        var runs = 0;
        for (var i = 0; i < 2; i++)
            await node.ReadAsync(ProbeRun.Key, _ => Task.FromResult(++runs > 0 ? null : "never"));
        return Verdict.From(runs == 1, runs == 1 ? "cached" : "not cached");
    }

    private static async Task<Verdict> MutationAsync(ProbeRun run)
    {
        var node = await run.StartNodeAsync();
        var first = await node.ReadAsync(ProbeRun.Key, NewBasket);
        first.Text = "changed";
        var second = await node.ReadAsync(ProbeRun.Key, NewBasket);
        return Verdict.From(second.Text == "original", second.Text == "original" ? "isolated" : "the change leaks");

        static Task<Basket> NewBasket(CancellationToken ct) => Task.FromResult(new Basket { Text = "original" });
    }

    private static async Task<Verdict> SizeAsync(ProbeRun run)
    {
        if (!run.Library.LimitsValueSize)
            return Verdict.NoFeature("has no limit");
        var node = await run.StartNodeAsync();
        var runs = 0;
        var first = await node.ReadAsync(ProbeRun.Key, NewBasket);
        var second = await node.ReadAsync(ProbeRun.Key, NewBasket);
        var inL1 = runs == 1;
        await (await run.StartNodeAsync()).ReadAsync(ProbeRun.Key, NewBasket);
        var inL2 = runs == (inL1 ? 1 : 2);
        var isShared = ReferenceEquals(first, second);
        var seen = (inL1, inL2) switch
        {
            (true, true) => "in L1 and L2",
            (true, false) => "in L1",
            (false, true) => "in L2",
            _ => "nowhere",
        };
        return Verdict.From(!inL1 && !inL2 && !isShared, isShared ? $"{seen}, one mutable instance for all" : seen);

        Task<Basket> NewBasket(CancellationToken ct)
        {
            runs++;
            return Task.FromResult(new Basket { Text = new string('x', TwoMebibytes) });
        }
    }

    private static async Task<Verdict> TypeAsync(ProbeRun run)
    {
        var node = await run.StartNodeAsync();
        await node.ReadAsync(ProbeRun.Key, _ => Task.FromResult("text"));
        try
        {
            var basket = await node.ReadAsync(ProbeRun.Key, _ => Task.FromResult(new Basket { Text = "made" }));
            return Verdict.From(basket?.Text == "made", "a miss");
        }
        catch (InvalidCastException exception)
        {
            return Verdict.From(false, exception.GetType().Name);
        }
    }

    private static async Task<Verdict> EmptyKeyAsync(ProbeRun run)
    {
        var node = await run.StartNodeAsync();
        var runs = 0;
        for (var i = 0; i < 2; i++)
            await node.ReadAsync("", _ => Task.FromResult($"run {++runs}"));
        return Verdict.From(runs == 2, runs == 2 ? "not cached" : "cached");
    }

    /// <summary>A class that callers can change.</summary>
    private sealed class Basket
    {
        public string Text { get; set; } = "";
    }
}
