using System.Diagnostics;

namespace ECommerce.Api.Tests.Soak;

/// <summary>What can go wrong, made to go wrong.</summary>
internal sealed class Faults(NodeCluster cluster, Workload workload, History history, Random random)
{
    // A registration lasts three seconds.
    private static readonly TimeSpan LongerThanARegistration = TimeSpan.FromSeconds(4.2);

    private static readonly TimeSpan MaxCommitTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxRecoveryTime = TimeSpan.FromSeconds(4);

    private readonly List<Task> _restarts = [];

    /// <summary>One of each kind in any order, and again until it is enough.</summary>
    public async Task RunAsync(Func<bool> isEnough)
    {
        await cluster.Redis.TakeSnapshotAsync();
        var redis = new RedisFaults(cluster.Redis.Port, history, random);
        Func<Task>[] kinds =
        [
            LoseAllAsync, LoseTheLastAsync, KillBetweenCommitAndApplyAsync, CutOffOneAsync, KillSubscribersAsync,
            HangFactoriesAsync, redis.FillMemoryAsync, TakeRightAsync, redis.WriteForeignContentAsync,
            redis.SetClockBackAsync,
        ];
        for (var round = 0; round == 0 || !isEnough(); round++)
        {
            random.Shuffle(kinds);
            foreach (var fault in kinds.TakeWhile(_ => round == 0 || !isEnough()))
            {
                await fault();
                // Some of the next faults begin before this one is over; but only a system at rest completes writes
                // without "deferred".
                if (random.Next(4) == 0)
                    continue;
                await RecoveryAsync();
                await PauseAsync(1.5, 3);
            }
        }
        await Task.WhenAll(_restarts);

        async Task TakeRightAsync()
        {
            // Without the right no node starts.
            await Task.WhenAll(_restarts);
            await redis.TakeRightAsync();
        }
    }

    private async Task RecoveryAsync()
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < MaxRecoveryTime && !await AreCoherentAsync())
            await Task.Delay(TimeSpan.FromMilliseconds(50));
    }

    private async Task<bool> AreCoherentAsync() =>
        (await Task.WhenAll(cluster.Nodes.Where(node => node.IsUp).Select(node => node.IsCoherentAsync())))
            .All(healthy => healthy);

    /// <summary>Redis is killed and comes back empty.</summary>
    public async Task LoseAllAsync()
    {
        history.Fault("Redis killed, empty: kill");
        await cluster.Redis.StopAsync();
        await PauseAsync(0.05, 1.5);
        await cluster.Redis.StartAsync();
        history.Fault("back: Redis, empty");
    }

    /// <summary>Redis is killed and comes back as it was at the snapshot.</summary>
    public async Task LoseTheLastAsync()
    {
        history.Fault("Redis killed, old snapshot: kill");
        await cluster.Redis.StopAsync();
        await PauseAsync(0.05, 1.5);
        await cluster.Redis.StartFromSnapshotAsync();
        history.Fault("back: Redis, old snapshot");
    }

    /// <summary>A node is killed after COMMIT and before it could raise versions in Redis.</summary>
    public async Task KillBetweenCommitAndApplyAsync()
    {
        var node = random.Next(cluster.Nodes.Count);
        if (!cluster.Nodes[node].IsUp)
            return;
        var before = await Task.WhenAll(workload.Victims.Select(workload.VersionAsync));
        cluster.Nodes[node].Redis.Hold();
        var writes = workload.Victims.Select(entity => workload.WriteAsync(entity, node)).ToArray();
        // A call to Redis may take 200 ms: within that time they are committed and have no response.
        var since = Stopwatch.GetTimestamp();
        while (Enumerable.SequenceEqual(before, await Task.WhenAll(workload.Victims.Select(workload.VersionAsync)))
            && Stopwatch.GetElapsedTime(since) < MaxCommitTime)
        {
            await Task.Yield();
        }

        await KillAsync(node);
        // The commands to Redis that were held back are lost.
        cluster.Nodes[node].Redis.Cut();
        cluster.Nodes[node].Redis.Mend();
        await Task.WhenAll(writes);
        _restarts.Add(StartAgainAsync(node));
    }

    public Task CutOffOneAsync() => CutOffAsync(random.Next(cluster.Nodes.Count), silently: random.Next(2) == 0);

    /// <summary>
    /// One node is partitioned from Redis, for longer than the others wait for it, and goes on serving. Silently: its
    /// connections stay open, and the traffic of both directions arrives late.
    /// </summary>
    public async Task CutOffAsync(int node, bool silently)
    {
        history.Fault($"node cut off from Redis: {node}{(silently ? ", silently" : "")}");
        if (silently)
            cluster.Nodes[node].Redis.Hold();
        else
            cluster.Nodes[node].Redis.Cut();
        await Task.Delay(LongerThanARegistration);
        cluster.Nodes[node].Redis.Mend();
        history.Fault($"back: the link of node {node}");
    }

    /// <summary>The connections that messages come by are closed.</summary>
    public async Task KillSubscribersAsync()
    {
        history.Fault("subscribers killed");
        await RedisWire.AskAsync(cluster.Redis.Port, "CLIENT KILL TYPE pubsub");
    }

    /// <summary>The factories of one node get no response from the database for a while.</summary>
    public async Task HangFactoriesAsync()
    {
        var node = random.Next(cluster.Nodes.Count);
        history.Fault($"factories hang: node {node}");
        cluster.Nodes[node].Database.Hold();
        await PauseAsync(1, 4);
        cluster.Nodes[node].Database.Mend();
        history.Fault($"back: the database of node {node}");
    }

    public async Task KillAsync(int node)
    {
        await cluster.Nodes[node].KillAsync();
        history.Killed();
        history.Fault($"node killed: {node}");
    }

    public async Task StartAgainAsync(int node)
    {
        await cluster.Nodes[node].StartAsync();
        history.Fault($"back: node {node}");
    }

    private Task PauseAsync(double from, double to) =>
        Task.Delay(TimeSpan.FromSeconds(from + (random.NextDouble() * (to - from))));
}
