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

        var rows = (await one.KeysAsync("*:ac[l-n]e:?")).ToDictionary(row => row.Key);

        Assert.Equal([OrderKey, both, elsewhere], rows.Keys.Order(StringComparer.Ordinal));
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

    [Theory]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Every_key_is_listed_once_by_steps_of_any_node_among_thousands_of_foreign_ones(int limit)
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await Task.WhenAll(Enumerable.Range(0, 3000).Select(
            i => client.GetDatabase().StringSetAsync($"{(i % 2 == 0 ? "theirs" : "product:acme")}:{i}x", "foreign")));
        string[] own = [.. Enumerable.Range(0, 300).Select(id => CacheNode.Product.Key("acme", id))];
        foreach (var key in own)
            await one.ReadAsync(key, () => "value");
        await one.ReadAsync(OrderKey, () => "only in memory", CacheNode.Order);
        var (listed, steps) = (new List<string>(), 0);
        string? cursor = null;

        do
        {
            var page = await (steps++ % 2 == 0 ? one : two).Inspector.ListKeysAsync("*", null, cursor, limit, Ct);
            Assert.InRange(page.Keys.Count, 0, limit);
            listed.AddRange(page.Keys.Select(key => key.Key));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        // What only a memory has is listed by its node, whichever makes the last step.
        Assert.Equal(own.Order(), listed.Except([OrderKey]).Order());
        Assert.Equal(listed.Distinct().Count(), listed.Count);
        Assert.Contains(await one.KeysAsync("*", limit: limit), key => key.Key == OrderKey);
        Assert.True(steps > 300 / limit);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("r.0")]
    [InlineData("r.-1.0")]
    [InlineData("m.*")]
    public async Task What_is_no_cursor_is_refused(string cursor)
    {
        await using var node = await CacheNode.StartAsync(null);

        await Assert.ThrowsAsync<ArgumentException>(() => node.Inspector.ListKeysAsync("*", null, cursor, 1, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => node.Inspector.ListKeysAsync("*", limit: 0, cancellationToken: Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => node.Inspector.ListKeysAsync("", cancellationToken: Ct));
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
            () => node.Inspector.ListKeysAsync("product:*", cancellationToken: cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => node.Inspector.ExplainAsync(Key, cancelled.Token));
    }
}
