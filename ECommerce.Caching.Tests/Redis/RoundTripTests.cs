using ECommerce.Caching.Coherence;
using ECommerce.Caching.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Redis;

/// <summary>
/// What is asked of Redis, and when: a look-up knows from the messages whether what it found is current.
/// </summary>
public class RoundTripTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_entry_made_since_the_node_follows_takes_one_call()
    {
        await using var redis = await StartRedisAsync();
        var calls = new CountedCalls();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        // Numbers are issued since the reader has begun to follow.
        await writer.Invalidator.InvalidateAsync(["other"], Ct);
        await writer.ReadAsync(Key, () => "value");
        calls.Clear();

        Assert.Equal("value", await reader.ReadAsync(Key, () => "factory must not run"));

        Assert.Equal(1, calls.Count);
    }

    [Fact]
    public async Task A_miss_takes_one_call_before_the_factory()
    {
        await using var redis = await StartRedisAsync();
        var calls = new CountedCalls();
        await using var node = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        calls.Clear();
        var before = 0;

        await node.ReadAsync(Key, () =>
        {
            before = calls.Count;
            return "value";
        });

        Assert.Equal(1, before);
    }

    /// <summary>The calls of a store whose three tags have no versions.</summary>
    internal virtual string[] StoreScripts => [EntryScripts.Store];

    [Fact]
    public async Task A_store_is_one_call_which_gives_the_tags_their_versions()
    {
        await using var redis = await StartRedisAsync();
        var calls = new CountedCalls();
        await using var node = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        calls.Clear();

        await node.ReadAsync(Key, () => "value");

        Assert.Equal([EntryScripts.Lookup, .. StoreScripts], calls.Scripts);
        using var client = redis.Connect();
        foreach (var tag in (string[])[Key, CacheNode.Product.All("acme"), CacheTags.Tenant("acme")])
            Assert.True(await client.GetDatabase().KeyExistsAsync(RedisNames.Default.Version(tag)), tag);
    }

    [Fact]
    public async Task A_refresh_takes_one_call_before_the_factory()
    {
        await using var redis = await StartRedisAsync();
        var calls = new CountedCalls();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var node = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        using var client = redis.Connect();
        // Numbers are issued since the node has begun to follow.
        await writer.Invalidator.InvalidateAsync(["other"], Ct);
        await writer.ReadAsync(Key, () => "old");
        // Fresh time is over, stale time is not, and memory has nothing.
        await client.GetDatabase().KeyExpireAsync(Key, CacheNode.Product.Stale - TimeSpan.FromMinutes(1));
        calls.Clear();
        var before = new TaskCompletionSource<int>();

        Assert.Equal("old", await node.ReadAsync(Key, () =>
        {
            before.TrySetResult(calls.Count);
            return "new";
        }));

        // One for the value, and one for the refresh.
        Assert.Equal(2, await before.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct));
    }

    [Fact]
    public async Task A_value_after_which_a_tag_was_dropped_costs_no_second_look()
    {
        await using var redis = await StartRedisAsync();
        var calls = new CountedCalls();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        await writer.ReadAsync(Key, () => "old");
        await writer.Invalidator.InvalidateAsync([CacheNode.Product.All("acme")], Ct);
        calls.Clear();
        var before = 0;

        await reader.ReadAsync(Key, () =>
        {
            before = calls.Count;
            return "new";
        });

        Assert.Equal(1, before);
    }

    [Fact]
    public async Task An_entry_from_before_the_node_followed_is_compared_with_the_versions_in_redis()
    {
        await using var redis = await StartRedisAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await writer.ReadAsync(Key, () => "value");
        var calls = new CountedCalls();
        await using var reader = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        calls.Clear();

        Assert.Equal("value", await reader.ReadAsync(Key, () => "factory must not run"));

        Assert.True(calls.Count > 1);
    }

    [Fact]
    public async Task A_value_made_after_a_node_began_to_follow_has_a_higher_number_without_an_invalidation()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();

        Assert.InRange(
            node.Services.GetRequiredService<Backplane>().FollowedFrom, 1, (long)await client.GetDatabase()
            .StringGetAsync(RedisNames.Default.Sequence) - 1);
    }
}
