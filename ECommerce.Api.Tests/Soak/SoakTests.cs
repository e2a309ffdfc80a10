using System.Diagnostics;
using System.Globalization;
using ECommerce.Api.Tests.EndToEnd;

namespace ECommerce.Api.Tests.Soak;

/// <summary>Needs the machine for itself: runs after all others, one after the other.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>
/// The acceptance test of the cache: readers and writers on three nodes while everything fails that can, and a checker
/// that knows what no read may show. The planted faults show that it would find one.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SoakTests(ApiFixture fixture)
{
    private const string SeedVariable = "ECOMMERCE_SEED";
    private static readonly int[] Everywhere = [0, 1, 2];
    private const int FullReads = 1_000_000;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(18);

    private static readonly TimeSpan MaxSearchTime = TimeSpan.FromSeconds(20);

    private static readonly LoadPlan FewRows = new(
        Readers: 12, ReadsPerSecond: 150, ReadNodes: [0, 1], Writers: 4, WritesPerSecond: 25, WriteNodes: [0],
        Products: 10, Customers: 6, Orders: 6, ListShare: 0.3);

    private readonly int _seed = int.TryParse(
        Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Random.Shared.Next();

    [Fact]
    public async Task Whatever_fails_no_node_shows_what_an_acknowledged_write_has_replaced()
    {
        await using var cluster = await NodeCluster.StartAsync(fixture, 3);
        // At full size as many reads as the machine can do, of which fifty thousand are of lists: each write drops
        // lists, so that most of these query the database.
        var plan = new LoadPlan(
            Readers: ShopSize.IsFull ? 96 : 48, ReadsPerSecond: ShopSize.IsFull ? 10_000 : 350, Everywhere, Writers: 8,
            WritesPerSecond: 25, Everywhere, Products: 70, Customers: 60, Orders: 70,
            ListShare: ShopSize.IsFull ? 0.05 : 0.12);
        var (history, workload, faults) = await PrepareAsync(cluster, plan);

        using var stop = new CancellationTokenSource();
        var load = workload.RunAsync(stop.Token);
        var since = Stopwatch.GetTimestamp();
        await faults.RunAsync(
            () => ShopSize.IsFull ? history.Reads >= FullReads : Stopwatch.GetElapsedTime(since) > Duration);
        await stop.CancelAsync();
        await load;

        Report(history);
        await Eventually.TrueAsync(() => IsQuietAsync(cluster), "all nodes are healthy, and no invalidation waits");
        Assert.Empty(await workload.DifferencesAsync());
        Assert.Empty(history.Judge().Take(20).Select(history.Describe));
    }

    [Fact]
    public async Task Without_the_fence_the_checker_finds_what_was_read_too_early()
    {
        await using var cluster = await NodeCluster.StartAsync(fixture, 2, planted: "fence");
        var (history, workload, _) = await PrepareAsync(
            cluster, FewRows with { Products = 6, Customers = 3, Orders = 3, ReadNodes = [1] });

        await FindAsync(history, workload, () =>
        {
            // The node that reads is far from the database: what it reads is overtaken on its way.
            cluster.Nodes[1].Database.Delay = TimeSpan.FromMilliseconds(150);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Without_the_lease_the_checker_finds_stale_reads_of_a_partitioned_node()
    {
        await using var cluster = await NodeCluster.StartAsync(fixture, 2, planted: "lease");
        var (history, workload, faults) = await PrepareAsync(cluster, FewRows with { ReadNodes = [1, 1, 0] });

        await FindAsync(history, workload, () => faults.CutOffAsync(1, silently: false));
    }

    [Fact]
    public async Task Without_the_generation_the_checker_finds_what_an_old_snapshot_brings_back()
    {
        // Memory holds next to nothing: nearly all is read from Redis.
        await using var cluster = await NodeCluster.StartAsync(
            fixture, 2, planted: "generation", ("CACHE_MAX_MEM_ITEMS", "1"));
        var (history, workload, faults) = await PrepareAsync(
            cluster, FewRows with { Products = 60, ReadNodes = [1], WritesPerSecond = 15 });

        await FindAsync(history, workload, async () =>
        {
            await Eventually.TrueAsync(() => history.Reads > 300, "Redis holds values");
            await cluster.Redis.TakeSnapshotAsync();
            await Eventually.TrueAsync(() => history.Writes > 60, "they are overtaken");
            // A node that remembers received invalidations would notice.
            await faults.KillAsync(1);
            await faults.LoseTheLastAsync();
            await faults.StartAgainAsync(1);
        });
    }

    private static async Task FindAsync(History history, Workload workload, Func<Task> fault)
    {
        using var stop = new CancellationTokenSource();
        var load = workload.RunAsync(stop.Token);
        await fault();
        var since = Stopwatch.GetTimestamp();
        while (history.Judge().Count == 0 && Stopwatch.GetElapsedTime(since) < MaxSearchTime)
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        await stop.CancelAsync();
        await load;

        Report(history);
        Assert.NotEmpty(history.Judge());
    }

    private async Task<(History History, Workload Workload, Faults Faults)> PrepareAsync(
        NodeCluster cluster, LoadPlan plan)
    {
        WriteLine($"{SeedVariable}={_seed}");
        var history = new History();
        var workload = new Workload(cluster, history, plan, _seed);
        await workload.PrepareAsync();
        return (history, workload, new Faults(cluster, workload, history, new Random(_seed)));
    }

    private static async Task<bool> IsQuietAsync(NodeCluster cluster)
    {
        var healthy = await Task.WhenAll(cluster.Nodes.Select(node => node.IsCoherentAsync()));
        return healthy.All(one => one)
            && (await cluster.QueryAsync<long>("SELECT COUNT(*) FROM cache_outbox WHERE applied_at IS NULL"))
                .Single() == 0;
    }

    private static void Report(History history)
    {
        WriteLine(history.Summary());
        foreach (var violation in history.Judge().Take(10))
            WriteLine(history.Describe(violation));
    }

    private static void WriteLine(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
