namespace ECommerce.Caching.Tests.Tags;

/// <summary>An entry carries sixteen tags at most; what needs more takes a coarser one.</summary>
public class TagLimitTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The key, its tenant's part of the policy, the tenant and everything are four.
    [Theory]
    [InlineData(12, true)]
    [InlineData(13, false)]
    public async Task With_more_a_value_goes_to_its_caller_and_no_layer_has_it(int own, bool kept)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();

        Assert.Equal("value", await ReadAsync(node, own));
        await node.StoredAsync();

        Assert.Equal(kept ? 1 : 0, node.Memory.Count);
        Assert.Equal(kept, await client.GetDatabase().KeyExistsAsync(Key));
    }

    [Fact]
    public async Task A_factory_that_names_more_tags_fails()
    {
        await using var node = await CacheNode.StartAsync(null);

        var refused =
            await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(node, CacheTags.MaximumPerEntry + 1));

        Assert.Contains("coarser", refused.Message);
        Assert.Equal(0, node.Memory.Count);
    }

    private static Task<string> ReadAsync(CacheNode node, int own) =>
        node.Cache.GetOrCreateAsync(Key, own, static (count, context, _) =>
    {
        for (var i = 0; i < count; i++)
            context.DependsOn($"customer:acme:{i}");
        return new ValueTask<string>("value");
    }, CacheNode.Product, Ct).AsTask();
}
