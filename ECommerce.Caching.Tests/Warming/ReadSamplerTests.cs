using ECommerce.Caching.Warming;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Warming;

public sealed class ReadSamplerTests
{
    [Fact]
    public async Task Keys_read_from_memory_since_the_last_sample_are_taken_once()
    {
        await using var node = await CacheNode.StartAsync(null);
        var sampler = node.Services.GetRequiredService<IReadSampler>();
        await node.ReadAsync("product:acme:1", () => "filled and read", CacheNode.Product);
        await node.ReadAsync("product:acme:1", () => "", CacheNode.Product);
        await node.ReadAsync("product:acme:2", () => "only filled", CacheNode.Product);

        var first = sampler.Take();
        var second = sampler.Take();
        await node.ReadAsync("product:acme:2", () => "", CacheNode.Product);
        var third = sampler.Take();

        Assert.Equal([new SampledRead("product:{tenant}:{id}", "acme", "product:acme:1")], first);
        Assert.Empty(second);
        Assert.Equal(["product:acme:2"], third.Select(read => read.Key));
    }

    [Fact]
    public async Task Sample_takes_no_mark_of_eviction_away()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_MAX_MEM_ITEMS", "2"));
        await node.ReadAsync("product:acme:1", () => "read", CacheNode.Product);
        await node.ReadAsync("product:acme:1", () => "", CacheNode.Product);
        await node.ReadAsync("product:acme:2", () => "not read", CacheNode.Product);

        _ = node.Services.GetRequiredService<IReadSampler>().Take();
        await node.ReadAsync("product:acme:3", () => "needs room", CacheNode.Product);

        Assert.Equal("read", await node.ReadAsync("product:acme:1", () => "made again", CacheNode.Product));
    }

    [Fact]
    public async Task Keys_of_one_user_and_keys_without_a_policy_are_not_sampled()
    {
        await using var node = await CacheNode.StartAsync(null);
        foreach (var (key, policy) in ((string, CachePolicy)[])
            [("basket:acme:7:1", CacheNode.Basket), ("visit:acme:1", CacheNode.Session)])
        {
            await node.ReadAsync(key, () => "value", policy);
            await node.ReadAsync(key, () => "value", policy);
        }
        for (var i = 0; i < 2; i++)
        {
            await node.Cache.GetOrCreateAsync(
                "anything", static _ => new ValueTask<int>(1),
                cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            ["visit:acme:1"],
            node.Services.GetRequiredService<IReadSampler>().Take().Select(read => read.Key));
    }

    [Theory]
    [InlineData("hybrid", "true", 1000)]
    [InlineData("redis", "true", 0)]
    [InlineData("hybrid", "false", 0)]
    public async Task Node_without_a_memory_has_nothing_to_sample(string backend, string enabled, int items)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(
            redis, ("CACHE_BACKEND", backend), ("CACHE_ENABLED", enabled));

        Assert.Equal(items, node.Services.GetRequiredService<IReadSampler>().MaxItems);
    }
}
