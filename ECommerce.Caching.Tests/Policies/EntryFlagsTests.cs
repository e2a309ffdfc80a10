using Microsoft.Extensions.Caching.Hybrid;
using static Microsoft.Extensions.Caching.Hybrid.HybridCacheEntryFlags;

namespace ECommerce.Caching.Tests.Policies;

/// <summary>Each flag of <see cref="HybridCacheEntryFlags"/> on keys that have a policy, in both layers.</summary>
public sealed class EntryFlagsTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private CacheNode _a = null!;
    private CacheNode _b = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Key => CacheNode.Product.Key("acme", 1);

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _a = await CacheNode.StartAsync(_redis);
        _b = await CacheNode.StartAsync(_redis);
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Without_underlying_data_a_read_returns_what_Redis_has()
    {
        await ReadAsync(_a, "stored");

        Assert.Equal("stored", await ReadAsync(_b, "factory", DisableUnderlyingData));
    }

    [Fact]
    public async Task Without_underlying_data_a_miss_is_the_default_and_is_not_stored()
    {
        Assert.Null(await ReadAsync(_a, "factory", DisableUnderlyingData));

        Assert.Equal("stored", await ReadAsync(_a, "stored"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("CACHE_ENABLED", "false")]
    public async Task Without_underlying_data_the_factory_never_runs(string variable, string value)
    {
        await using var node = variable.Length == 0
            ? await CacheNode.StartAsync(_redis)
            : await CacheNode.StartAsync(_redis, (variable, value));
        var key = variable.Length == 0 ? "unusable\u0001key" : Key;

        var found = await node.Cache.GetOrCreateAsync<string?>(
            key, static _ => throw new InvalidOperationException("The factory ran."),
            new HybridCacheEntryOptions { Flags = DisableUnderlyingData }, cancellationToken: Ct);

        Assert.Null(found);
    }

    [Fact]
    public async Task Without_local_read_a_read_returns_what_Redis_has()
    {
        await ReadAsync(_a, "stored");

        Assert.Equal("stored", await ReadAsync(_b, "factory", DisableLocalCacheRead));
    }

    [Fact]
    public async Task Without_local_write_the_value_is_in_Redis_only()
    {
        await ReadAsync(_a, "stored", DisableLocalCacheWrite);

        Assert.Null(await ReadAsync(_a, "factory", DisableDistributedCache | DisableUnderlyingData));
        Assert.Equal("stored", await ReadAsync(_b, "factory"));
    }

    [Fact]
    public async Task Without_local_write_a_value_of_Redis_is_not_kept_in_L1()
    {
        await ReadAsync(_a, "stored");
        Assert.Equal("stored", await ReadAsync(_b, "factory", DisableLocalCacheWrite));

        Assert.Null(await ReadAsync(_b, "factory", DisableDistributedCache | DisableUnderlyingData));
    }

    [Fact]
    public async Task Without_distributed_read_the_factory_runs_and_its_value_is_shared()
    {
        await ReadAsync(_a, "first");
        Assert.Equal("second", await ReadAsync(_b, "second", DisableDistributedCacheRead));

        await using var c = await CacheNode.StartAsync(_redis);
        Assert.Equal("second", await ReadAsync(c, "factory"));
    }

    [Fact]
    public async Task Without_distributed_write_the_value_is_in_L1_only()
    {
        await ReadAsync(_a, "first", DisableDistributedCacheWrite);

        Assert.Equal("first", await ReadAsync(_a, "factory"));
        Assert.Equal("second", await ReadAsync(_b, "second"));
    }

    [Fact]
    public async Task Without_distributed_write_a_value_of_Redis_is_read()
    {
        await ReadAsync(_a, "stored");

        Assert.Equal("stored", await ReadAsync(_b, "factory", DisableDistributedCacheWrite));
    }

    [Theory]
    [InlineData(DisableLocalCacheWrite, false, true)]
    [InlineData(DisableDistributedCacheWrite, true, false)]
    [InlineData(DisableDistributedCache, true, false)]
    public async Task SetAsync_writes_the_layers_that_its_flags_allow(
        HybridCacheEntryFlags flags, bool inMemory, bool inRedis)
    {
        await _a.Cache.SetAsync(
            Key, "set", new HybridCacheEntryOptions { Flags = flags }, cancellationToken: Ct);

        Assert.Equal(
            inMemory ? "set" : null, await ReadAsync(_a, "factory", DisableDistributedCache | DisableUnderlyingData));
        Assert.Equal(inRedis ? "set" : null, await ReadAsync(_b, "factory", DisableUnderlyingData));
    }

    [Fact]
    public async Task Null_key_is_an_argument_exception()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(
            async () => await _a.Cache.RemoveAsync((string)null!, Ct));
        await Assert.ThrowsAsync<ArgumentNullException>(
            async () => await _a.Cache.SetAsync(null!, "value", cancellationToken: Ct));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Blank_tag_removes_nothing(string? tag)
    {
        await ReadAsync(_a, "stored");

        await _a.Cache.RemoveByTagAsync(tag!, Ct);

        Assert.Equal("stored", await ReadAsync(_a, "factory"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Entry_with_a_reserved_or_blank_tag_is_an_argument_exception(string tag) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await _a.Cache.GetOrCreateAsync(
            Key, static _ => new ValueTask<string>("value"), tags: [tag], cancellationToken: Ct));

    [Fact]
    public async Task All_of_many_tags_are_removed()
    {
        string[] keys = [.. Enumerable.Range(0, 200).Select(i => CacheNode.Product.Key("acme", i))];
        foreach (var key in keys)
            await ReadAsync(_b, "old", None, key);

        await _a.Cache.RemoveByTagAsync([.. keys, "", keys[0]], Ct);

        foreach (var key in keys)
            Assert.Equal("new", await ReadAsync(_b, "new", None, key));
    }

    private static async Task<string?> ReadAsync(
        CacheNode node, string value, HybridCacheEntryFlags flags = None, string? key = null)
    {
        var found = await node.Cache.GetOrCreateAsync<string, string?>(
            key ?? Key, value, static (v, _) => new ValueTask<string?>(v),
            flags == None ? CacheNode.Product.Options : new HybridCacheEntryOptions { Flags = flags },
            cancellationToken: Ct);
        await node.StoredAsync();
        return found;
    }
}
