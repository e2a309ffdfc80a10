namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>Keys of a batch beside other callers, failures and invalidations: each has a run of its own.</summary>
public class BatchSingleFlightTests : RedisTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_that_another_caller_loads_is_joined_and_the_others_are_loaded_meanwhile()
    {
        await using var node = await CacheNode.StartAsync(null);
        var (gate, source) = (new Gate(), new BatchSource());
        var single = gate.ReadAsync(node, Key(1), "single", Ct);
        await gate.Entered;

        var batch = source.ReadAsync(node, Keys(1, 3));

        await source.Entered;
        await Eventually.TrueAsync(
            async () => (await node.Cache.TryGetAsync<string>(Key(2), Ct)).Found, "the others are stored");
        Assert.False(batch.IsCompleted);
        gate.Open();
        Assert.Equal(["single", "2 of call 1", "3 of call 1"], await batch.WaitAsync(Patience, Ct));
        Assert.Equal("single", await single);
        Assert.Equal(Keys(2, 2), Assert.Single(source.Calls));
    }

    [Fact]
    public async Task Batches_that_share_keys_load_each_key_once()
    {
        await using var node = await CacheNode.StartAsync(null);
        var source = new BatchSource(isOpen: false);
        var first = source.ReadAsync(node, Keys(1, 6));
        await source.Entered;
        var second = source.ReadAsync(node, [.. Keys(4, 6).Reverse()]);
        var single = node.ReadAsync(Key(5), () => "factory must not run").AsTask();

        source.Open();

        Assert.Equal("5 of call 1", await single.WaitAsync(Patience, Ct));
        Assert.Equal("6 of call 1", (await first.WaitAsync(Patience, Ct))[5]);
        Assert.Equal("6 of call 1", (await second.WaitAsync(Patience, Ct))[3]);
        Assert.Equal([Keys(1, 6), [.. Keys(7, 3).Reverse()]], source.Calls);
    }

    [Fact]
    public async Task Key_that_another_node_loads_is_waited_for_and_not_loaded_again()
    {
        await using var redis = await StartRedisAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        await GiveTagsVersionsAsync(a);
        var (of, source) = (new BatchSource(isOpen: false), new BatchSource());
        var first = of.ReadAsync(a, Keys(1, 3));
        await of.Entered;

        var second = source.ReadAsync(b, Keys(2, 3));

        await source.Entered;
        Assert.Equal([Key(4)], Assert.Single(source.Calls));
        of.Open();
        Assert.Equal(["2 of call 1", "3 of call 1", "4 of call 1"], await second.WaitAsync(Patience, Ct));
        await first;
        Assert.Single(source.Calls);
    }

    [Fact]
    public async Task Keys_that_another_node_failed_to_load_are_loaded_here()
    {
        await using var redis = await StartRedisAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        await GiveTagsVersionsAsync(a);
        var of = new BatchSource(isOpen: false) { Failure = new InvalidDataException("dead") };
        var source = new BatchSource();
        var first = of.ReadAsync(a, Keys(1, 3));
        await of.Entered;
        var second = source.ReadAsync(b, Keys(1, 4));
        await source.Entered;

        of.Open();

        await Assert.ThrowsAsync<InvalidDataException>(() => first.WaitAsync(Patience, Ct));
        Assert.Equal(4, (await second.WaitAsync(Patience, Ct)).Count);
        Assert.Equal([Key(4)], source.Calls[0]);
        Assert.Equal(Keys(1, 3), source.Calls[1..].SelectMany(keys => keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Failure_of_a_batch_does_not_reach_a_caller_who_loads_one_of_its_keys_alone()
    {
        await using var node = await CacheNode.StartAsync(null);
        var source = new BatchSource(isOpen: false) { Failure = new InvalidDataException("one of them is bad") };
        var batch = source.ReadAsync(node, Keys(1, 3));
        await source.Entered;
        var single = node.ReadAsync(Key(2), () => "good").AsTask();
        await Eventually.TrueAsync(() => node.Count("cache_single_flight_joined_total") == 1, "the caller has joined");

        source.Open();

        await Assert.ThrowsAsync<InvalidDataException>(() => batch.WaitAsync(Patience, Ct));
        Assert.Equal("good", await single.WaitAsync(Patience, Ct));
        Assert.Equal("also good", await node.ReadAsync(Key(3), () => "also good"));
    }

    [Fact]
    public async Task Failure_of_a_joined_key_leaves_the_others_stored()
    {
        await using var node = await CacheNode.StartAsync(null);
        var (gate, source) = (new Gate(), new BatchSource());
        var single = gate.ReadAsync(node, Key(2), null, Ct, new InvalidDataException("dead"));
        await gate.Entered;
        var batch = source.ReadAsync(node, Keys(1, 3));
        await source.Entered;

        gate.Open();

        await Assert.ThrowsAsync<InvalidDataException>(() => batch.WaitAsync(Patience, Ct));
        await Assert.ThrowsAsync<InvalidDataException>(() => single);
        Assert.Equal("1 of call 1", await node.ReadAsync(Key(1), () => "factory must not run"));
        Assert.Equal("3 of call 1", await node.ReadAsync(Key(3), () => "factory must not run"));
    }

    [Fact]
    public async Task Key_invalidated_during_the_factory_is_not_stored_and_the_others_are()
    {
        await using var redis = await StartRedisAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        await GiveTagsVersionsAsync(a);
        var source = new BatchSource(isOpen: false);
        var before = source.ReadAsync(a, Keys(1, 3));
        await source.Entered;

        await b.Invalidator.InvalidateAsync([Key(2)], Ct);
        var after = source.ReadAsync(a, Keys(1, 3));
        await Eventually.TrueAsync(() => source.Calls.Length == 2, "the later caller loads the invalidated key");
        source.Open();

        Assert.Equal(["1 of call 1", "2 of call 1", "3 of call 1"], await before.WaitAsync(Patience, Ct));
        Assert.Equal(["1 of call 1", "2 of call 2", "3 of call 1"], await after.WaitAsync(Patience, Ct));
        Assert.Equal([Key(2)], source.Calls[1]);
        await a.StoredAsync();
        Assert.Equal("2 of call 2", await a.ReadAsync(Key(2), () => "factory must not run"));
        Assert.Equal("2 of call 2", await b.ReadAsync(Key(2), () => "factory must not run"));
        Assert.Equal("1 of call 1", await b.ReadAsync(Key(1), () => "factory must not run"));
    }

    [Fact]
    public async Task Invalidation_of_a_dependency_found_while_loading_makes_a_later_caller_run_again()
    {
        await using var node = await CacheNode.StartAsync(null);
        var source = new BatchSource(isOpen: false)
        {
            Decides = static context => context.DependsOn(context.Keys[0], "customer:acme:7"),
        };
        var before = source.ReadAsync(node, Keys(1, 2));
        await source.Entered;
        await node.Invalidator.InvalidateAsync(["customer:acme:7"], Ct);

        var after = source.ReadAsync(node, Keys(1, 2));
        source.Open();

        Assert.Equal("1 of call 1", (await before.WaitAsync(Patience, Ct))[0]);
        Assert.Equal(["1 of call 2", "2 of call 1"], await after.WaitAsync(Patience, Ct));
    }

    [Fact]
    public async Task Factory_goes_on_for_a_joined_key_when_the_caller_of_the_batch_leaves()
    {
        await using var node = await CacheNode.StartAsync(null);
        using var leaving = new CancellationTokenSource();
        var source = new BatchSource(isOpen: false);
        var batch = source.ReadAsync(node, Keys(1, 3), token: leaving.Token);
        await source.Entered;
        var joined = node.ReadAsync(Key(3), () => "factory must not run").AsTask();

        await leaving.CancelAsync();
        var left = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch);
        source.Open();

        Assert.Equal(leaving.Token, left.CancellationToken);
        Assert.Equal("3 of call 1", await joined.WaitAsync(Patience, Ct));
    }

    [Fact]
    public async Task Factory_is_cancelled_when_the_last_caller_of_all_its_keys_leaves()
    {
        await using var node = await CacheNode.StartAsync(null);
        using var leaving = new CancellationTokenSource();
        var source = new BatchSource(isOpen: false);
        var batch = source.ReadAsync(node, Keys(1, 3), token: leaving.Token);
        await source.Entered;

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch);
        await source.Stopped;
        Assert.Equal("fresh", await node.ReadAsync(Key(1), () => "fresh"));
    }

    [Fact]
    public async Task Overdue_keys_have_one_successor_together()
    {
        await using var node = await CacheNode.StartAsync(null);
        var source = new BatchSource(isOpen: false);

        var read = source.ReadAsync(
            node, [.. Enumerable.Range(1, 3).Select(static id => CacheNode.Report.Key("acme", id))], CacheNode.Report);
        await source.Stopped;
        source.Open();

        Assert.All(await read.WaitAsync(Patience, Ct), value => Assert.EndsWith("of call 2", value));
        Assert.Equal([3, 3], source.Calls.Select(keys => keys.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Factory_that_reads_one_of_its_own_keys_throws_naming_it(int own)
    {
        await using var node = await CacheNode.StartAsync(null);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            node.Cache.GetOrCreateManyAsync<CacheNode, string?>(
                Keys(1, 2), node, async (node, keys, _) =>
                {
                    await node.ReadAsync(Key(own), () => "factory must not run");
                    return keys.ToDictionary(static key => key, static _ => (string?)"value");
                }, CacheNode.Product.Options, cancellationToken: Ct).AsTask().WaitAsync(Patience, Ct));

        Assert.Contains(Key(own), error.Message, StringComparison.Ordinal);
    }

    // A tag that has none gets that of the first value stored with it, which makes what was read earlier unusable.
    private static async Task GiveTagsVersionsAsync(CacheNode node) => await node.ReadAsync(Key(99), () => "any");

    private static string Key(int id) => CacheNode.Product.Key("acme", id);

    private static string[] Keys(int first, int count) => [.. Enumerable.Range(first, count).Select(Key)];
}
