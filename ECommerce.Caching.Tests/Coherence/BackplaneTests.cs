using ECommerce.Caching.Coherence;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>Acknowledged invalidations, missed messages, and a Redis that is not the one it was.</summary>
public class BackplaneTests : RedisTests
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("cache:backplane");
    private static readonly string Key = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invalidation_completes_when_every_live_node_has_applied_it()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartWithAsync(redis.Connect, MutePartitionedNodes.AddTo);
        await using var three = await CacheNode.StartWithAsync(redis.Connect, MutePartitionedNodes.AddTo);

        for (var round = 0; round < 200; round++)
        {
            await two.ReadAsync(Key, () => $"{round}", CacheNode.Order);
            await three.ReadAsync(Key, () => $"{round}", CacheNode.Order);

            Assert.Equal(InvalidationOutcome.Applied, await one.Invalidator.InvalidateAsync([Key], Ct));

            Assert.Equal($"{round + 1}", await two.ReadAsync(Key, () => $"{round + 1}", CacheNode.Order));
            Assert.Equal($"{round + 1}", await three.ReadAsync(Key, () => $"{round + 1}", CacheNode.Order));
            await two.Invalidator.InvalidateAsync([Key], Ct);
        }
    }

    [Fact]
    public async Task A_registered_node_that_does_not_acknowledge_makes_it_deferred()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await client.GetDatabase().SortedSetAddAsync(
            RedisNames.Default.Nodes, "hung", DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds());

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync([Key], Ct));

        await client.GetDatabase().SortedSetRemoveAsync(RedisNames.Default.Nodes, "hung");
        Assert.Equal(InvalidationOutcome.Applied, await node.Invalidator.InvalidateAsync([Key], Ct));
    }

    [Fact]
    public async Task A_node_that_has_unregistered_is_not_waited_for()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await (await CacheNode.StartAsync(redis)).DisposeAsync();

        Assert.Equal(InvalidationOutcome.Applied, await node.Invalidator.InvalidateAsync([Key], Ct));
    }

    [Fact]
    public async Task A_message_that_was_missed_is_found_in_the_log()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "old", CacheNode.Order);
        await node.ReadAsync(CacheNode.Order.Key("acme", 2), () => "kept", CacheNode.Order);
        using var client = redis.Connect();
        var db = client.GetDatabase();

        // What another node's publication leaves behind when the message itself is lost.
        // Its number is one that Redis has drawn: of a higher one than Redis knows the node would conclude that Redis
        // has forgotten it.
        var number = (long)await db.ScriptEvaluateAsync(ClusterScripts.Next, [RedisNames.Default.Sequence], [0]);
        await OtherNode.PublishInVainAsync(db, Key, number);

        await Eventually.TrueAsync(
            async () => await node.ReadAsync(Key, () => "new", CacheNode.Order) == "new",
            "the next heartbeat shows the gap");
        Assert.Equal("kept", await node.ReadAsync(CacheNode.Order.Key("acme", 2), () => "made anew", CacheNode.Order));
    }

    [Fact]
    public async Task A_gap_that_the_log_does_not_explain_drops_all_of_memory()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "old", CacheNode.Order);
        using var client = redis.Connect();

        await client.GetDatabase().StringIncrementAsync(RedisNames.Default.Index, 7);

        await Eventually.TrueAsync(
            async () => await node.ReadAsync(Key, () => "new", CacheNode.Order) == "new", "memory is dropped");
    }

    [Fact]
    public async Task The_lease_counts_from_when_the_heartbeat_was_sent_and_only_from_ones_own()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await StartWithoutHeartbeatsAsync(redis);
        await using var writer = await CacheNode.StartAsync(redis);
        var (backplane, sequence) =
            (node.Services.GetRequiredService<Backplane>(), node.Services.GetRequiredService<HighWaterMark>());
        using var client = redis.Connect();
        var index = (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Index);

        await client.GetSubscriber().PublishAsync(Channel, $"another\nheartbeat\n{index}\n7\n{sequence.Last}");
        await writer.Invalidator.InvalidateAsync([Key], Ct);
        Assert.NotEqual(2007, backplane.LeaseUntil);
        await client.GetSubscriber().PublishAsync(Channel, $"{backplane.Node}\nheartbeat\n{index}\n5\n{sequence.Last}");

        await Eventually.TrueAsync(() => backplane.LeaseUntil == 2005, "it has two seconds from the sending");
    }

    [Fact]
    public async Task A_redis_that_no_heartbeat_has_looked_at_for_two_seconds_is_not_trusted()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await StartWithoutHeartbeatsAsync(redis);

        await Eventually.TrueAsync(
            () => !node.Services.GetRequiredService<RedisLayer>().IsTrusted, "the only look was too long ago");
    }

    [Fact]
    public async Task After_a_silence_memory_is_dropped_though_nothing_is_known_to_be_missed()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await StartWithoutHeartbeatsAsync(redis);
        var (backplane, sequence) =
            (node.Services.GetRequiredService<Backplane>(), node.Services.GetRequiredService<HighWaterMark>());
        await node.ReadAsync(Key, () => "old", CacheNode.Order);
        using var client = redis.Connect();
        var index = (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Index);
        node.Clock.Advance(TimeSpan.FromSeconds(3));

        await client.GetSubscriber()
            .PublishAsync(Channel, $"{backplane.Node}\nheartbeat\n{index}\n{node.Clock.Now}\n{sequence.Last}");

        await Eventually.TrueAsync(() => backplane.LeaseUntil > node.Clock.Now, "it receives messages again");
        Assert.Equal("new", await node.ReadAsync(Key, () => "new", CacheNode.Order));
    }

    [Fact]
    public async Task A_sequence_lower_than_one_a_node_has_seen_raises_the_generation()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var generation = await db.StringGetAsync(RedisNames.Default.Generation);

        await db.StringSetAsync(RedisNames.Default.Sequence, 1);

        await Eventually.TrueAsync(
            async () => await db.StringGetAsync(RedisNames.Default.Generation) != generation,
            "the next heartbeat notices it");
    }

    [Fact]
    public async Task A_generation_that_is_missing_is_raised()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var generation = (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Generation);

        await client.GetDatabase().KeyDeleteAsync(RedisNames.Default.Generation);

        await Eventually.TrueAsync(
            async () => (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Generation) > generation,
            "the next heartbeat notices it");
    }

    [Fact]
    public async Task After_redis_forgot_messages_are_counted_anew()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        for (var i = 0; i < 5; i++)
            await node.Invalidator.InvalidateAsync([Key], Ct);
        await db.KeyDeleteAsync([RedisNames.Default.Index, RedisNames.Default.Log, RedisNames.Default.Generation]);
        var (backplane, last) =
            (node.Services.GetRequiredService<Backplane>(), node.Services.GetRequiredService<HighWaterMark>().Last);
        await Eventually.TrueAsync(() => backplane.FollowedFrom > last, "it follows that Redis from its beginning");

        // The first message of that Redis, and it is lost.
        await OtherNode.PublishInVainAsync(
            db, BackplaneCommands.Write("flag", "lists=off"),
            node.Services.GetRequiredService<HighWaterMark>().Last + 1);

        await Eventually.TrueAsync(() => node.Flags.All is [{ IsOn: false }], "it is found in the log all the same");
    }

    [Fact]
    public async Task A_node_whose_registration_has_expired_is_not_waited_for()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        await db.SortedSetAddAsync(
            RedisNames.Default.Nodes, "dead", DateTimeOffset.UtcNow.AddSeconds(-5).ToUnixTimeMilliseconds());

        // Where the machine has much to do, the node's own registration may end for a moment.
        await Eventually.TrueAsync(
            async () => await node.Invalidator.InvalidateAsync([Key], Ct) == InvalidationOutcome.Applied,
            "an invalidation is applied");
        Assert.NotNull(await db.SortedSetScoreAsync(RedisNames.Default.Nodes, "dead"));
    }

    [Fact]
    public async Task Messages_that_overtake_one_another_leave_no_gap()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await StartWithoutHeartbeatsAsync(redis);
        var (backplane, sequence) =
            (node.Services.GetRequiredService<Backplane>(), node.Services.GetRequiredService<HighWaterMark>());
        await node.ReadAsync(Key, () => "kept", CacheNode.Order);
        using var client = redis.Connect();
        var (subscriber, index, number) =
            (client.GetSubscriber(), (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Index),
            sequence.Last);
        var before = backplane.LeaseUntil;
        node.Clock.Advance(TimeSpan.FromMilliseconds(100));

        // Neither is in the log: a node that reads it finds that it does not reach back, and drops all of memory.
        await subscriber.PublishAsync(
            Channel, $"{backplane.Node}\nheartbeat\n{index + 2}\n{node.Clock.Now}\n{number + 1}");
        await Eventually.TrueAsync(() => sequence.Last == number + 1, "the heartbeat has come first");
        await subscriber.PublishAsync(Channel, $"other\n2\n{index + 2}\n{number + 2}\nsecond");
        await Eventually.TrueAsync(
            () => sequence.Last == number + 2, "the last message has come before the one before it");
        Assert.Equal(before, backplane.LeaseUntil);
        await subscriber.PublishAsync(Channel, $"other\n1\n{index + 1}\n{number + 3}\nfirst");

        await Eventually.TrueAsync(
            () => backplane.LeaseUntil > before, "the heartbeat counts as soon as nothing is missing");
        Assert.Equal("kept", await node.ReadAsync(Key, () => "factory must not run", CacheNode.Order));
    }

    [Fact]
    public async Task A_command_in_a_missed_message_is_found_in_the_log()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();

        await OtherNode.PublishInVainAsync(
            db, BackplaneCommands.Write("flag", "lists=off"),
            node.Services.GetRequiredService<HighWaterMark>().Last + 1);

        await Eventually.TrueAsync(() => node.Flags.All is [{ IsOn: false }], "it is off");
    }

    // Its first heartbeat is sent at the start.
    private static Task<CacheNode> StartWithoutHeartbeatsAsync(RedisServer redis) =>
        CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<TimeProvider>(new ManualTime()));
}
