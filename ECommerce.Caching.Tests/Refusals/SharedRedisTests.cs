using ECommerce.Caching.Inspection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Refusals;

/// <summary>Applications and environments on one Redis.</summary>
public class SharedRedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invalidation_in_one_database_drops_nothing_in_another()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var production = await StartAsync(redis, ",defaultDatabase=0");
        await using var staging = await StartAsync(redis, ",defaultDatabase=1");

        await AssertIsolatedAsync(production, staging);
    }

    [Theory]
    [InlineData("shop1", "shop2")]
    [InlineData("shop1:", "")]
    [InlineData("a", "a.b")]
    public async Task An_invalidation_under_one_key_prefix_drops_nothing_under_another(string one, string other)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await StartAsync(redis, "", one);
        await using var b = await StartAsync(redis, "", other);

        await AssertIsolatedAsync(a, b);
    }

    [Fact]
    public async Task Nodes_with_one_key_prefix_are_coherent_and_every_key_begins_with_it()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await StartAsync(redis, "", "shop1");
        await using var b = await StartAsync(redis, "", "shop1");
        await a.ReadAsync(Key, () => "old");
        Assert.Equal("old", await b.ReadAsync(Key, () => "other"));

        Assert.Equal(InvalidationOutcome.Applied, await a.Invalidator.InvalidateAsync([Key], Ct));
        Assert.Equal("new", await b.ReadAsync(Key, () => "new"));
        Assert.Equal(InvalidationOutcome.Applied, await a.Invalidator.InvalidatePatternAsync("product:*:1", Ct));
        Assert.Equal("newer", await b.ReadAsync(Key, () => "newer"));

        using var client = redis.Connect();
        var page = (RedisResult[])(await client.GetDatabase().ExecuteAsync("SCAN", "0", "COUNT", "10000"))!;
        var keys = (string[])page[1]!;
        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.StartsWith("shop1:", key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_are_listed_and_explained_without_their_prefix()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await StartAsync(redis, "", "shop1");
        await using var b = await StartAsync(redis, "", "shop1");
        await using var other = await StartAsync(redis, "", "shop2");
        await a.ReadAsync(Key, () => "value");
        await other.ReadAsync(CacheNode.Product.Key("acme", 2), () => "value");

        Assert.Equal([Key], (await b.KeysAsync("product:*")).Select(row => row.Key));
        Assert.Equal(RedisState.Fresh, (await b.Inspector.ExplainAsync(Key, Ct)).Redis.State);
    }

    [Theory]
    [InlineData(",channelPrefix=app1:", "")]
    [InlineData(",channelPrefix=app1:,defaultDatabase=3", "shop1")]
    public async Task A_channel_prefix_in_the_connection_string_keeps_nodes_coherent(string options, string prefix)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await StartAsync(redis, options, prefix);
        await using var b = await StartAsync(redis, options, prefix);
        await b.ReadAsync(Key, () => "old");

        Assert.Equal(InvalidationOutcome.Applied, await a.Invalidator.InvalidateAsync([Key], Ct));

        Assert.Equal("new", await b.ReadAsync(Key, () => "new"));
    }

    private static Task<CacheNode> StartAsync(RedisServer redis, string options, string prefix = "") =>
        CacheNode.StartOnAsync(
            () => ConnectionMultiplexer.Connect(redis.Configuration + options), ("CACHE_KEY_PREFIX", prefix));

    // The generation of one would be raised by a sequence that it sees in a message of the other.
    private static async Task AssertIsolatedAsync(CacheNode one, CacheNode other)
    {
        var runs = 0;
        for (var i = 0; i < 50; i++)
            await one.ReadAsync(CacheNode.Product.Key("acme", i), () => $"{++runs}");
        Assert.Equal("own", await other.ReadAsync(Key, () => "own"));

        Assert.Equal(InvalidationOutcome.Applied, await other.Invalidator.InvalidateAsync([Key, "tenant:acme"], Ct));
        Assert.Equal(InvalidationOutcome.Applied, await other.Invalidator.InvalidatePatternAsync("*:acme:?", Ct));
        Assert.Equal(InvalidationOutcome.Applied, await other.Invalidator.InvalidateAsync([CacheTags.Everything], Ct));
        var beats = one.LeaseUntil();
        await Eventually.TrueAsync(() => one.LeaseUntil() > beats + 1000, "two more heartbeats came back");

        for (var i = 0; i < 50; i++)
            await one.ReadAsync(CacheNode.Product.Key("acme", i), () => $"{++runs}");
        Assert.Equal(50, runs);
    }
}
