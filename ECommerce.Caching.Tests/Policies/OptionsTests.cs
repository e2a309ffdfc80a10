using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Policies;

/// <summary>The options of a call: they give lifetimes and flags, and never take a key out of its policy.</summary>
public class OptionsTests
{
    private static readonly HybridCacheEntryOptions ForAnHour = new() { Expiration = TimeSpan.FromHours(1) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Key => CacheNode.Product.Key("acme", 1);

    public static TheoryData<string> Fillings => ["no options", "expiration", "flags", "SetAsync", "interpolated key"];

    [Theory]
    [MemberData(nameof(Fillings))]
    public async Task Entry_filled_under_other_options_is_invalidated_with_its_tenant(string filling)
    {
        await using var node = await CacheNode.StartAsync(null);
        await FillAsync(node, filling, "old");

        await node.Invalidator.InvalidateAsync([CacheTags.Tenant("acme")], Ct);

        Assert.Equal("new", await ReadAsync(node, "new"));
    }

    [Theory]
    [MemberData(nameof(Fillings))]
    public async Task Entry_filled_under_other_options_is_invalidated_with_its_pattern_on_another_node(string filling)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        await FillAsync(a, filling, "old");
        Assert.Equal("old", await ReadAsync(b, "new"));

        await a.Invalidator.InvalidateAsync([CacheNode.Product.All("acme")], Ct);

        Assert.Equal("new", await ReadAsync(b, "new"));
    }

    [Fact]
    public async Task Flag_of_a_policy_applies_to_its_keys_whatever_the_options()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.Services.GetRequiredService<ICacheFlags>().SetAsync("lists", false, Ct);
        var (runs, key) = (0, CacheNode.ProductList.Key("acme", "ff"));

        for (var i = 0; i < 2; i++)
            await node.Cache.GetOrCreateAsync(key, _ => new ValueTask<int>(++runs), ForAnHour, cancellationToken: Ct);

        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Sensitive_key_is_not_shared_in_plaintext_whatever_the_options()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        var key = CacheNode.Order.Key("acme", 1);

        await node.Cache.SetAsync(key, "secret", ForAnHour, cancellationToken: Ct);

        using var other = redis.Connect();
        Assert.False(await other.GetDatabase().KeyExistsAsync(key));
    }

    [Theory]
    [InlineData("product:acme:urn:isbn:1")]
    [InlineData("product:acme")]
    [InlineData("order:acme:1")]
    public async Task Key_outside_the_pattern_of_its_policy_is_not_cached(string key)
    {
        await using var node = await CacheNode.StartAsync(null);
        var runs = 0;

        for (var i = 0; i < 2; i++)
        {
            await node.Cache.GetOrCreateAsync(
                key, _ => new ValueTask<int>(++runs), CacheNode.Product.Options, cancellationToken: Ct);
        }

        Assert.Equal(2, runs);
        Assert.Contains("does not match the pattern", node.Log.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3600, 10)]
    [InlineData(10, 3600)]
    public async Task L1_keeps_an_entry_for_the_shorter_of_both_expirations(int expiration, int local)
    {
        await using var node = await CacheNode.StartAsync(null);
        var options = new HybridCacheEntryOptions
        {
            Expiration = TimeSpan.FromSeconds(expiration),
            LocalCacheExpiration = TimeSpan.FromSeconds(local),
        };
        var runs = 0;
        await ReadOneAsync();

        node.Clock.Advance(TimeSpan.FromSeconds(9));
        await ReadOneAsync();
        Assert.Equal(1, runs);
        node.Clock.Advance(TimeSpan.FromSeconds(2));
        await ReadOneAsync();

        Assert.Equal(2, runs);

        async Task ReadOneAsync() => await node.Cache.GetOrCreateAsync(
            "any", _ => new ValueTask<int>(++runs), options, cancellationToken: Ct);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task Entry_that_lives_less_than_a_millisecond_is_not_stored(int seconds)
    {
        await using var node = await CacheNode.StartAsync(null);
        var runs = 0;

        for (var i = 0; i < 2; i++)
        {
            await node.Cache.GetOrCreateAsync(
                Key, _ => new ValueTask<int>(++runs),
                new HybridCacheEntryOptions { Expiration = TimeSpan.FromSeconds(seconds) }, cancellationToken: Ct);
        }

        Assert.Equal(2, runs);
    }

    private static async Task FillAsync(CacheNode node, string filling, string value)
    {
        var cache = node.Cache;
        switch (filling)
        {
            case "SetAsync":
                await cache.SetAsync(Key, value, ForAnHour, cancellationToken: Ct);
                break;
            case "interpolated key":
                await cache.GetOrCreateAsync(
                    $"product:{"acme"}:{1}", value, static (v, _) => new ValueTask<string>(v), ForAnHour,
                    cancellationToken: Ct);
                break;
            default:
                var options = filling switch
                {
                    "expiration" => ForAnHour,
                    "flags" => new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableCompression },
                    _ => null,
                };
                await cache.GetOrCreateAsync(
                    Key, value, static (v, _) => new ValueTask<string>(v), options, cancellationToken: Ct);
                break;
        }
    }

    private static async Task<string> ReadAsync(CacheNode node, string value) =>
        await node.StoredAsync(node.Cache.GetOrCreateAsync(
            Key, value, static (v, _) => new ValueTask<string>(v), CacheNode.Product.Options, cancellationToken: Ct));
}
