using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;
using ECommerce.Caching.Tests.Serialization;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Http;

/// <summary>Which responses are kept, under what, and for how long.</summary>
public class StoredResponseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dropping_the_data_drops_the_response()
    {
        await using var site = await CachedSite.StartAsync(null);
        using var old = await site.Client.GetAsync("/products/1", Ct);

        site.Version = 2;
        await site.Cache.RemoveByTagAsync(CacheNode.Product.All("acme"), Ct);

        using var fresh = await site.Client.GetAsync("/products/1", Ct);
        Assert.StartsWith("\"2-", fresh.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task A_response_overtaken_while_it_was_built_is_not_kept()
    {
        await using var site = await CachedSite.StartAsync(null);
        site.Gate = new TaskCompletionSource();
        var building = site.Client.GetAsync("/products/1", Ct);
        await Eventually.TrueAsync(() => site.Runs == 1, "the factory runs");

        site.Version = 2;
        await site.Cache.RemoveAsync(CacheNode.Product.Key("acme", 1), Ct);
        site.Gate.SetResult();
        using var old = await building;

        using var fresh = await site.Client.GetAsync("/products/1", Ct);
        Assert.StartsWith("\"1-", old.Headers.ETag!.Tag);
        Assert.StartsWith("\"2-", fresh.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task A_response_dies_with_the_data_it_shows()
    {
        await using var site = await CachedSite.StartAsync(null);
        // The client has its response a moment before it is stored.
        await Eventually.TrueAsync(async () =>
        {
            using var response = await site.Client.GetAsync("/products/1", Ct);
            return response.CacheStatus().EndsWith("detail=memory", StringComparison.Ordinal);
        }, "the response is kept");

        site.Clock.Advance(CacheNode.Product.Fresh + CacheNode.Product.Stale);

        using var second = await site.Client.GetAsync("/products/1", Ct);
        Assert.Equal("ecommerce; fwd=miss", second.CacheStatus());
    }

    [Fact]
    public async Task A_response_built_from_a_stale_value_is_marked_stale_and_not_stored()
    {
        await using var site = await CachedSite.StartAsync(null);
        using var first = await site.Client.GetAsync("/products/1", Ct);
        site.Clock.Advance(CacheNode.Product.Fresh + TimeSpan.FromSeconds(3));
        site.Gate = new TaskCompletionSource();
        site.Version = 2;

        using var stale = await site.Client.GetAsync("/products/1", Ct);
        using var staleAgain = await site.Client.GetAsync("/products/1", Ct);
        site.Gate.SetResult();

        Assert.Matches("^ecommerce; hit; ttl=-[34]; detail=stale$", stale.CacheStatus());
        Assert.EndsWith("detail=stale", staleAgain.CacheStatus());
        Assert.Equal(first.Headers.ETag, stale.Headers.ETag);
        Assert.Equal(3, site.Waiting);
        await Eventually.TrueAsync(async () =>
        {
            using var fresh = await site.Client.GetAsync("/products/1", Ct);
            return fresh.Headers.ETag!.Tag.StartsWith("\"2-", StringComparison.Ordinal);
        }, "the refresh has ended");
    }

    [Fact]
    public async Task A_response_cut_short_by_its_client_is_not_stored()
    {
        await using var site = await CachedSite.StartAsync(null);
        site.Building = new TaskCompletionSource();
        using (var leaving = await site.Client.GetAsync("/halves", HttpCompletionOption.ResponseHeadersRead, Ct))
        {
            await using var body = await leaving.Content.ReadAsStreamAsync(Ct);
            Assert.True(await body.ReadAsync(new byte[1], Ct) > 0);
        }
        await site.ClientGone.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        site.Building.SetResult();

        Assert.Equal("first half, second half", await site.Client.GetStringAsync("/halves", Ct));
        Assert.Equal("first half, second half", await site.Client.GetStringAsync("/halves", Ct));
        Assert.Equal(2, site.Waiting);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_whose_tag_is_evicted_after_its_data_was_read_is_not_kept(bool withRedis)
    {
        await using var redis = withRedis ? await RedisServer.StartAsync() : null;
        await using var site = await CachedSite.StartAsync(redis);
        site.Building = new TaskCompletionSource();
        var building = site.Client.GetAsync("/slow", Ct);
        await Eventually.TrueAsync(() => site.Read == 1, "the data is read, and the response is being built");

        site.Version = 2;
        await site.Store.EvictByTagAsync(CacheNode.Product.Key("acme", 7), Ct);
        site.Building.SetResult();
        using var old = await building;

        Assert.StartsWith("\"1-", old.Headers.ETag!.Tag);
        using var fresh = await site.Client.GetAsync("/slow", Ct);
        Assert.StartsWith("\"2-", fresh.Headers.ETag!.Tag);
        if (redis is null)
            return;
        await using var other = await CachedSite.StartAsync(redis);
        other.Version = 3;
        using var shared = await other.Client.GetAsync("/slow", Ct);
        Assert.StartsWith("\"2-", shared.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task A_response_lives_no_longer_than_the_shortest_lived_of_what_it_was_built_from()
    {
        await using var site = await CachedSite.StartAsync(null);
        (await site.Client.GetAsync("/both", Ct)).Dispose();
        site.Clock.Advance(CacheNode.Page.Fresh - TimeSpan.FromSeconds(5));
        (await site.Client.GetAsync("/both", Ct)).Dispose();
        Assert.Equal(1, site.Waiting);

        site.Clock.Advance(TimeSpan.FromSeconds(5));

        (await site.Client.GetAsync("/both", Ct)).Dispose();
        Assert.Equal(2, site.Waiting);
    }

    [Theory]
    [InlineData("/uncached")]
    [InlineData("/cookie")]
    [InlineData("/missing")]
    [InlineData("/refused")]
    public async Task Only_a_plain_response_from_cached_data_is_stored(string path)
    {
        await using var site = await CachedSite.StartAsync(null);

        (await site.Client.GetAsync(path, Ct)).Dispose();
        (await site.Client.GetAsync(path, Ct)).Dispose();

        Assert.Equal(2, site.Waiting);
    }

    [Fact]
    public async Task A_response_is_as_secret_as_the_most_secret_value_it_was_built_from()
    {
        const string key = "out:product:acme:buyers";
        await using var redis = await RedisServer.StartAsync();
        using var client = redis.Connect();
        await using (var site = await CachedSite.StartAsync(redis))
        {
            (await site.Client.GetAsync("/buyers", Ct)).Dispose();
            Assert.False(await client.GetDatabase().KeyExistsAsync(key));
        }

        await using var one = await CachedSite.StartAsync(redis, EncryptionTests.Key("k1", 1));
        await using var two = await CachedSite.StartAsync(redis, EncryptionTests.Key("k1", 1));
        (await one.Client.GetAsync("/buyers", Ct)).Dispose();
        await Eventually.TrueAsync(
            async () => await client.GetDatabase().KeyExistsAsync(key), "the response is in Redis");
        using var shared = await two.Client.GetAsync("/buyers", Ct);

        Assert.EndsWith("detail=redis", shared.CacheStatus());
        Assert.Contains("Rossi", await shared.Content.ReadAsStringAsync(Ct));
        Assert.False(((byte[])(await client.GetDatabase().StringGetAsync(key))!).AsSpan().IndexOf("Rossi"u8) >= 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_response_is_as_old_as_the_oldest_value_it_was_built_from(bool oldestFirst)
    {
        var (trace, tag) = (new CacheTrace(), new TagState("t"));
        var policy = new PolicyState("p", null, TimeSpan.FromMinutes(1), TimeSpan.Zero, true, 0, []);
        CacheEntry<string>[] read =
        [
            new("", "old", policy, [new TagStamp(tag, 7)], 3, 30, long.MaxValue, long.MaxValue, 10),
            new("", "young", policy, [new TagStamp(tag, 9)], 5, 50, long.MaxValue, long.MaxValue, 10),
        ];

        foreach (var entry in oldestFirst ? read : read.Reverse())
            trace.Read(entry, CacheOutcome.Memory);

        Assert.Equal((3, 30, 7), (trace.AsOf, trace.ReadAt, Assert.Single(trace.Stamps).Sequence));
    }

    [Theory]
    [InlineData(10, 0, true)]
    [InlineData(2 * 1024 * 1024, 0, false)]
    [InlineData(10, CacheTags.MaximumPerEntry, false)]
    public async Task A_response_over_a_limit_is_not_kept(int bytes, int tags, bool kept)
    {
        await using var node = await CacheNode.StartAsync(null);
        var key = ResponseKey.Prefix + CacheNode.Product.Key("acme", 1);
        CacheTrace.Begin();
        await node.ReadAsync(CacheNode.Product.Key("acme", 1), () => "value");

        await node.Services.GetRequiredService<IOutputCacheStore>().SetAsync(
            key, new byte[bytes], [.. Enumerable.Range(0, tags).Select(i => $"t{i}")], TimeSpan.FromMinutes(1), Ct);

        Assert.Equal(kept, node.Memory.Find(key) is not null);
    }

    [Fact]
    public async Task A_response_that_shows_a_value_that_is_kept_nowhere_beside_one_that_is_kept_is_not_kept()
    {
        await using var node = await CacheNode.StartAsync(null);
        var key = ResponseKey.Prefix + CacheNode.Product.Key("acme", 1);
        CacheTrace.Begin();
        await node.ReadAsync(CacheNode.Product.Key("acme", 1), () => "kept");
        await node.ReadAsync(CacheNode.Page.Key("acme", 1), () => "<html>", CacheNode.Page);

        await node.Services.GetRequiredService<IOutputCacheStore>()
            .SetAsync(key, [1], null, TimeSpan.FromMinutes(1), Ct);

        Assert.Null(node.Memory.Find(key));
    }

    [Fact]
    public async Task The_first_response_of_the_same_data_stays_and_one_of_newer_data_replaces_it()
    {
        await using var node = await CacheNode.StartAsync(null);
        var data = CacheNode.Product.Key("acme", 1);
        var key = ResponseKey.Prefix + data;
        var store = node.Services.GetRequiredService<IOutputCacheStore>();
        CacheTrace.Begin();
        await node.ReadAsync(data, () => "old");
        await store.SetAsync(key, [1], null, TimeSpan.FromMinutes(1), Ct);
        var first = node.Memory.Find(key);
        await store.SetAsync(key, [2], null, TimeSpan.FromMinutes(1), Ct);
        Assert.Same(first, node.Memory.Find(key));

        await node.Cache.RemoveAsync(data, Ct);
        CacheTrace.Begin();
        await node.ReadAsync(data, () => "new");
        await store.SetAsync(key, [3], null, TimeSpan.FromMinutes(1), Ct);

        Assert.Equal([3], ((CacheEntry<StoredResponse>)node.Memory.Find(key)!).Value.Bytes);
    }
}
