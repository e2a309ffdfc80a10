using ECommerce.Caching.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Http;

/// <summary>What an output policy asks for beside <c>Under</c>, and policies without it.</summary>
public class OutputPolicyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("header")]
    [InlineData("header before")]
    [InlineData("query")]
    [InlineData("query before")]
    [InlineData("all queries")]
    [InlineData("value")]
    [InlineData("route")]
    [InlineData("with")]
    [InlineData("with before")]
    [InlineData("no cache")]
    [InlineData("custom")]
    public async Task What_the_policy_asks_for_besides_is_honoured(string what)
    {
        var runs = 0;
        await using var site = await MappedSite.StartAsync(null, (group, site) => group.MapGet(
            "/o/{id}/{other}", async (HttpContext context, string id, string other) =>
        {
            await site.ReadAsync(id);
            runs++;
            return TypedResults.Ok(new MappedSite.Item(
                1, context.Request.Headers["X-Lang"].ToString() + context.Request.Query["page"] + other));
        }).CacheOutput(policy => _ = what switch
        {
            "header" => MappedSite.Under(policy).SetVaryByHeader("X-Lang"),
            "header before" => MappedSite.Under(policy.SetVaryByHeader("X-Lang")),
            "query" => MappedSite.Under(policy).SetVaryByQuery("page"),
            "query before" => MappedSite.Under(policy.SetVaryByQuery("page")),
            "all queries" => MappedSite.Under(policy).SetVaryByQuery("*"),
            "value" => MappedSite.Under(policy).VaryByValue(c => new("page", c.Request.Query["page"].ToString())),
            "route" => MappedSite.Under(policy).SetVaryByRouteValue("other"),
            "with" => MappedSite.Under(policy).With(HasNoLanguage),
            "with before" => MappedSite.Under(policy.With(HasNoLanguage)),
            "no cache" => MappedSite.Under(policy).NoCache(),
            _ => MappedSite.Under(policy).AddPolicy<NoLookupWithLanguage>(),
        }));
        // Twice, so that the first is stored and the fast path would have been taken.
        (string, string)[] first = what is "header" or "header before" ? [("X-Lang", "it")] : [];
        for (var i = 0; i < 2; i++)
            (await site.GetAsync("/o/1/a?page=1", first)).Dispose();
        Assert.Equal(what == "no cache" ? 2 : 1, runs);

        using var second = await site.GetAsync("/o/1/b?page=2", ("X-Lang", "en"));

        Assert.Contains("en2b", await second.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Variants_of_a_response_are_stored_apart_and_dropped_with_their_data()
    {
        await using var redis = await RedisServer.StartAsync();
        var runs = 0;
        await using var site = await MappedSite.StartAsync(redis, (group, site) => group.MapGet(
            "/o/{id}", async (HttpContext context, string id) =>
        {
            await site.ReadAsync(id);
            return TypedResults.Ok(new MappedSite.Item(++runs, context.Request.Headers["X-Lang"].ToString()));
        }).CacheOutput(policy => MappedSite.Under(policy).SetVaryByHeader("X-Lang")));
        foreach (var language in (string[])["it", "en", "it", "en"])
        {
            using var response = await site.GetAsync("/o/1", ("X-Lang", language));
            Assert.Contains(language, await response.Content.ReadAsStringAsync(Ct));
        }
        Assert.Equal(2, runs);

        await site.Invalidator.InvalidateAsync([MappedSite.Key(1)], Ct);

        (await site.GetAsync("/o/1", ("X-Lang", "it"))).Dispose();
        (await site.GetAsync("/o/1", ("X-Lang", "en"))).Dispose();
        Assert.Equal(4, runs);
    }

    [Fact]
    public async Task A_shorter_lifetime_of_the_policy_counts()
    {
        var runs = 0;
        await using var site = await MappedSite.StartAsync(null, (group, site) => group.MapGet(
            "/o/{id}", async (string id) =>
        {
            runs++;
            return TypedResults.Ok(await site.ReadAsync(id));
        }).CacheOutput(policy => MappedSite.Under(policy).Expire(TimeSpan.FromSeconds(30))));
        (await site.GetAsync("/o/1")).Dispose();
        await site.StoredAsync(1);
        (await site.GetAsync("/o/1")).Dispose();
        Assert.Equal(1, runs);

        site.Services.GetRequiredService<CacheClock>().Advance(TimeSpan.FromSeconds(30));

        (await site.GetAsync("/o/1")).Dispose();
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task A_policy_without_data_is_cached_until_its_time_is_over_or_its_tag_is_evicted()
    {
        var runs = 0;
        await using var site = await MappedSite.StartAsync(null, (group, _) => group.MapGet(
            "/page", (string? q) => $"{q}{++runs}").CacheOutput(
                policy => policy.Expire(TimeSpan.FromSeconds(30)).Tag("pages")));
        Assert.Equal("a1", await site.Client.GetStringAsync("/page?q=a", Ct));
        Assert.Equal("a1", await site.Client.GetStringAsync("/page?q=a", Ct));
        Assert.Equal("b2", await site.Client.GetStringAsync("/page?q=b", Ct));

        site.Services.GetRequiredService<CacheClock>().Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("a3", await site.Client.GetStringAsync("/page?q=a", Ct));
        await site.Services.GetRequiredService<IOutputCacheStore>().EvictByTagAsync("pages", Ct);
        Assert.Equal("a4", await site.Client.GetStringAsync("/page?q=a", Ct));
        Assert.Equal("a4", await site.Client.GetStringAsync("/page?q=a", Ct));
    }

    [Fact]
    public async Task The_store_checks_its_arguments_and_the_lifetime_it_is_given()
    {
        await using var node = await CacheNode.StartAsync(null);
        var store = node.Services.GetRequiredService<IOutputCacheStore>();
        var minute = TimeSpan.FromMinutes(1);
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.GetAsync(null!, Ct));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.SetAsync(null!, [1], [], minute, Ct));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.SetAsync("k", null!, [], minute, Ct));
        await Assert.ThrowsAsync<ArgumentNullException>(
            async () => await store.SetAsync("k", [1], [null!], minute, Ct));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.EvictByTagAsync(null!, Ct));

        byte[] value = [1, 2];
        await store.SetAsync("k", value, null, minute, Ct);
        value[0] = 9;
        Assert.Equal([1, 2], await store.GetAsync("k", Ct));
        await store.SetAsync("over", [1], [], TimeSpan.Zero, Ct);
        Assert.Null(await store.GetAsync("over", Ct));

        node.Services.GetRequiredService<CacheClock>().Advance(minute);
        Assert.Null(await store.GetAsync("k", Ct));
    }

    private static bool HasNoLanguage(OutputCacheContext context) =>
        !context.HttpContext.Request.Headers.ContainsKey("X-Lang");

    private sealed class NoLookupWithLanguage : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.AllowCacheLookup &= HasNoLanguage(context);
            return ValueTask.CompletedTask;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => default;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => default;
    }
}
