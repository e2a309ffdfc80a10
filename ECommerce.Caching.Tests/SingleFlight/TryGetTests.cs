namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>Look-ups without a factory.</summary>
public sealed class TryGetTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Key => CacheNode.Product.Key("acme", 1);

    [Fact]
    public async Task Key_that_no_layer_has_is_not_found_and_can_be_filled()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);

        Assert.Equal(default, await node.Cache.TryGetAsync<string>(Key, Ct));

        Assert.Equal("value", await node.ReadAsync(Key, () => "value"));
    }

    [Fact]
    public async Task Value_is_found_in_L1_and_by_another_node_in_Redis()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        await a.ReadAsync(Key, () => "value");

        Assert.Equal(new CacheLookup<string>(true, "value"), await a.Cache.TryGetAsync<string>(Key, Ct));
        Assert.Equal(new CacheLookup<string>(true, "value"), await b.Cache.TryGetAsync<string>(Key, Ct));
    }

    [Fact]
    public async Task Cached_null_is_found()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => null);

        Assert.Equal(new CacheLookup<string>(true, null), await node.Cache.TryGetAsync<string>(Key, Ct));
    }

    [Fact]
    public async Task Stale_value_is_found_and_an_invalidated_one_is_not()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "value");
        node.Clock.Advance(CacheNode.Product.Fresh + TimeSpan.FromSeconds(1));
        Assert.True((await node.Cache.TryGetAsync<string>(Key, Ct)).Found);

        await node.Cache.RemoveAsync(Key, Ct);

        Assert.False((await node.Cache.TryGetAsync<string>(Key, Ct)).Found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("line\nbreak")]
    public async Task Key_that_cannot_be_one_is_not_found(string key)
    {
        await using var node = await CacheNode.StartAsync(null);

        Assert.False((await node.Cache.TryGetAsync<string>(key, Ct)).Found);
    }

    [Fact]
    public async Task Lookup_of_a_miss_takes_no_fill_lock()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();

        await node.Cache.TryGetAsync<string>(Key, Ct);

        Assert.DoesNotContain(
            client.GetServers()[0].Keys(pattern: "*fl:*"),
            key => ((string)key!).Contains(Key, StringComparison.Ordinal));
    }
}
