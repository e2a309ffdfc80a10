using System.Net;
using ECommerce.Caching.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Http;

/// <summary>Which headers are stored with a response, and which decide whether it is stored.</summary>
public class StoredHeadersTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("X-Total-Count", "57")]
    [InlineData("Link", "</o/1?page=2>; rel=\"next\"")]
    [InlineData("Content-Language", "it")]
    [InlineData("Cache-Control", "max-age=5, private")]
    public async Task Headers_of_the_endpoint_are_kept_on_hits_of_both_layers(string name, string value)
    {
        await using var redis = await RedisServer.StartAsync();
        void Map(RouteGroupBuilder group, MappedSite site) => group.MapGet("/o/{id}", async (
            HttpContext context, string id) =>
        {
            context.Response.Headers[name] = value;
            return TypedResults.Ok(await site.ReadAsync(id));
        }).CacheOutput(policy => MappedSite.Under(policy));
        await using var one = await MappedSite.StartAsync(redis, Map);
        await using var two = await MappedSite.StartAsync(redis, Map);

        using var made = await one.GetAsync("/o/1");
        await one.StoredAsync(1);
        using var fromMemory = await one.GetAsync("/o/1");
        using var fromRedis = await two.GetAsync("/o/1");
        await two.StoredAsync(1);
        using var fromOther = await two.GetAsync("/o/1");

        Assert.EndsWith("detail=redis", fromRedis.CacheStatus());
        Assert.All([made, fromMemory, fromRedis, fromOther],
            response => Assert.Equal(value, response.Header(name)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Headers_of_outer_middleware_are_those_of_each_request(bool whenStarting)
    {
        await using var redis = await RedisServer.StartAsync();
        void Map(RouteGroupBuilder group, MappedSite site) =>
            group.MapGet("/o/{id}", async (string id) => TypedResults.Ok(await site.ReadAsync(id)))
                .CacheOutput(policy => MappedSite.Under(policy));
        void Echo(WebApplication app) => app.Use(async (context, next) =>
        {
            if (whenStarting)
                context.Response.OnStarting(() => SetAsync(context));
            else
                await SetAsync(context);
            await next();
        });
        static Task SetAsync(HttpContext context)
        {
            var (sent, headers) = (context.Request.Headers, context.Response.Headers);
            headers["X-Correlation-Id"] = sent["X-Correlation-Id"];
            headers.AccessControlAllowOrigin = sent.Origin;
            headers["RateLimit-Remaining"] = sent["X-Remaining"];
            return Task.CompletedTask;
        }
        await using var a = await MappedSite.StartAsync(redis, Map, Echo);
        await using var b = await MappedSite.StartAsync(redis, Map, Echo);
        (string, string)[] Of(string name) =>
            [("X-Correlation-Id", name), ("Origin", $"https://{name}.example"), ("X-Remaining", name)];
        (await a.GetAsync("/o/1", Of("anna"))).Dispose();
        await a.StoredAsync(1);
        using var inMemory = await a.GetAsync("/o/1", Of("bert"));

        using var inRedis = await b.GetAsync("/o/1", Of("bert"));
        using var none = await b.GetAsync("/o/1");

        Assert.EndsWith("detail=redis", inRedis.CacheStatus());
        foreach (var response in (HttpResponseMessage[])[inMemory, inRedis])
        {
            Assert.Equal("bert", response.Header("X-Correlation-Id"));
            Assert.Equal("https://bert.example", response.Header("Access-Control-Allow-Origin"));
            Assert.Equal("bert", response.Header("RateLimit-Remaining"));
        }
        Assert.True(string.IsNullOrEmpty(none.Header("X-Correlation-Id")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task If_modified_since_hides_no_write(int secondsAhead)
    {
        await using var redis = await RedisServer.StartAsync();
        var name = "old";
        void Map(RouteGroupBuilder group, MappedSite site) =>
            group.MapGet("/o/{id}", async (string id) => TypedResults.Ok(await site.ReadAsync(id, name)))
                .CacheOutput(policy => MappedSite.Under(policy));
        await using var a = await MappedSite.StartAsync(redis, Map);
        await using var b = await MappedSite.StartAsync(redis, Map);
        using var old = await a.GetAsync("/o/1");
        await a.StoredAsync(1);
        // The second after the write would do too: the date of the next response is not later than this.
        var date = old.Headers.Date!.Value.AddSeconds(secondsAhead + 60).ToString("R");
        name = "new";
        await a.Invalidator.InvalidateAsync([MappedSite.Key(1)], Ct);
        (await a.GetAsync("/o/1")).Dispose();
        await a.StoredAsync(1);

        using var fromRedis = await b.GetAsync("/o/1", ("If-Modified-Since", date));

        Assert.EndsWith("detail=redis", fromRedis.CacheStatus());
        Assert.Equal(HttpStatusCode.OK, fromRedis.StatusCode);
        Assert.Contains("new", await fromRedis.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("Cache-Control", "no-store")]
    [InlineData("Cache-Control", "no-store, max-age=0, private")]
    [InlineData("Vary", "Accept-Language")]
    [InlineData("Vary", "*")]
    [InlineData("Content-Encoding", "zstd")]
    [InlineData("Set-Cookie", "a=b")]
    public async Task A_response_that_forbids_it_is_not_stored(string name, string value)
    {
        var n = 0;
        await using var site = await MappedSite.StartAsync(null, (group, site) => group.MapGet("/o/{id}", async (
            HttpContext context, string id) =>
        {
            await site.ReadAsync(id);
            context.Response.Headers[name] = value;
            return TypedResults.Ok(new MappedSite.Item(++n, "otp"));
        }).CacheOutput(policy => MappedSite.Under(policy)));

        using var first = await site.GetAsync("/o/1");
        using var second = await site.GetAsync("/o/1");

        Assert.Contains("\"id\":2", await second.Content.ReadAsStringAsync(Ct));
        Assert.StartsWith(value, first.Header(name));
        Assert.DoesNotContain(
            site.Services.GetRequiredService<MemoryLayer>().Entries,
            entry => entry.Key.StartsWith("out:", StringComparison.Ordinal));
    }
}
