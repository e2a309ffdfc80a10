using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>Interleavings that a loaded system meets now and then, and a test must not leave to chance.</summary>
public class RaceTests : RedisTests
{
    private const string Customer = "customer:acme:42";
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_of_redis_that_was_overtaken_on_its_way_is_not_stored()
    {
        await using var redis = await StartRedisAsync();
        var slow = new SlowRead(Key);
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartOnAsync(() => slow.Around(redis.Connect()));
        await writer.ReadAsync(Key, () => "old");

        var reading = reader.ReadAsync(Key, () => "new").AsTask();
        await slow.Replied;
        Assert.Equal(InvalidationOutcome.Applied, await writer.Invalidator.InvalidateAsync([Key], Ct));
        slow.LetThrough();
        await reading;

        Assert.Equal("new", await reader.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task An_entry_that_was_overtaken_while_its_versions_were_asked_for_is_not_kept()
    {
        await using var redis = await StartRedisAsync();
        var slow = new SlowRead(RedisNames.Default.Version(Key));
        await using var writer = await CacheNode.StartAsync(redis);
        await writer.ReadAsync(Key, () => "old");
        // It has not followed since then, so it must ask.
        await using var reader = await CacheNode.StartOnAsync(() => slow.Around(redis.Connect()));

        var reading = reader.ReadAsync(Key, () => "new").AsTask();
        await slow.Replied;
        Assert.Equal(InvalidationOutcome.Applied, await writer.Invalidator.InvalidateAsync([Key], Ct));
        slow.LetThrough();
        await reading;

        Assert.Equal("new", await reader.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_caller_between_two_drops_of_a_late_dependency_does_not_get_the_old_value()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var before = gate.ReadAsync(node, Key, "old", Ct, dependsOn: Customer);
        await gate.Entered;

        await node.Cache.RemoveByTagAsync(Customer, Ct);
        var after = node.ReadAsync(Key, () => "new").AsTask();
        await Eventually.TrueAsync(
            () => node.Count("cache_single_flight_joined_total") == 1, "the later caller has joined");
        await node.Cache.RemoveByTagAsync(Customer, Ct);
        gate.Open();

        Assert.Equal("old", await before);
        Assert.Equal("new", await after);
    }

    [Fact]
    public async Task A_value_read_before_a_late_dependency_was_raised_keeps_its_lower_number()
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
        var raised = (long)await db.StringGetAsync(RedisNames.Default.Sequence) + 1_000_000;
        await db.StringSetAsync(RedisNames.Default.Version(Customer), raised);
        // A heartbeat is faster, so the number is known before what it was drawn for.
        node.Services.GetRequiredService<HighWaterMark>().Observe(raised);
        gate.Open();
        await reading;

        // A response built from it would stand in Redis as one of after the raise.
        Assert.InRange(Assert.Single(trace.Stamps, stamp => stamp.State.Name == Customer).Sequence, 1, raised - 1);
    }

    [Fact]
    public async Task A_drop_before_the_source_is_read_does_not_overtake_its_value()
    {
        await using var redis = await StartRedisAsync();
        var slow = new SlowRead(Key);
        await using var node = await CacheNode.StartOnAsync(() => slow.Around(redis.Connect()));
        var reading = node.ReadAsync(Key, () => "value").AsTask();
        await slow.Replied;

        await node.Cache.RemoveAsync(Key, Ct);
        slow.LetThrough();

        Assert.Equal("value", await reading);
        Assert.Equal("value", await node.ReadAsync(Key, () => "factory must not run"));
    }

    [Fact]
    public async Task A_value_read_from_redis_between_the_local_drop_and_the_raise_goes_with_the_raise()
    {
        await using var redis = await StartRedisAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        await node.ReadAsync(Key, () => "old");
        var raise = new TaskCompletionSource();
        (faulty.Calls, faulty.Until) = (0, raise.Task);
        var dropping = node.Invalidator.InvalidateAsync([Key], Ct).AsTask();
        await Eventually.TrueAsync(() => faulty.Calls == 1, "the raise is on its way");
        faulty.Until = Task.CompletedTask;

        Assert.Equal("old", await node.ReadAsync(Key, () => "factory must not run"));
        raise.SetResult();
        Assert.Equal(InvalidationOutcome.Applied, await dropping);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_tag_that_was_dropped_and_whose_state_was_collected_since_is_asked_for_in_redis()
    {
        await using var redis = await StartRedisAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        // Numbers are issued since the reader has begun to follow, so it would know by itself.
        await writer.Invalidator.InvalidateAsync(["other"], Ct);
        var gate = new Gate();
        gate.Open();
        await gate.ReadAsync(writer, Key, "old", Ct, dependsOn: Customer);
        await writer.Cache.RemoveByTagAsync(Customer, Ct);

        reader.Tags.Collect(long.MaxValue, long.MaxValue);

        Assert.Equal("new", await reader.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_run_from_between_the_drop_and_the_set_does_not_replace_the_set_value()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var reading = Task.FromResult<string?>(null);
        var cache = new MultiLevelCache(
            node.Services.GetRequiredService<CacheEngine>(), new Afterwards(node.Invalidator, async () =>
        {
            reading = gate.ReadAsync(node, Key, "older", Ct);
            await gate.Entered;
        }));

        await cache.SetAsync<string?>(Key, "newer", CacheNode.Product.Options, cancellationToken: Ct).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(10), Ct);
        gate.Open();

        Assert.Equal("older", await reading);
        Assert.Equal("newer", await node.ReadAsync(Key, () => "factory must not run"));
    }

    [Fact]
    public async Task Joining_a_run_that_is_learning_its_versions_does_not_fail()
    {
        var tags = new TagTable();
        using var held = new TagSet(tags);
        for (var i = 0; i < 5; i++)
            held.Add($"t{i}");
        var run = new SingleFlight<string>("key", tags, held, new CacheClock(), new WaitGraph());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var learning = Task.Run(() =>
        {
            while (!enough.IsCancellationRequested)
                held.Stamp(0);
        }, Ct);

        await Task.Run(() =>
        {
            for (var i = 0; i < 300_000; i++)
                Assert.True(run.TryJoin());
        }, Ct);

        await enough.CancelAsync();
        await learning;
    }

    [Fact]
    public void Reads_of_one_request_may_run_side_by_side()
    {
        var policy = new PolicyState("p", null, TimeSpan.FromMinutes(1), TimeSpan.Zero, true, 0, []);
        var entries = Enumerable.Range(0, 200)
            .Select(i => new CacheEntry<string>(
                "", $"k{i}", policy, [new TagStamp(new TagState($"t{i}"), 1)], 0, 0, long.MaxValue, long.MaxValue, 10))
                .ToArray();

        for (var round = 0; round < 50; round++)
        {
            var trace = new CacheTrace();
            Parallel.ForEach(
                entries, new ParallelOptions { MaxDegreeOfParallelism = 4 }, entry =>
                trace.Read(entry, CacheOutcome.Memory));
            Assert.Equal(entries.Length, trace.Stamps.Select(stamp => stamp.State.Name).Distinct().Count());
        }
    }

    [Fact]
    public void Dependencies_may_be_found_side_by_side()
    {
        for (var round = 0; round < 500; round++)
        {
            var context = new CacheEntryContext();
            Parallel.For(
                0, CacheTags.MaximumPerEntry, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
                context.DependsOn($"t{i}"));
            Assert.Equal(CacheTags.MaximumPerEntry, context.Tags.Distinct().Count());
        }
    }

    [Fact]
    public async Task A_higher_version_that_is_found_in_redis_before_its_message_has_come_is_a_drop_too()
    {
        await using var node = await CacheNode.StartAsync(null);
        node.Tags.Drop(Key, 1000);
        await node.ReadAsync(Key, () => "old");

        node.Tags.Learn(node.Tags.Find(Key)!, 1001);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
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

    /// <summary>Does something else between an invalidation and its outcome.</summary>
    private sealed class Afterwards(ICacheInvalidator invalidator, Func<Task> andThen) : ICacheInvalidator
    {
        public async ValueTask<InvalidationOutcome> InvalidateAsync(
            IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default)
        {
            var outcome = await invalidator.InvalidateAsync(tags, cancellationToken);
            await andThen();
            return outcome;
        }

        public ValueTask<InvalidationOutcome> InvalidatePatternAsync(
            string pattern, CancellationToken cancellationToken = default) =>
            invalidator.InvalidatePatternAsync(pattern, cancellationToken);
    }
}
