namespace ECommerce.Caching.Tests.Policies;

public class AcceptTests : RedisTests
{
    private static readonly string Key = CacheNode.Page.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_value_goes_to_its_caller_and_is_stored_nowhere()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();

        Assert.Equal("<html>error", await node.ReadAsync(Key, () => "<html>error", CacheNode.Page));

        Assert.Equal(0, node.Memory.Count);
        Assert.False(await client.GetDatabase().KeyExistsAsync(Key));
        Assert.Equal("good", await node.ReadAsync(Key, () => "good", CacheNode.Page));
        Assert.Equal("good", await node.ReadAsync(Key, () => "factory must not run", CacheNode.Page));
    }

    [Fact]
    public async Task Setting_a_refused_value_leaves_nothing_behind()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "good", CacheNode.Page);

        await node.Cache.SetAsync(Key, "<html>error", CacheNode.Page.Options, cancellationToken: Ct);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new", CacheNode.Page));
    }

    [Fact]
    public async Task A_null_is_asked_about_too()
    {
        await using var node = await CacheNode.StartAsync(null);

        Assert.Null(await node.ReadAsync(Key, () => null, CacheNode.Page));

        Assert.Null(await node.ReadAsync(Key, () => "factory must not run", CacheNode.Page));
    }

    [Fact]
    public void A_policy_without_a_predicate_accepts_everything() => Assert.Null(CacheNode.Product.Accept);
}
