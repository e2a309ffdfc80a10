using System.Net;
using ECommerce.Caching.Diagnostics;

namespace ECommerce.Caching.Tests.Http;

/// <summary>Cache-Status and conditional requests, over a real server.</summary>
public class HttpCachingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_response_is_a_miss_and_the_second_comes_from_memory()
    {
        await using var site = await CachedSite.StartAsync(null);

        using var first = await site.Client.GetAsync("/products/1", Ct);
        using var second = await site.Client.GetAsync("/products/1", Ct);

        Assert.Equal("ecommerce; fwd=miss", first.CacheStatus());
        Assert.Matches(@"^ecommerce; hit; ttl=\d+; detail=memory$", second.CacheStatus());
        Assert.Equal(1, site.Runs);
        Assert.Equal(await first.Content.ReadAsStringAsync(Ct), await second.Content.ReadAsStringAsync(Ct));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Matches("^\"1-[0-9a-f]{32}\"$", first.Headers.ETag!.Tag);
        Assert.Equal(
            "private, no-cache", string.Join(
                ", ", second.Headers.GetValues("Cache-Control").SelectMany(v => v.Split(", ")).OrderDescending()));
        Assert.False(second.Headers.Contains("Age"));
    }

    [Fact]
    public async Task The_other_node_responds_from_redis_first()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CachedSite.StartAsync(redis);
        await using var two = await CachedSite.StartAsync(redis);
        using var made = await one.Client.GetAsync("/products/1", Ct);
        using var client = redis.Connect();
        await Eventually.TrueAsync(
            async () =>
                await client.GetDatabase()
                    .KeyExistsAsync("out:" + CacheNode.Product.Key("acme", 1)), "the response is in Redis");

        using var first = await two.Client.GetAsync("/products/1", Ct);
        using var second = await two.Client.GetAsync("/products/1", Ct);

        Assert.EndsWith("detail=redis", first.CacheStatus());
        Assert.EndsWith("detail=memory", second.CacheStatus());
        Assert.Equal(made.Headers.ETag, first.Headers.ETag);
        Assert.False(first.Headers.Contains("Age"));
        Assert.Equal(0, two.Runs);
        Assert.Equal(0, two.Waiting);
    }

    [Theory]
    [InlineData("{0}", true)]
    [InlineData("W/{0}", true)]
    [InlineData("\"other\", {0}", true)]
    [InlineData("*", true)]
    [InlineData("\"other\"", false)]
    public async Task If_none_match_is_honoured_on_misses_and_hits_alike(string condition, bool unchanged)
    {
        await using var site = await CachedSite.StartAsync(null);
        using var known = await site.Client.GetAsync("/products/1", Ct);
        var tag = known.Headers.ETag!.Tag;
        await site.Cache.RemoveAsync(CacheNode.Product.Key("acme", 1), Ct);

        foreach (var status in (string[])["ecommerce; fwd=miss", "detail=memory"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/products/1");
            request.Headers.TryAddWithoutValidation("If-None-Match", string.Format(null, condition, tag));
            using var response = await site.Client.SendAsync(request, Ct);

            Assert.Equal(unchanged ? HttpStatusCode.NotModified : HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(unchanged, (await response.Content.ReadAsByteArrayAsync(Ct)).Length == 0);
            Assert.Contains(status, response.CacheStatus());
            Assert.Equal(tag, response.Headers.ETag!.Tag);
            Assert.True(response.Headers.CacheControl!.Private);
            Assert.Contains("Authorization", response.Headers.Vary);
        }
        Assert.Equal(2, site.Runs);
        // What was built for a 304 is stored as the 200 that it is, a moment after the client has its response.
        await Eventually.TrueAsync(async () =>
        {
            var entered = site.Waiting;
            using var request = new HttpRequestMessage(HttpMethod.Get, "/products/1");
            request.Headers.TryAddWithoutValidation("If-None-Match", string.Format(null, condition, tag));
            (await site.Client.SendAsync(request, Ct)).Dispose();
            return site.Waiting == entered;
        }, "the response is kept");
    }

    [Fact]
    public async Task Head_returns_what_get_would_without_the_body()
    {
        await using var site = await CachedSite.StartAsync(null);
        using var get = await site.Client.GetAsync("/products/1", Ct);

        using var head = await site.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/products/1"), Ct);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task A_client_that_disconnects_does_not_cancel_the_others()
    {
        await using var site = await CachedSite.StartAsync(null);
        site.Gate = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var first = site.Client.GetAsync("/products/1", leaving.Token);
        await Eventually.TrueAsync(() => site.Runs == 1, "the factory runs");
        var others = Enumerable.Range(0, 4).Select(_ => site.Client.GetAsync("/products/1", Ct)).ToArray();
        await Eventually.TrueAsync(() => site.Waiting == 5, "all are inside");

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        site.Gate.SetResult();

        foreach (var other in await Task.WhenAll(others))
        {
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
            Assert.Equal("""{"id":1,"name":"Lampada","rowVersion":1}""", await other.Content.ReadAsStringAsync(Ct));
        }
        Assert.Equal(1, site.Runs);
    }

    [Fact]
    public async Task Responses_of_what_is_switched_off_are_neither_served_nor_kept()
    {
        await using var site = await CachedSite.StartAsync(null);
        for (var i = 0; i < 2; i++)
            (await site.Client.GetAsync("/list", Ct)).Dispose();
        Assert.Equal(1, site.Waiting);

        await site.Flags.SetAsync("lists", false, Ct);
        for (var i = 0; i < 2; i++)
            (await site.Client.GetAsync("/list", Ct)).Dispose();
        Assert.Equal(3, site.Waiting);

        await site.Flags.SetAsync("lists", true, Ct);
        for (var i = 0; i < 2; i++)
            (await site.Client.GetAsync("/list", Ct)).Dispose();
        Assert.Equal(4, site.Waiting);
    }

    [Fact]
    public async Task Responses_stand_under_the_key_of_their_data_whatever_the_host_and_case()
    {
        await using var site = await CachedSite.StartAsync(null);
        (await site.Client.GetAsync("/products/1", Ct)).Dispose();

        using var request = new HttpRequestMessage(
            HttpMethod.Get, "/PRODUCTS/1?unknown=x")
        { Headers = { Host = "elsewhere.example" } };
        using var response = await site.Client.SendAsync(request, Ct);

        Assert.EndsWith("detail=memory", response.CacheStatus());
        Assert.Equal(1, site.Waiting);
    }

    [Fact]
    public async Task Reads_of_a_factory_do_not_count_for_the_request_that_runs_it()
    {
        await using var node = await CacheNode.StartAsync(null);
        var (outer, inner) = (CacheNode.Product.Key("acme", 1), CacheNode.Product.Key("acme", 2));
        var trace = CacheTrace.Begin();

        await node.Cache.GetOrCreateAsync(
            outer, async _ =>
                await node.ReadAsync(inner, () => "value"), CacheNode.Product.Options, cancellationToken: Ct);

        Assert.Contains(trace.Stamps, stamp => stamp.State.Name == outer);
        Assert.DoesNotContain(trace.Stamps, stamp => stamp.State.Name == inner);
    }
}
