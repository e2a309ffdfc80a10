using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Http;

/// <summary>What a kept response inherits from the values it was built from.</summary>
public class OutputCacheStoreTests
{
    private static readonly string Data = CacheNode.Product.Key("acme", 1);
    private static readonly string Response = ResponseKey.Prefix + Data;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_response_in_redis_is_as_old_as_its_data_though_a_number_was_drawn_meanwhile()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var sequence = node.Services.GetRequiredService<HighWaterMark>();
        CacheTrace.Begin();
        await node.ReadAsync(Data, () => "value");
        var read = sequence.Last;

        // For an invalidation of the data, perhaps, whose message is still on its way.
        sequence.Observe(
            (long)await client.GetDatabase()
            .ScriptEvaluateAsync(ClusterScripts.Next, [RedisNames.Default.Sequence], [read]));
        await KeepAsync(node);

        Assert.True(EntryFormat.TryRead(
            (byte[])(await client.GetDatabase().StringGetAsync(Response))!, Response, out var stored));
        Assert.InRange(stored.Sequence, 1, read);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_response_is_invalidated_with_any_of_its_values(int dropped)
    {
        await using var node = await CacheNode.StartAsync(null);
        CacheTrace.Begin();
        for (var id = 1; id <= 2; id++)
            await node.ReadAsync(CacheNode.Product.Key("acme", id), () => "value");
        await KeepAsync(node);
        Assert.True(node.Memory.Peek(Response)!.IsCurrent(node.Tags));

        await node.Cache.RemoveAsync(CacheNode.Product.Key("acme", dropped), Ct);

        Assert.False(node.Memory.Peek(Response)!.IsCurrent(node.Tags));
    }

    [Fact]
    public async Task Without_a_key_a_response_with_a_sensitive_value_stays_in_memory()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        CacheTrace.Begin();
        await node.ReadAsync(Data, () => "value");
        await node.ReadAsync(CacheNode.Order.Key("acme", 1), () => "Rossi", CacheNode.Order);

        await KeepAsync(node);

        Assert.NotNull(node.Memory.Peek(Response));
        Assert.False(await client.GetDatabase().KeyExistsAsync(Response));
    }

    [Fact]
    public async Task A_response_is_not_read_from_redis_while_its_policy_is_off()
    {
        var list = CacheNode.ProductList.Key("acme", "q");
        var response = ResponseKey.Prefix + list;
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis, ("CACHE_LISTS_ENABLED", "false"));
        CacheTrace.Begin();
        await one.ReadAsync(list, () => "value", CacheNode.ProductList);
        await KeepAsync(one, response);

        Assert.Null(await StoreOf(two).GetAsync(response, Ct));
        await two.Flags.SetAsync("lists", true, Ct);
        Assert.NotNull(await StoreOf(two).GetAsync(response, Ct));
    }

    [Fact]
    public async Task A_response_without_cached_values_is_not_stored()
    {
        await using var node = await CacheNode.StartAsync(null);
        CacheTrace.Begin();

        await KeepAsync(node);

        Assert.Null(node.Memory.Peek(Response));
    }

    private static IOutputCacheStore StoreOf(CacheNode node) => node.Services.GetRequiredService<IOutputCacheStore>();

    private static async Task KeepAsync(CacheNode node, string? response = null) =>
        await StoreOf(node).SetAsync(response ?? Response, [1], null, TimeSpan.FromMinutes(1), Ct);
}
