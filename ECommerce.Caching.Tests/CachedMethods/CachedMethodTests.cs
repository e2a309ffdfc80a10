using ECommerce.Caching.CachedMethods;

namespace ECommerce.Caching.Tests.CachedMethods;

/// <summary>The results of [Cached] methods: their keys, tenants and tags, over nodes, and what is counted.</summary>
public sealed class CachedMethodTests
{
    private readonly ReportSource _source = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_is_made_once_for_its_arguments()
    {
        await using var node = await _source.StartAsync();

        var first = await node.ByIdAsync("acme", 1);
        var again = await node.ByIdAsync("acme", 1);
        var other = await node.ByIdAsync("acme", 2);
        var none = await node.ByIdAsync("acme", null);

        Assert.Same(first, again);
        Assert.Equal((1, 2, 3), (first!.Runs, other!.Runs, none!.Runs));
    }

    [Fact]
    public async Task Two_tenants_never_share()
    {
        await using var node = await _source.StartAsync();

        Assert.Equal(1, (await node.ByIdAsync("acme", 5))!.Runs);
        Assert.Equal(2, (await node.ByIdAsync("globex", 5))!.Runs);
        Assert.Equal(1, (await node.ByIdAsync("acme", 5))!.Runs);
        await node.Invalidator.InvalidateAsync([CacheTags.Tenant("globex")], Ct);
        Assert.Equal((1, 3), ((await node.ByIdAsync("acme", 5))!.Runs, (await node.ByIdAsync("globex", 5))!.Runs));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task No_tenant_is_refused(string? tenant)
    {
        await using var node = await _source.StartAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => node.ByIdAsync(tenant!, 5));
        Assert.Equal(0, _source.Runs);
    }

    [Fact]
    public async Task Null_and_an_empty_result_are_results_too()
    {
        await using var node = await _source.StartAsync();

        _source.Result = static _ => Task.FromResult<Found?>(null);
        Assert.Null(await node.ByIdAsync("acme", 1));
        Assert.Null(await node.ByIdAsync("acme", 1));
        Assert.Equal(1, _source.Runs);

        _source.Result = static _ => Task.FromResult<Found?>(new Found(0, []));
        Assert.Empty((await node.ByIdAsync("acme", 2))!.Items);
        Assert.Empty((await node.ByIdAsync("acme", 2))!.Items);
        Assert.Equal(2, _source.Runs);
    }

    [Fact]
    public async Task Equal_filters_share_and_different_ones_do_not()
    {
        await using var node = await _source.StartAsync();

        var first = await node.ListAsync(new Filter("x", new HashSet<int> { 1, 2 }));
        Assert.Equal(first, await node.ListAsync(new Filter("x", new HashSet<int> { 2, 1 })));
        Assert.Equal(1, _source.Runs);

        await node.ListAsync(new Filter(null, new HashSet<int> { 1, 2 }));
        await node.ListAsync(new Filter("", new HashSet<int> { 1, 2 }));
        await node.ListAsync(new Filter("x", new HashSet<int> { 12 }));
        await node.ListAsync(new Filter("x", new HashSet<int> { 1, 2 }, Page: 2));
        Assert.Equal(5, _source.Runs);
    }

    [Fact]
    public async Task A_key_holds_nothing_of_the_service_and_is_that_of_its_policy()
    {
        await using var node = await _source.StartAsync();
        await node.ByIdAsync("acme", 7);
        await node.ByIdAsync("acme", 7);
        Assert.Equal(1, _source.Runs);

        await node.Cache.RemoveAsync(CachedPolicies.From<IReports>(nameof(IReports.ByIdAsync)).Key("acme", 7L), Ct);
        await node.ByIdAsync("acme", 7);

        Assert.Equal(2, _source.Runs);
    }

    [Theory]
    [InlineData("topics:acme")]
    [InlineData("reports:acme:*")]
    [InlineData("reports:acme:7")]
    public async Task A_tag_drops_what_carries_it(string tag)
    {
        await using var node = await _source.StartAsync();
        await node.ByIdAsync("acme", 7);
        await node.ByIdAsync("globex", 7);

        await node.Invalidator.InvalidateAsync([tag], Ct);
        await node.ByIdAsync("acme", 7);
        await node.ByIdAsync("globex", 7);

        Assert.Equal(3, _source.Runs);
    }

    [Fact]
    public async Task The_other_node_has_the_same_from_redis()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await _source.StartAsync(redis);
        await using var two = await _source.StartAsync(redis);
        var filter = new Filter("x", new HashSet<int> { 1, 2 });

        var made = await one.ListAsync(filter);
        var read = await two.ListAsync(filter);

        Assert.Equal(1, _source.Runs);
        Assert.Equal(made.Items, read.Items);
        Assert.Equal(
            (1, 0), (one.Count("cache_miss_total", "cache_layer=application"),
            one.Count("cache_hit_total", "cache_layer=application")));
        Assert.Equal(
            (0, 1), (two.Count("cache_miss_total", "cache_layer=application"),
            two.Count("cache_hit_total", "cache_layer=application")));
    }

    [Fact]
    public async Task Each_call_is_one_hit_or_one_miss_of_the_application_layer()
    {
        await using var node = await _source.StartAsync();

        for (var call = 0; call < 4; call++)
            await node.ByIdAsync("acme", 1);

        Assert.Equal(
            (3, 1), (node.Count("cache_hit_total", "cache_layer=application"),
            node.Count("cache_miss_total", "cache_layer=application")));
        Assert.Equal(
            (0, 0), (node.Count("cache_hit_total", "cache_layer=memory"),
            node.Count("cache_miss_total", "cache_layer=memory")));
        Assert.Equal(3, node.Count("cache_hit_total", "key_pattern=reports:{tenant}:{id}"));
    }
}
