namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>Factories that never end: their callers, and the other nodes, do not wait for ever.</summary>
public sealed class RunDeadlineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Key => CacheNode.Report.Key("acme", 1);

    [Fact]
    public async Task Abandoned_run_that_ignores_its_token_gives_its_lock_back()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        var (key, hanging) = (CacheNode.Product.Key("acme", 1), new Hanging());
        using var caller = new CancellationTokenSource();
        var first = hanging.ReadAsync(a, key, CacheNode.Product, caller.Token);
        await hanging.Entered(1);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        // Within less than the five seconds for which an unrenewed lock lives.
        Assert.Equal("value", await b.ReadAsync(key, () => "value").AsTask().WaitAsync(TimeSpan.FromSeconds(4), Ct));
        hanging.End();
    }

    [Fact]
    public async Task Overdue_run_has_one_successor_that_serves_all_its_callers()
    {
        await using var node = await CacheNode.StartAsync(null);
        var hanging = new Hanging(hangs: 1);

        var reads = Enumerable.Range(0, 20).Select(_ => hanging.ReadAsync(node, Key)).ToArray();

        Assert.All(await Task.WhenAll(reads).WaitAsync(Patience, Ct), value => Assert.Equal("value of run 2", value));
        Assert.Equal(2, hanging.Runs);
        Assert.NotEmpty(node.Log.Lines("cache_overdue"));
        hanging.End();
    }

    [Fact]
    public async Task Late_value_never_replaces_that_of_the_successor()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        var hanging = new Hanging(hangs: 1);
        Assert.Equal("value of run 2", await hanging.ReadAsync(a, Key).WaitAsync(Patience, Ct));

        hanging.End();
        await hanging.AllEnded.WaitAsync(Patience, Ct);
        await a.StoredAsync();

        Assert.Equal("value of run 2", await hanging.ReadAsync(a, Key));
        Assert.Equal("value of run 2", await hanging.ReadAsync(b, Key));
    }

    [Fact]
    public async Task Callers_get_the_error_when_the_successor_is_overdue_too()
    {
        await using var node = await CacheNode.StartAsync(null);
        var hanging = new Hanging(hangs: int.MaxValue);

        var error = await Assert.ThrowsAnyAsync<TimeoutException>(
            () => hanging.ReadAsync(node, Key).WaitAsync(Patience, Ct));

        Assert.Contains(Key, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, hanging.Runs);
        hanging.End();
    }

    [Fact]
    public async Task Callers_get_the_error_of_the_successor()
    {
        await using var node = await CacheNode.StartAsync(null);
        var hanging = new Hanging(hangs: 1, failure: new InvalidDataException("broken"));

        await Assert.ThrowsAsync<InvalidDataException>(() => hanging.ReadAsync(node, Key).WaitAsync(Patience, Ct));

        hanging.End();
    }

    [Fact]
    public async Task Overdue_run_of_one_node_does_not_hold_up_another()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        var hanging = new Hanging(hangs: 1);
        var first = hanging.ReadAsync(a, Key);
        await hanging.Entered(1);

        Assert.Equal(
            "value", await b.ReadAsync(Key, () => "value", CacheNode.Report).AsTask().WaitAsync(Patience, Ct));

        // The successor on the first node finds the value of the other, or makes one at the same time.
        Assert.StartsWith("value", await first.WaitAsync(Patience, Ct), StringComparison.Ordinal);
        hanging.End();
    }

    [Fact]
    public void Deadline_outside_its_range_is_refused_naming_the_policy()
    {
        foreach (var deadline in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.MaxValue })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
                new CachePolicy("p:{tenant}", TimeSpan.FromMinutes(1), TimeSpan.Zero) { Deadline = deadline });
            Assert.Contains("p:{tenant}", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A factory whose first runs ignore their token and do not end before the test does.</summary>
    private sealed class Hanging(int hangs = 1, Exception? failure = null)
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public Task AllEnded => _allEnded.Task;

        public Task Entered(int _) => _entered.Task.WaitAsync(Patience, Ct);

        public void End() => _end.TrySetResult();

        public Task<string?> ReadAsync(
            CacheNode node, string key, CachePolicy? policy = null, CancellationToken? ct = null) =>
            node.Cache.GetOrCreateAsync<Hanging, string?>(
                key, this, static async (hanging, _, _) =>
                {
                    var run = Interlocked.Increment(ref hanging._runs);
                    hanging._entered.TrySetResult();
                    if (run <= hanging._hangs)
                    {
                        await hanging._end.Task;
                        hanging._allEnded.TrySetResult();
                    }
                    else if (hanging._failure is { } failure)
                    {
                        throw failure;
                    }
                    return $"value of run {run}";
                }, policy ?? CacheNode.Report, ct ?? Ct).AsTask();

        private readonly int _hangs = hangs;
        private readonly Exception? _failure = failure;
    }
}
