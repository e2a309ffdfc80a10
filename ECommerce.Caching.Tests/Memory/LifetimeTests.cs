using ECommerce.Caching.Policies;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Caching.Tests.Memory;

public class LifetimeTests : RedisTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(60, true)]
    [InlineData(6 * 3600, false)]
    public async Task Each_policy_has_its_own_lifetime_in_memory(int freshSeconds, bool isList)
    {
        await using var node = await CacheNode.StartAsync(null);
        var policy = isList ? CacheNode.ProductList : CacheNode.Product;
        var key = policy.Key("acme", "x");
        await node.ReadAsync(key, () => "old", policy);

        node.Clock.Advance(TimeSpan.FromSeconds(freshSeconds - 1));
        Assert.Equal("old", await node.ReadAsync(key, () => "new", policy));

        node.Clock.Advance(TimeSpan.FromSeconds(2) + policy.Stale);
        Assert.Equal("new", await node.ReadAsync(key, () => "new", policy));
    }

    [Fact]
    public async Task A_null_is_cached_for_half_a_minute_at_most()
    {
        await using var node = await CacheNode.StartAsync(null);
        var key = CacheNode.Product.Key("acme", 404);
        Assert.Null(await node.ReadAsync(key, () => null));
        Assert.Null(await node.ReadAsync(key, () => "factory must not run"));

        node.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("created", await node.ReadAsync(key, () => "created"));
    }

    [Fact]
    public async Task Creating_what_was_not_there_shows_it_at_once()
    {
        await using var node = await CacheNode.StartAsync(null);
        var key = CacheNode.Product.Key("acme", 404);
        Assert.Null(await node.ReadAsync(key, () => null));

        await node.Cache.RemoveAsync(key, Ct);

        Assert.Equal("created", await node.ReadAsync(key, () => "created"));
    }

    [Fact]
    public async Task A_factory_may_shorten_the_life_of_its_value_or_refuse_to_have_it_kept()
    {
        await using var node = await CacheNode.StartAsync(null);
        ValueTask<string> Read(int id, string value, Action<CacheEntryContext> configure) =>
            node.Cache.GetOrCreateAsync(CacheNode.Product.Key("acme", id), (value, configure), static (s, context, _) =>
            {
                s.configure(context);
                return new ValueTask<string>(s.value);
            }, CacheNode.Product, Ct);

        await Read(1, "old", context => context.LiveAtMost(TimeSpan.FromSeconds(5)));
        node.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("new", await Read(1, "new", _ => { }));

        await Read(2, "old", context => context.DoNotStore());
        Assert.Equal("new", await Read(2, "new", _ => { }));
    }

    [Fact]
    public async Task A_value_over_the_limit_goes_to_its_caller_and_is_not_kept()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_MAX_VALUE_SIZE", "1000"));
        var large = new string('x', 1000);

        Assert.Equal(large, await node.ReadAsync(CacheNode.Product.Key("acme", 1), () => large));

        Assert.Equal(0, node.Memory.Count);
    }

    [Fact]
    public async Task Options_without_a_policy_give_a_lifetime()
    {
        await using var node = await CacheNode.StartAsync(null);
        var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromSeconds(10) };
        async Task<string> Read(string value) => await node.Cache.GetOrCreateAsync(
            "any", value, static (v, _) => new ValueTask<string>(v), options, ["mine"], Ct);

        Assert.Equal("old", await Read("old"));
        Assert.Equal("old", await Read("new"));
        await node.Cache.RemoveByTagAsync("mine", Ct);
        Assert.Equal("new", await Read("new"));
        node.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("newer", await Read("newer"));
    }

    [Fact]
    public void Jitter_takes_a_tenth_off_at_most()
    {
        var policy = new PolicyState("p", null, TimeSpan.FromSeconds(100), TimeSpan.Zero, true, 0.1, []);

        var lives = Enumerable.Range(0, 1000).Select(_ => policy.NextFresh().TotalSeconds).ToArray();

        Assert.All(lives, life => Assert.InRange(life, 90, 100));
        Assert.True(lives.Max() - lives.Min() > 5);
    }

    [Fact]
    public async Task The_settings_may_override_a_policys_lifetime()
    {
        await using var node =
            await CacheNode.StartAsync(null, ("Cache:Policies:product:{tenant}:{id}:Fresh", "00:00:07"));
        var key = CacheNode.Product.Key("acme", 1);
        await node.ReadAsync(key, () => "old");

        node.Clock.Advance(TimeSpan.FromSeconds(8) + CacheNode.Product.Stale);

        Assert.Equal("new", await node.ReadAsync(key, () => "new"));
    }

    [Theory]
    [InlineData("CACHE_BACKEND", "disk", "hybrid, redis or memory")]
    [InlineData("CACHE_MAX_MEM_ITEMS", "0", "whole number from 1")]
    [InlineData("CACHE_MAX_MEM_BYTES", "much", "whole number")]
    [InlineData("CACHE_ENABLED", "perhaps", "true or false")]
    [InlineData("CACHE_DEFAULT_TTL", "-1", "whole number from 1")]
    public void A_wrong_setting_is_refused_by_name(string name, string value, string allowed)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create(name, (string?)value)]).Build();

        var refusal = Assert.Throws<OptionsValidationException>(() => new CacheSettings(configuration));

        Assert.Contains(name, refusal.Message);
        Assert.Contains(allowed, refusal.Message);
    }

    [Fact]
    public async Task Switched_off_every_read_runs_its_factory()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_ENABLED", "false"));
        var key = CacheNode.Product.Key("acme", 1);

        Assert.Equal("1", await node.ReadAsync(key, () => "1"));
        Assert.Equal("2", await node.ReadAsync(key, () => "2"));
    }

    [Fact]
    public async Task The_redis_backend_keeps_nothing_in_the_process()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis, ("CACHE_BACKEND", "redis"));
        var key = CacheNode.Product.Key("acme", 1);

        await node.ReadAsync(key, () => "value");

        Assert.Equal("value", await node.ReadAsync(key, () => "factory must not run"));
        Assert.Equal(0, node.Memory.Count);
        Assert.Equal(1, node.Count("cache_hit_total", "cache_layer=redis"));
    }

    [Fact]
    public async Task Lookups_of_a_day_and_lists_of_half_a_minute_live_side_by_side()
    {
        await using var node = await CacheNode.StartAsync(
            null,
            ("Cache:Policies:product:{tenant}:{id}:Fresh", "1.00:00:00"),
                ("Cache:Policies:product:{tenant}:{id}:Stale", "00:00:00"),
            ("Cache:Policies:page:{tenant}:{id}:Fresh", "00:00:30"));
        var (lookup, list) = (CacheNode.Product.Key("acme", 1), CacheNode.Page.Key("acme", 1));
        await node.ReadAsync(lookup, () => "old");
        await node.ReadAsync(list, () => "old", CacheNode.Page);

        node.Clock.Advance(TimeSpan.FromSeconds(28));
        Assert.Equal("old", await node.ReadAsync(list, () => "new", CacheNode.Page));
        node.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("new", await node.ReadAsync(list, () => "new", CacheNode.Page));

        node.Clock.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal("old", await node.ReadAsync(lookup, () => "new"));
        node.Clock.Advance(TimeSpan.FromHours(0.1));
        Assert.Equal("new", await node.ReadAsync(lookup, () => "new"));
    }

    [Fact]
    public async Task Entries_that_are_made_together_do_not_end_together()
    {
        await using var node = await CacheNode.StartAsync(null);
        for (var i = 0; i < 200; i++)
        {
            await node.Cache.GetOrCreateAsync(
                $"any:{i}", static _ => new ValueTask<string>("value"), cancellationToken: Ct);
        }
        var now = node.Clock.Now;

        var left = node.Memory.Entries.Select(entry => (entry.FreshUntil - now) / 1000d).ToArray();

        // The default of 300 s, less a tenth at most and the time this test took.
        Assert.Equal(200, left.Length);
        Assert.All(left, seconds => Assert.InRange(seconds, 260, 300));
        Assert.True(left.Max() - left.Min() > 10);
    }

    [Fact]
    public async Task A_copy_of_what_redis_has_lives_no_longer_than_what_is_left_there()
    {
        await using var redis = await StartRedisAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        var key = CacheNode.Product.Key("acme", 1);
        await writer.ReadAsync(key, () => "value");
        using var client = redis.Connect();
        await client.GetDatabase().KeyExpireAsync(key, CacheNode.Product.Stale + TimeSpan.FromSeconds(10));

        Assert.Equal("value", await reader.ReadAsync(key, () => "factory must not run"));

        var copy = reader.Memory.Find(key)!;
        Assert.InRange(copy.FreshUntil - reader.Clock.Now, 1, 10_000);
        Assert.InRange(
            copy.StaleUntil - copy.FreshUntil, CacheNode.Product.Stale.TotalMilliseconds - 50,
            CacheNode.Product.Stale.TotalMilliseconds + 50);
    }
}
