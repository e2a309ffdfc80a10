using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Tags;

/// <summary>An entry carries 128 tags at most; what needs more takes a coarser one.</summary>
public class TagLimitTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The key, its tenant's part of the policy, the tenant and everything are four.
    [Theory]
    [InlineData(17, true)]
    [InlineData(124, true)]
    [InlineData(125, false)]
    [InlineData(1000, false)]
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
    public async Task Each_of_many_tags_drops_the_entry_on_both_nodes()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        foreach (var tag in (int[])[0, 16, 99])
        {
            await ReadAsync(a, 100);
            await ReadAsync(b, 100);
            Assert.Equal((1, 1), (a.Memory.Count, b.Memory.Count));

            await a.Invalidator.InvalidateAsync([$"customer:acme:{tag}"], Ct);

            Assert.Null(b.Services.GetRequiredService<MemoryEntryStore>().FindServable(Key));
        }
    }

    private static Task<string> ReadAsync(CacheNode node, int own) =>
        node.Cache.GetOrCreateAsync(Key, own, static (count, context, _) =>
    {
        for (var i = 0; i < count; i++)
            context.DependsOn($"customer:acme:{i}");
        return new ValueTask<string>("value");
    }, CacheNode.Product, Ct).AsTask();
}
