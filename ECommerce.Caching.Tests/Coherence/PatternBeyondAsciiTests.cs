namespace ECommerce.Caching.Tests.Coherence;

/// <summary>Memory matches characters, and Redis bytes: both cover the same.</summary>
public class PatternBeyondAsciiTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("caffè", "product:*:caff?")]
    [InlineData("caffè", "product:acme:caff[àèì]")]
    [InlineData("caffè", "product:acme:caff[^e]")]
    [InlineData("😀x", "product:*:??x")]
    [InlineData("è", "product:acme:\\è")]
    public async Task A_pattern_drops_in_redis_what_it_drops_in_memory(string id, string pattern)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        // Keys made by a policy escape such characters; a caller's own key need not.
        var key = "product:acme:" + id;
        await a.ReadAsync(key, () => "old");

        Assert.Equal(InvalidationOutcome.Applied, await b.Invalidator.InvalidatePatternAsync(pattern, Ct));

        Assert.Equal("new", await b.ReadAsync(key, () => "new"));
        Assert.Equal("new", await a.ReadAsync(key, () => "newer"));
    }

    [Fact]
    public async Task A_key_that_only_the_pattern_of_bytes_covers_is_kept()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        await a.ReadAsync("product:acme:caffèè", () => "kept");

        Assert.Equal(InvalidationOutcome.Applied, await b.Invalidator.InvalidatePatternAsync("product:acme:caff?", Ct));

        Assert.Equal("kept", await b.ReadAsync("product:acme:caffèè", () => "made"));
    }
}
