using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>
/// Stale-while-revalidate: what only ran out of time is served while it is refreshed; what was invalidated never is.
/// </summary>
public class StaleWhileRevalidateTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly TimeSpan PastFresh = CacheNode.Product.Fresh + TimeSpan.FromSeconds(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stale_entry_is_served_while_it_refreshes()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "old");
        node.Clock.Advance(PastFresh);
        var gate = new Gate();

        Assert.Equal("old", await gate.ReadAsync(node, Key, "new", Ct));
        await gate.Entered;
        Assert.Equal("old", await node.ReadAsync(Key, () => "another factory must not run"));
        gate.Open();

        await Eventually.TrueAsync(
            async () => await node.ReadAsync(Key, () => "another factory must not run") == "new",
            "the refresh has ended");
        Assert.Equal(1, gate.Runs);
        Assert.True(node.Count("cache_stale_served_total") >= 2);
    }

    [Fact]
    public async Task A_copy_of_redis_does_not_replace_what_is_fresh_for_longer()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "older");
        await node.StoredAsync();
        using var client = redis.Connect();
        await client.GetDatabase().KeyExpireAsync(Key, CacheNode.Product.Stale + TimeSpan.FromMinutes(1));
        // As a refresh whose value Redis does not have yet.
        Assert.Equal("newer", await ReadAsync(
            "newer", HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCache));

        Assert.Equal("older", await ReadAsync("factory must not run", HybridCacheEntryFlags.DisableLocalCacheRead));

        Assert.Equal("newer", await ReadAsync("factory must not run", HybridCacheEntryFlags.None));

        async Task<string> ReadAsync(string value, HybridCacheEntryFlags flags) => await node.Cache.GetOrCreateAsync(
            Key, value, static (value, _) => ValueTask.FromResult(value), new() { Flags = flags },
            cancellationToken: Ct);
    }

    [Fact]
    public async Task Many_stale_reads_make_one_refresh()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "old");
        node.Clock.Advance(PastFresh);
        var gate = new Gate();

        var values = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Task.Run(() => gate.ReadAsync(node, Key, "new", Ct), Ct)));
        gate.Open();

        Assert.All(values, value => Assert.Equal("old", value));
        await Eventually.TrueAsync(
            async () => await node.ReadAsync(Key, () => "never") == "new", "the refresh has ended");
        Assert.Equal(1, gate.Runs);
    }

    [Fact]
    public async Task An_invalidated_entry_is_never_served_as_stale()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "old");
        node.Clock.Advance(PastFresh);

        await node.Cache.RemoveAsync(Key, Ct);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_tag_dropped_during_a_refresh_never_leaves_the_old_value_behind()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "oldest");
        node.Clock.Advance(PastFresh);
        var gate = new Gate();
        await gate.ReadAsync(node, Key, "old", Ct);
        await gate.Entered;

        await node.Cache.RemoveAsync(Key, Ct);
        gate.Open();
        // A read that comes earlier takes the place of the refresh, which then keeps nothing anyway.
        await Eventually.TrueAsync(
            () => node.Services.GetRequiredService<CacheEngine>().Fills.Runs.IsEmpty, "the refresh has ended");

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        Assert.Equal("new", await node.ReadAsync(Key, () => "newer"));
    }

    [Fact]
    public async Task A_source_that_fails_leaves_the_stale_value_until_its_time_is_over()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "old");
        node.Clock.Advance(PastFresh);

        for (var minute = 0; minute < 10; minute++)
        {
            Assert.Equal("old", await node.ReadAsync(Key, () => throw new InvalidOperationException("dead")));
            node.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        node.Clock.Advance(CacheNode.Product.Stale);

        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await node.ReadAsync(Key, () => throw new InvalidOperationException("dead")));
    }

    [Fact]
    public async Task Past_its_stale_time_an_entry_is_read_again()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "old");

        node.Clock.Advance(CacheNode.Product.Fresh + CacheNode.Product.Stale + TimeSpan.FromSeconds(1));

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_value_that_is_stale_in_redis_is_served_and_refreshed_too()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        using var client = redis.Connect();
        await client.GetDatabase().KeyExpireAsync(Key, CacheNode.Product.Stale - TimeSpan.FromSeconds(1));

        Assert.Equal("old", await two.ReadAsync(Key, () => "new"));

        await Eventually.TrueAsync(
            () => two.Count("cache_factory_total") == 1, "it is refreshed without a second read");
        await Eventually.TrueAsync(async () => await two.ReadAsync(Key, () => "new") == "new", "the refresh has ended");
    }

    [Fact]
    public async Task A_factory_has_services_of_its_own_that_end_with_it()
    {
        await using var node = await CacheNode.StartAsync(null);
        IServiceProvider? used = null;

        await node.Cache.GetOrCreateAsync(Key, 0, (_, context, _) =>
        {
            used = context.Services;
            return new ValueTask<string>("value");
        }, CacheNode.Product, Ct);

        Assert.Throws<ObjectDisposedException>(() => used!.GetService<ICacheInvalidator>());
    }
}
