using System.Net;
using ECommerce.Caching;
using ECommerce.Caching.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ECommerce.Api.Tests.Caching;

/// <summary>The HTTP side over a real server: one endpoint that shows one product, counted, with a gate.</summary>
public class HttpCachingTests
{
    private sealed record Shown(int Id, string Name, long RowVersion) : IVersioned;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_answer_is_a_miss_and_the_second_comes_from_memory()
    {
        await using var site = await Site.StartAsync(null);

        using var first = await site.Client.GetAsync("/products/1", Ct);
        using var second = await site.Client.GetAsync("/products/1", Ct);

        Assert.Equal("ecommerce; fwd=miss", CacheStatus(first));
        Assert.Matches(@"^ecommerce; hit; ttl=\d+; detail=memory$", CacheStatus(second));
        Assert.Equal(1, site.Runs);
        Assert.Equal(await first.Content.ReadAsStringAsync(Ct), await second.Content.ReadAsStringAsync(Ct));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Matches("^\"1-[0-9a-f]{32}\"$", first.Headers.ETag!.Tag);
        Assert.Equal("private, no-cache", string.Join(", ", second.Headers.GetValues("Cache-Control").SelectMany(v => v.Split(", ")).OrderDescending()));
        Assert.False(second.Headers.Contains("Age"));
    }

    [Fact]
    public async Task The_other_node_answers_from_redis_first()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await Site.StartAsync(redis);
        await using var two = await Site.StartAsync(redis);
        using var made = await one.Client.GetAsync("/products/1", Ct);
        using var client = redis.Connect();
        await Eventually.TrueAsync(async () => await client.GetDatabase().KeyExistsAsync("out:" + CacheNode.Product.Key("acme", 1)), "the response is in Redis");

        using var first = await two.Client.GetAsync("/products/1", Ct);
        using var second = await two.Client.GetAsync("/products/1", Ct);

        Assert.EndsWith("detail=redis", CacheStatus(first));
        Assert.EndsWith("detail=memory", CacheStatus(second));
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
    public async Task If_none_match_is_answered_on_misses_and_hits_alike(string condition, bool unchanged)
    {
        await using var site = await Site.StartAsync(null);
        using var known = await site.Client.GetAsync("/products/1", Ct);
        var tag = known.Headers.ETag!.Tag;
        await site.Cache.RemoveAsync(CacheNode.Product.Key("acme", 1), Ct);

        foreach (var status in (string[])["ecommerce; fwd=miss", "detail=memory"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/products/1");
            request.Headers.TryAddWithoutValidation("If-None-Match", string.Format(null, condition, tag));
            using var answer = await site.Client.SendAsync(request, Ct);

            Assert.Equal(unchanged ? HttpStatusCode.NotModified : HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(unchanged, (await answer.Content.ReadAsByteArrayAsync(Ct)).Length == 0);
            Assert.Contains(status, CacheStatus(answer));
            Assert.Equal(tag, answer.Headers.ETag!.Tag);
            Assert.True(answer.Headers.CacheControl!.Private);
            Assert.Contains("Authorization", answer.Headers.Vary);
        }
        Assert.Equal(2, site.Runs);
        // What was built for a 304 is kept as the 200 that it is, a moment after the client has its answer.
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
    public async Task Head_answers_what_get_would_without_the_body()
    {
        await using var site = await Site.StartAsync(null);
        using var get = await site.Client.GetAsync("/products/1", Ct);

        using var head = await site.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/products/1"), Ct);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task Dropping_the_data_drops_the_response()
    {
        await using var site = await Site.StartAsync(null);
        using var old = await site.Client.GetAsync("/products/1", Ct);

        site.Version = 2;
        await site.Cache.RemoveByTagAsync(CacheNode.Product.All("acme"), Ct);

        using var fresh = await site.Client.GetAsync("/products/1", Ct);
        Assert.StartsWith("\"2-", fresh.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task A_response_overtaken_while_it_was_built_is_not_kept()
    {
        await using var site = await Site.StartAsync(null);
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
        await using var site = await Site.StartAsync(null);
        // The client has its answer a moment before it is kept.
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await site.Client.GetAsync("/products/1", Ct);
            return CacheStatus(answer).EndsWith("detail=memory", StringComparison.Ordinal);
        }, "the response is kept");

        site.Clock.Advance(CacheNode.Product.Fresh + CacheNode.Product.Stale);

        using var second = await site.Client.GetAsync("/products/1", Ct);
        Assert.Equal("ecommerce; fwd=miss", CacheStatus(second));
    }

    [Fact]
    public async Task A_response_built_from_a_stale_value_says_so_and_is_not_kept()
    {
        await using var site = await Site.StartAsync(null);
        using var first = await site.Client.GetAsync("/products/1", Ct);
        site.Clock.Advance(CacheNode.Product.Fresh + TimeSpan.FromSeconds(3));
        site.Gate = new TaskCompletionSource();
        site.Version = 2;

        using var stale = await site.Client.GetAsync("/products/1", Ct);
        using var staleAgain = await site.Client.GetAsync("/products/1", Ct);
        site.Gate.SetResult();

        Assert.Matches("^ecommerce; hit; ttl=-[34]; detail=stale$", CacheStatus(stale));
        Assert.EndsWith("detail=stale", CacheStatus(staleAgain));
        Assert.Equal(first.Headers.ETag, stale.Headers.ETag);
        Assert.Equal(3, site.Waiting);
        await Eventually.TrueAsync(async () =>
        {
            using var fresh = await site.Client.GetAsync("/products/1", Ct);
            return fresh.Headers.ETag!.Tag.StartsWith("\"2-", StringComparison.Ordinal);
        }, "the refresh has ended");
    }

    [Fact]
    public async Task The_client_who_leaves_takes_nobody_with_him()
    {
        await using var site = await Site.StartAsync(null);
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
    public async Task What_was_written_when_the_client_left_is_not_kept_for_others()
    {
        await using var site = await Site.StartAsync(null);
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
        await using var site = await Site.StartAsync(redis);
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
        await using var other = await Site.StartAsync(redis);
        other.Version = 3;
        using var shared = await other.Client.GetAsync("/slow", Ct);
        Assert.StartsWith("\"2-", shared.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task A_response_lives_no_longer_than_the_shortest_lived_of_what_it_was_built_from()
    {
        await using var site = await Site.StartAsync(null);
        (await site.Client.GetAsync("/both", Ct)).Dispose();
        site.Clock.Advance(CacheNode.Page.Fresh - TimeSpan.FromSeconds(5));
        (await site.Client.GetAsync("/both", Ct)).Dispose();
        Assert.Equal(1, site.Waiting);

        site.Clock.Advance(TimeSpan.FromSeconds(5));

        (await site.Client.GetAsync("/both", Ct)).Dispose();
        Assert.Equal(2, site.Waiting);
    }

    [Fact]
    public async Task Responses_of_what_is_switched_off_are_neither_served_nor_kept()
    {
        await using var site = await Site.StartAsync(null);
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

    [Theory]
    [InlineData("/uncached")]
    [InlineData("/cookie")]
    [InlineData("/missing")]
    [InlineData("/refused")]
    public async Task What_is_not_a_plain_answer_from_the_cache_is_not_kept(string path)
    {
        await using var site = await Site.StartAsync(null);

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
        await using (var site = await Site.StartAsync(redis))
        {
            (await site.Client.GetAsync("/buyers", Ct)).Dispose();
            Assert.False(await client.GetDatabase().KeyExistsAsync(key));
        }

        await using var one = await Site.StartAsync(redis, EncryptionTests.Key("k1", 1));
        await using var two = await Site.StartAsync(redis, EncryptionTests.Key("k1", 1));
        (await one.Client.GetAsync("/buyers", Ct)).Dispose();
        await Eventually.TrueAsync(async () => await client.GetDatabase().KeyExistsAsync(key), "the response is in Redis");
        using var shared = await two.Client.GetAsync("/buyers", Ct);

        Assert.EndsWith("detail=redis", CacheStatus(shared));
        Assert.Contains("Rossi", await shared.Content.ReadAsStringAsync(Ct));
        Assert.False(((byte[])(await client.GetDatabase().StringGetAsync(key))!).AsSpan().IndexOf("Rossi"u8) >= 0);
    }

    [Fact]
    public async Task Responses_stand_under_the_key_of_their_data_whatever_the_host_and_case()
    {
        await using var site = await Site.StartAsync(null);
        (await site.Client.GetAsync("/products/1", Ct)).Dispose();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/PRODUCTS/1?unknown=x") { Headers = { Host = "elsewhere.example" } };
        using var answer = await site.Client.SendAsync(request, Ct);

        Assert.EndsWith("detail=memory", CacheStatus(answer));
        Assert.Equal(1, site.Waiting);
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
        var key = MultiLevelOutputCacheStore.KeyPrefix + CacheNode.Product.Key("acme", 1);
        CacheTrace.Begin();
        await node.ReadAsync(CacheNode.Product.Key("acme", 1), () => "value");

        await node.Services.GetRequiredService<IOutputCacheStore>().SetAsync(key, new byte[bytes], [.. Enumerable.Range(0, tags).Select(i => $"t{i}")], TimeSpan.FromMinutes(1), Ct);

        Assert.Equal(kept, node.Memory.Find(key) is not null);
    }

    [Fact]
    public async Task A_response_that_shows_a_value_that_is_kept_nowhere_beside_one_that_is_kept_is_not_kept()
    {
        await using var node = await CacheNode.StartAsync(null);
        var key = MultiLevelOutputCacheStore.KeyPrefix + CacheNode.Product.Key("acme", 1);
        CacheTrace.Begin();
        await node.ReadAsync(CacheNode.Product.Key("acme", 1), () => "kept");
        await node.ReadAsync(CacheNode.Page.Key("acme", 1), () => "<html>", CacheNode.Page);

        await node.Services.GetRequiredService<IOutputCacheStore>().SetAsync(key, [1], null, TimeSpan.FromMinutes(1), Ct);

        Assert.Null(node.Memory.Find(key));
    }

    [Fact]
    public async Task Of_responses_built_from_the_same_data_the_first_is_kept_and_one_of_newer_data_replaces_it()
    {
        await using var node = await CacheNode.StartAsync(null);
        var data = CacheNode.Product.Key("acme", 1);
        var key = MultiLevelOutputCacheStore.KeyPrefix + data;
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

        Assert.Equal([3], ((CacheEntry<ResponseBytes>)node.Memory.Find(key)!).Value.Bytes);
    }

    [Fact]
    public async Task What_a_factory_reads_does_not_count_for_the_request_that_happened_to_run_it()
    {
        await using var node = await CacheNode.StartAsync(null);
        var (outer, inner) = (CacheNode.Product.Key("acme", 1), CacheNode.Product.Key("acme", 2));
        var trace = CacheTrace.Begin();

        await node.Cache.GetOrCreateAsync(outer, async _ => await node.ReadAsync(inner, () => "value"), CacheNode.Product.Options, cancellationToken: Ct);

        Assert.Contains(trace.Stamps, stamp => stamp.State.Name == outer);
        Assert.DoesNotContain(trace.Stamps, stamp => stamp.State.Name == inner);
    }

    private static string CacheStatus(HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues("Cache-Status"));

    private sealed class Site : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private int _runs;
        private int _waiting;
        private int _read;

        private Site(WebApplication app) => _app = app;

        public HttpClient Client { get; } = new();
        public TaskCompletionSource? Gate { get; set; }

        /// <summary>What a response that has its data waits for before it goes on.</summary>
        public TaskCompletionSource? Building { get; set; }

        public TaskCompletionSource ClientGone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public long Version { get; set; } = 1;

        /// <summary>How often the factory ran.</summary>
        public int Runs => Volatile.Read(ref _runs);

        /// <summary>How often the endpoint was entered.</summary>
        public int Waiting => Volatile.Read(ref _waiting);

        /// <summary>How often a response had its data.</summary>
        public int Read => Volatile.Read(ref _read);

        public IOutputCacheStore Store => _app.Services.GetRequiredService<IOutputCacheStore>();
        public ICacheFlags Flags => _app.Services.GetRequiredService<ICacheFlags>();
        public MultiLevelCache Cache => _app.Services.GetRequiredService<MultiLevelCache>();
        public CacheClock Clock => _app.Services.GetRequiredService<CacheClock>();

        public static async Task<Site> StartAsync(RedisServer? redis, string? encryptionKey = null)
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            builder.Services.AddRouting().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
            if (redis is null)
                builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("CACHE_BACKEND", (string?)"memory")]);
            else
                builder.Services.AddSingleton<IConnectionMultiplexer>(_ => redis.Connect());
            builder.Configuration["CACHE_ENCRYPTION_KEY"] = encryptionKey;
            builder.Services.AddMultiLevelCache(builder.Configuration, CacheNode.Product, CacheNode.ProductList, CacheNode.Order, CacheNode.Page);
            var app = builder.Build();
            var site = new Site(app);
            app.UseHeadFromGet();
            app.UseRouting();
            app.UseHttpCaching();
            var tagged = app.MapGroup("").AddEndpointFilter<EntityTagFilter>();
            tagged.MapGet("/products/{id:int}", site.ShowAsync).CacheOutput(policy => policy.Under(CacheNode.Product, KeyOf));
            tagged.MapGet("/uncached", site.ShowUncached).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", "u")));
            tagged.MapGet("/cookie", async (HttpContext context) =>
            {
                context.Response.Cookies.Append("a", "b");
                return await site.ShowAsync(3, Ct);
            }).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", 3)));
            tagged.MapGet("/missing", async () =>
            {
                await site.ShowAsync(4, Ct);
                return TypedResults.NotFound();
            }).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", 4)));
            tagged.MapGet("/buyers", () => site.ReadAsync(CacheNode.Order, 5, "Rossi"))
                .CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", "buyers")));
            tagged.MapGet("/refused", () => site.ReadAsync(CacheNode.Page, 6, "<html>"))
                .CacheOutput(policy => policy.Under(CacheNode.Page, _ => CacheNode.Page.Key("acme", 6)));
            tagged.MapGet("/slow", async () =>
            {
                var shown = await site.ShowAsync(7, Ct);
                await site.BuildAsync();
                return shown;
            }).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", 7)));
            tagged.MapGet("/both", async () =>
            {
                await site.ReadAsync(CacheNode.Product, 8, "Lampada");
                return await site.Cache.GetOrCreateAsync(
                    CacheNode.Page.Key("acme", 8), static _ => new ValueTask<Shown>(new Shown(8, "Pagina", 1)), CacheNode.Page.Options, cancellationToken: Ct) is { } shown
                    ? TypedResults.Ok(shown)
                    : throw new InvalidOperationException();
            }).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", 8)));
            tagged.MapGet("/list", () => site.ReadAsync(CacheNode.ProductList, 9, "Lista"))
                .CacheOutput(policy => policy.Under(CacheNode.ProductList, _ => CacheNode.ProductList.Key("acme", 9)));
            app.MapGet("/halves", async (HttpContext context) =>
            {
                await site.ReadAsync(CacheNode.Product, 10, "Lampada");
                context.RequestAborted.Register(() => site.ClientGone.TrySetResult());
                await context.Response.WriteAsync("first half, ", Ct);
                await context.Response.Body.FlushAsync(Ct);
                await site.BuildAsync();
                if (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.WriteAsync("second half", Ct);
            }).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", 10)));
            await app.StartAsync(Ct);
            if (redis is not null)
                await app.Services.GetRequiredService<Backplane>().Listening.WaitAsync(TimeSpan.FromSeconds(10), Ct);
            site.Client.BaseAddress = new Uri(app.Urls.First());
            return site;

            static string KeyOf(HttpContext context) => CacheNode.Product.Key("acme", context.Request.RouteValues["id"]!);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _app.DisposeAsync();
        }

        private async Task<Ok<Shown>> ShowAsync(int id, CancellationToken ct)
        {
            Interlocked.Increment(ref _waiting);
            return TypedResults.Ok(await Cache.GetOrCreateAsync(CacheNode.Product.Key("acme", id), (this, id), static async (s, _) =>
            {
                var (site, id) = s;
                var version = site.Version;
                Interlocked.Increment(ref site._runs);
                if (site.Gate is { } gate)
                    await gate.Task;
                return new Shown(id, "Lampada", version);
            }, CacheNode.Product.Options, cancellationToken: ct));
        }

        private async Task<Ok<Shown>> ReadAsync(CachePolicy from, int id, string name)
        {
            Interlocked.Increment(ref _waiting);
            return TypedResults.Ok(await Cache.GetOrCreateAsync(
                from.Key("acme", id), (id, name), static (s, _) => new ValueTask<Shown>(new Shown(s.id, s.name, 1)), from.Options, cancellationToken: Ct));
        }

        private Task BuildAsync()
        {
            Interlocked.Increment(ref _read);
            return Building?.Task ?? Task.CompletedTask;
        }

        private Ok<Shown> ShowUncached()
        {
            Interlocked.Increment(ref _waiting);
            return TypedResults.Ok(new Shown(1, "never cached", 1));
        }
    }
}
