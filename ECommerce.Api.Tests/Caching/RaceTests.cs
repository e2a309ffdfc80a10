using ECommerce.Caching;

namespace ECommerce.Api.Tests.Caching;

/// <summary>Interleavings that a loaded system meets now and then, and a test must not leave to chance.</summary>
public class RaceTests : RedisTests
{
    private const string Customer = "customer:acme:42";
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_of_redis_that_was_overtaken_on_its_way_is_not_kept()
    {
        await using var redis = await StartRedisAsync();
        var slow = new SlowRead(Key);
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartOnAsync(() => slow.Around(redis.Connect()));
        await writer.ReadAsync(Key, () => "old");

        var reading = reader.ReadAsync(Key, () => "new").AsTask();
        await slow.Answered;
        Assert.Equal(InvalidationOutcome.Applied, await writer.Invalidator.InvalidateAsync([Key], Ct));
        slow.LetThrough();
        await reading;

        Assert.Equal("new", await reader.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_caller_who_comes_between_two_drops_of_a_late_dependency_does_not_get_the_old_value()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var before = gate.ReadAsync(node, Key, "old", Ct, dependsOn: Customer);
        await gate.Entered;

        await node.Cache.RemoveByTagAsync(Customer, Ct);
        var after = node.ReadAsync(Key, () => "new").AsTask();
        await Eventually.TrueAsync(() => node.Count("cache_single_flight_joined_total") == 1, "the later caller has joined");
        await node.Cache.RemoveByTagAsync(Customer, Ct);
        gate.Open();

        Assert.Equal("old", await before);
        Assert.Equal("new", await after);
    }

    [Fact]
    public async Task What_was_read_before_a_late_dependency_moved_says_that_it_was()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var gate = new Gate();
        var trace = CacheTrace.Begin();
        var reading = gate.ReadAsync(node, Key, "old", Ct, dependsOn: Customer);
        await gate.Entered;

        // Another node has raised the version, and its message is still on its way.
        var raised = (long)await db.StringGetAsync(ClusterScripts.SequenceKey) + 1_000_000;
        await db.StringSetAsync(RedisLayer.VersionKey(Customer), raised);
        gate.Open();
        await reading;

        // A response built from it would stand in Redis as one of after the raise.
        Assert.InRange(Assert.Single(trace.Stamps, stamp => stamp.State.Name == Customer).Sequence, 1, raised - 1);
    }

    [Fact]
    public async Task Joining_a_flight_that_is_learning_its_versions_does_not_fail()
    {
        var tags = new TagTable();
        using var held = new HeldTags(tags);
        for (var i = 0; i < 5; i++)
            held.Add($"t{i}");
        var flight = new Flight<string>(tags, held, new CacheClock());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var learning = Task.Run(() =>
        {
            while (!enough.IsCancellationRequested)
                held.Stamp(0);
        }, Ct);

        await Task.Run(() =>
        {
            for (var i = 0; i < 300_000; i++)
                Assert.True(flight.TryJoin());
        }, Ct);

        await enough.CancelAsync();
        await learning;
    }

    [Fact]
    public void Reads_of_one_request_may_run_side_by_side()
    {
        var policy = new PolicyState("p", null, TimeSpan.FromMinutes(1), TimeSpan.Zero, true, 0, []);
        var entries = Enumerable.Range(0, 200)
            .Select(i => new CacheEntry<string>("", $"k{i}", policy, [new TagStamp(new TagState($"t{i}"), 1)], 0, 0, long.MaxValue, long.MaxValue, 10)).ToArray();

        for (var round = 0; round < 50; round++)
        {
            var trace = new CacheTrace();
            Parallel.ForEach(entries, new ParallelOptions { MaxDegreeOfParallelism = 4 }, entry => trace.Read(entry, CacheOutcome.Memory));
            Assert.Equal(entries.Length, trace.Stamps.Select(stamp => stamp.State.Name).Distinct().Count());
        }
    }

    [Fact]
    public void Dependencies_may_be_found_side_by_side()
    {
        for (var round = 0; round < 500; round++)
        {
            var context = new CacheEntryContext();
            Parallel.For(0, CacheTags.MaximumPerEntry, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => context.DependsOn($"t{i}"));
            Assert.Equal(CacheTags.MaximumPerEntry, context.Tags.Distinct().Count());
        }
    }

    [Fact]
    public async Task A_drop_with_a_lower_version_is_a_drop_too()
    {
        await using var node = await CacheNode.StartAsync(null);
        node.Tags.Drop(Key, 1000);
        await node.ReadAsync(Key, () => "old");

        // After a fail-over to a Redis whose clock is behind and that has lost the last numbers.
        node.Tags.Drop(Key, 900);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }
}
