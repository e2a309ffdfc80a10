using ECommerce.Caching.Coherence;
using ECommerce.Caching.Redis;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>Cut subscriptions, and a Redis that is not the one it was.</summary>
public class BackplaneConnectionTests
{
    private static readonly string Key = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_subscription_never_shows_what_was_removed_and_acknowledged()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var reader = await CacheNode.StartWithAsync(redis.Connect, MutePartitionedNodes.AddTo);
        await using var writer = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var version = 0;

        for (var round = 0; round < 20; round++)
        {
            await reader.ReadAsync(Key, () => $"{version}", CacheNode.Order);
            await client.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");
            version++;

            if (await writer.Invalidator.InvalidateAsync([Key], Ct) == InvalidationOutcome.Applied)
            {
                Assert.Equal($"{version}", await reader.ReadAsync(Key, () => $"{version}", CacheNode.Order));
            }
            else
            {
                await Eventually.TrueAsync(
                    async () => await reader.ReadAsync(Key, () => $"{version}", CacheNode.Order) == $"{version}",
                    "the lease has ended");
            }
        }
    }

    [Fact]
    public async Task Another_redis_process_with_the_old_data_is_not_trusted()
    {
        var product = CacheNode.Product.Key("acme", 1);
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await one.ReadAsync(product, () => "old");
        using (var client = redis.Connect())
            await client.GetDatabase().ExecuteAsync("SAVE");
        // The snapshot is older than this removal.
        await one.Cache.RemoveAsync(product, Ct);

        await redis.KillAsync();
        await redis.StartAgainAsync();

        await using var two = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await two.ReadAsync(product, () => "new"));
        Assert.Equal("new", await one.ReadAsync(product, () => "new"));
    }

    [Theory]
    [InlineData(RedisProtocol.Resp2, "pubsub")]
    [InlineData(RedisProtocol.Resp3, "pubsub")]
    [InlineData(RedisProtocol.Resp3, "normal")]
    public async Task A_cut_of_what_may_carry_messages_ends_the_lease_at_once(
        RedisProtocol protocol, string connections)
    {
        await using var redis = await RedisServer.StartAsync();
        // Time stands still: after the first heartbeat there is none.
        await using var node = await CacheNode.StartWithAsync(
            () => redis.Connect(protocol), services => services.AddSingleton<TimeProvider>(new ManualTime()));
        using var client = redis.Connect();
        var backplane = node.Services.GetRequiredService<Backplane>();
        Assert.NotEqual(0, backplane.LeaseUntil);

        await client.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", connections, "SKIPME", "yes");

        await Eventually.TrueAsync(
            () => backplane.LeaseUntil == 0, "the lease ends, since messages may be missed from now on");
    }

    [Fact]
    public async Task A_node_whose_own_channel_works_notices_that_the_channel_of_all_is_silent()
    {
        var product = CacheNode.Product.Key("acme", 1);
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(product, () => "old");

        await node.Services.GetRequiredService<IConnectionMultiplexer>().GetSubscriber()
            .UnsubscribeAsync(RedisNames.Default.Backplane);

        Assert.Equal(InvalidationOutcome.Deferred, await writer.Invalidator.InvalidateAsync([product], Ct));
        await Eventually.TrueAsync(
            async () => await node.ReadAsync(product, () => "new") == "new", "the message is found in the log");
        await Eventually.TrueAsync(
            async () => await writer.Invalidator.InvalidateAsync([product], Ct) == InvalidationOutcome.Applied,
            "the node has subscribed again");
    }

    [Fact]
    public async Task A_reply_over_a_connection_that_was_cut_meanwhile_is_not_used()
    {
        var product = CacheNode.Product.Key("acme", 1);
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var slow = new SlowRead(product);
        await using var node = await CacheNode.StartOnAsync(() => slow.Around(redis.Connect()));
        // Raised since the node follows the messages, so it needs no version from Redis.
        await writer.Invalidator.InvalidateAsync(["other"], Ct);
        await writer.ReadAsync(product, () => "old");
        var watch = node.Services.GetRequiredService<ConnectionMonitor>();
        var epoch = watch.Epoch;
        var reading = node.ReadAsync(product, () => "new").AsTask();
        await slow.Replied;

        // What comes after the cut may be another Redis, which has nothing.
        await client.GetDatabase().KeyDeleteAsync(product);
        await client.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await Eventually.TrueAsync(() => watch.Epoch != epoch, "the cut is noticed");
        slow.LetThrough();

        Assert.Equal("new", await reading);
    }

    [Fact]
    public async Task After_a_cut_redis_is_not_trusted_before_a_heartbeat_has_looked_at_it()
    {
        await using var redis = await RedisServer.StartAsync();
        // Time stands still: after the first heartbeat there is none.
        await using var node = await CacheNode.StartWithAsync(
            redis.Connect, services => services.AddSingleton<TimeProvider>(new ManualTime()));
        using var client = redis.Connect();
        var (watch, layer) =
            (node.Services.GetRequiredService<ConnectionMonitor>(), node.Services.GetRequiredService<RedisLayer>());
        var epoch = watch.Epoch;
        Assert.True(layer.IsTrusted);

        await client.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await Eventually.TrueAsync(
            () => watch.Epoch != epoch && node.Services.GetRequiredService<IConnectionMultiplexer>().IsConnected,
            "it has connected again");

        Assert.False(layer.IsTrusted);
    }

    [Fact]
    public async Task A_node_that_was_left_unsubscribed_subscribes_again_by_itself()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var backplane = node.Services.GetRequiredService<Backplane>();

        // Redis cuts it off, and when it comes again it may not subscribe; the client takes that for done.
        await client.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "resetchannels");
        await Eventually.TrueAsync(() => backplane.LeaseUntil < node.Clock.Now, "it receives nothing");
        await client.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "allchannels");

        await Eventually.TrueAsync(() => backplane.LeaseUntil > node.Clock.Now, "it receives messages again");
    }
}
