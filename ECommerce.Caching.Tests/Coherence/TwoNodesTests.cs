namespace ECommerce.Caching.Tests.Coherence;

/// <summary>What one node stores or drops, the other one sees.</summary>
public class TwoNodesTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly string OrderKey = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_second_node_reads_from_redis_and_then_from_memory()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);

        await one.ReadAsync(Key, () => "value");

        Assert.Equal("value", await two.ReadAsync(Key, () => "factory must not run"));
        Assert.Equal(1, two.Count("cache_hit_total", "cache_layer=redis"));
        Assert.Equal("value", await two.ReadAsync(Key, () => "factory must not run"));
        Assert.Equal(1, two.Count("cache_hit_total", "cache_layer=memory"));
    }

    [Fact]
    public async Task A_removed_tag_reaches_the_other_node()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        await two.ReadAsync(Key, () => "old");

        await two.Cache.RemoveByTagAsync(CacheNode.Product.All("acme"), Ct);

        // At once: the removal completed when the other node had applied it.
        Assert.Equal("new", await one.ReadAsync(Key, () => "new"));
        Assert.Equal("new", await two.ReadAsync(Key, () => "factory must not run"));
    }

    [Fact]
    public async Task A_value_that_is_set_replaces_what_the_other_node_has()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        await two.ReadAsync(Key, () => "old");

        await one.Cache.SetAsync<string?>(Key, "set", CacheNode.Product.Options, cancellationToken: Ct);

        Assert.Equal("set", await two.ReadAsync(Key, () => "factory must not run"));
        Assert.Equal("set", await one.ReadAsync(Key, () => "factory must not run"));
    }

    [Fact]
    public async Task A_removed_key_reaches_the_other_node_though_it_never_reaches_redis()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(OrderKey, () => "old", CacheNode.Order);
        await two.ReadAsync(OrderKey, () => "old", CacheNode.Order);

        await two.Cache.RemoveAsync(OrderKey, Ct);

        Assert.Equal("new", await one.ReadAsync(OrderKey, () => "new", CacheNode.Order));
        Assert.Equal("new", await two.ReadAsync(OrderKey, () => "new", CacheNode.Order));
    }

    [Fact]
    public async Task A_dependency_found_while_loading_drops_the_entry_on_all_nodes()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        gate.Open();
        await gate.ReadAsync(one, Key, "old", Ct, dependsOn: "brands:acme");
        Assert.Equal("old", await two.ReadAsync(Key, () => "factory must not run"));

        await one.Cache.RemoveByTagAsync("brands:acme", Ct);

        Assert.Equal("new", await one.ReadAsync(Key, () => "new"));
        Assert.Equal("new", await two.ReadAsync(Key, () => "the other node takes it from Redis"));
    }

    [Fact]
    public async Task A_tenants_tag_leaves_other_tenants_alone()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        var foreign = CacheNode.Product.Key("globex", 1);
        await node.ReadAsync(Key, () => "acme");
        await node.ReadAsync(foreign, () => "globex");

        await node.Cache.RemoveByTagAsync(CacheTags.Tenant("acme"), Ct);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        Assert.Equal("globex", await node.ReadAsync(foreign, () => "factory must not run"));
    }
}
