using ECommerce.Caching.Coherence;
using ECommerce.Caching.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>Redis has forgotten which nodes there are: a writer does not believe that it waited for all.</summary>
public class LostRegistrationTests : RedisTests
{
    private static readonly string Key = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_writer_that_is_not_registered_itself_is_deferred()
    {
        // With the heartbeat of its start alone, so that it does not register again.
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartWithAsync(
            redis.Connect, services => services.AddSingleton<TimeProvider>(new ManualTime()));
        using var client = redis.Connect();
        Assert.Equal(InvalidationOutcome.Applied, await node.Invalidator.InvalidateAsync([Key], Ct));

        await client.GetDatabase().KeyDeleteAsync(RedisNames.Default.Nodes);

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync([Key], Ct));
    }

    [Fact]
    public async Task Writes_are_deferred_until_every_node_that_Redis_forgot_has_registered_again()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        Assert.Equal(InvalidationOutcome.Applied, await node.Invalidator.InvalidateAsync([Key], Ct));

        await db.KeyDeleteAsync([RedisNames.Default.Nodes, RedisNames.Default.Run]);
        await Eventually.TrueAsync(
            async () => await db.SortedSetScoreAsync(
                RedisNames.Default.Nodes, node.Services.GetRequiredService<Backplane>().Node) is not null,
            "this node has registered again");

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync([Key], Ct));
        await Eventually.TrueAsync(
            async () => await node.Invalidator.InvalidateAsync([Key], Ct) == InvalidationOutcome.Applied,
            "by then the others have registered, or their leases have ended");
    }

    [Fact]
    public async Task Numbers_of_messages_that_begin_again_raise_the_generation()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        for (var i = 0; i < 5; i++)
            await node.Invalidator.InvalidateAsync([Key], Ct);
        var generation = (long)await db.StringGetAsync(RedisNames.Default.Generation);

        // A message that is lost from now on would not be noticed: its number has been seen.
        await db.StringSetAsync(RedisNames.Default.Index, 1);

        await Eventually.TrueAsync(
            async () => (long)await db.StringGetAsync(RedisNames.Default.Generation) > generation,
            "nothing that was read before is used");
    }

    [Fact]
    public async Task The_first_of_several_nodes_that_had_all_lost_their_leases_raises_the_generation()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var generation = (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Generation);
        await one.ReadAsync(Key, () => "old", CacheNode.Order);
        await one.StoredAsync();

        await client.GetServer(client.GetEndPoints()[0]).ConfigSetAsync("maxmemory", "1");
        await one.UntilWithoutLeaseAsync();
        await two.UntilWithoutLeaseAsync();
        await client.GetServer(client.GetEndPoints()[0]).ConfigSetAsync("maxmemory", "0");
        await Eventually.TrueAsync(() => two.LeaseUntil() > two.Clock.Now, "it has a lease again");

        // What the other one could not invalidate meanwhile, Redis may not know of yet.
        Assert.True((long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Generation) > generation);
        Assert.Equal("new", await two.ReadAsync(Key, () => "new", CacheNode.Order));
    }

    [Fact]
    public async Task A_node_that_alone_lost_its_lease_raises_nothing()
    {
        var time = new ManualTime();
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartWithAsync(
            redis.Connect, services => services.AddSingleton<TimeProvider>(time));
        using var client = redis.Connect();
        var generation = (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Generation);

        two.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.True(two.LeaseUntil() <= two.Clock.Now);
        time.Advance(TimeSpan.FromMilliseconds(500));
        await Eventually.TrueAsync(() => two.LeaseUntil() > two.Clock.Now, "it has a lease again");

        Assert.Equal(generation, (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Generation));
    }
}
