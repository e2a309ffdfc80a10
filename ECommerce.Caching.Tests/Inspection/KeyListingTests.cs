using ECommerce.Caching.Inspection;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Inspection;

/// <summary>The keys of a pattern, of memory and of Redis.</summary>
public class KeyListingTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly string OrderKey = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_are_found_in_memory_alone_in_redis_alone_and_in_both()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var (both, elsewhere) = (CacheNode.Product.Key("acme", 1), CacheNode.Product.Key("acme", 2));
        await one.ReadAsync(both, () => "value");
        await two.ReadAsync(elsewhere, () => "value");
        await one.ReadAsync(OrderKey, () => "sensitive, and there is no key", CacheNode.Order);
        await one.ReadAsync(CacheNode.Product.Key("globex", 1), () => "of another tenant");
        await client.GetDatabase().StringSetAsync("product:acme:8", "theirs");
        await client.GetDatabase().HashSetAsync("product:acme:9", "theirs", "too");

        var listing = one.Inspector.FindKeys("*:ac[l-n]e:?", cancellationToken: Ct);
        var rows = (await ListAsync(listing)).ToDictionary(row => row.Key);

        Assert.Equal([OrderKey, both, elsewhere], rows.Keys);
        Assert.Equal((RedisAvailability.Available, false), (listing.Redis, listing.MayHaveMore));
        Assert.True(
            rows[both] is
            {
                Memory: MemoryState.Fresh, InRedis: true, MemoryBytes: > 0, RedisBytes: > 0,
                Policy: "product:{tenant}:{id}"
            });
        Assert.True(
            rows[elsewhere] is
            {
                Memory: MemoryState.Absent, InRedis: true, MemoryBytes: null, RedisBytes: > 0,
                Policy: "product:{tenant}:{id}"
            });
        Assert.True(
            rows[OrderKey] is
            {
                Memory: MemoryState.Fresh, InRedis: false, MemoryBytes: > 0, RedisBytes: null,
                Policy: "order:{tenant}:{id}"
            });
        Assert.InRange(rows[elsewhere].FreshFor!.Value, TimeSpan.FromHours(5.9), TimeSpan.FromHours(6));
        Assert.InRange(rows[elsewhere].LivesFor!.Value, TimeSpan.FromHours(6.2), TimeSpan.FromHours(6.25));
        Assert.InRange(rows[OrderKey].FreshFor!.Value, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task A_listing_ends_at_its_limit_and_reports_that_there_may_be_more()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        for (var id = 0; id < 10; id++)
            await (id < 4 ? one : two).ReadAsync(CacheNode.Product.Key("acme", id), () => "value");

        Assert.Equal((3, true), await CountAsync(3));
        Assert.Equal((4, true), await CountAsync(4));
        Assert.Equal((7, true), await CountAsync(7));
        Assert.Equal((10, false), await CountAsync(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Inspector.FindKeys("*", 0, Ct));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Inspector.FindKeys("*", ICacheInspector.MaxKeys + 1, Ct));
        Assert.Throws<ArgumentException>(() => one.Inspector.FindKeys("", cancellationToken: Ct));

        async Task<(int, bool)> CountAsync(int limit)
        {
            var listing = one.Inspector.FindKeys("product:*", limit, Ct);
            var rows = await ListAsync(listing);
            return (rows.Select(row => row.Key).Distinct().Count(), listing.MayHaveMore);
        }
    }

    [Fact]
    public async Task A_listing_can_be_cancelled()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await ListAsync(node.Inspector.FindKeys("product:*", cancellationToken: cancelled.Token)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => node.Inspector.ExplainAsync(Key, cancelled.Token));
    }

    private static async Task<List<CachedKey>> ListAsync(CachedKeys listing)
    {
        var rows = new List<CachedKey>();
        await foreach (var row in listing.WithCancellation(Ct))
            rows.Add(row);
        return rows;
    }
}
