using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Memory;

/// <summary>
/// Entries that end when they are not read for ten minutes, and after an hour and ten minutes anyway.
/// </summary>
public class SlidingExpirationTests : RedisTests
{
    private static readonly string Key = CacheNode.Session.Key("acme", 1);
    private static readonly TimeSpan Sliding = CacheNode.Session.Sliding!.Value;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entry_that_is_not_read_for_its_sliding_time_ends()
    {
        await using var node = await CacheNode.StartAsync(null);
        await ReadAsync(node, "old");

        node.Clock.Advance(Sliding + TimeSpan.FromSeconds(1));

        Assert.Equal("new", await ReadAsync(node, "new"));
    }

    [Fact]
    public async Task Entry_that_is_read_lives_to_the_end_of_its_fresh_and_stale_time_and_no_longer()
    {
        await using var node = await CacheNode.StartAsync(null);
        await ReadAsync(node, "old");
        for (var minutes = 6; minutes < 60; minutes += 6)
        {
            node.Clock.Advance(TimeSpan.FromMinutes(6));
            Assert.Equal("old", await ReadAsync(node, "factory must not run"));
        }
        Assert.Equal(0, node.Count("cache_stale_served_total"));

        // The fresh time is over; a stale read renews it too.
        node.Clock.Advance(TimeSpan.FromMinutes(7));
        var renewed = 0;
        node.Services.GetRequiredService<MemoryEntryStore>().Renewed += _ => renewed++;
        Assert.Equal("old", await ReadStaleAsync(node));
        Assert.Equal("old", await ReadStaleAsync(node));
        Assert.Equal(1, renewed);
        node.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("old", await ReadStaleAsync(node));
        node.Clock.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal("new", await ReadAsync(node, "new"));
    }

    [Fact]
    public async Task Stale_entry_that_is_not_read_ends_before_its_stale_time_does()
    {
        await using var node = await CacheNode.StartAsync(null);
        await ReadAsync(node, "old");
        for (var minutes = 6; minutes < 60; minutes += 6)
        {
            node.Clock.Advance(TimeSpan.FromMinutes(6));
            await ReadAsync(node, "factory must not run");
        }

        // After 65 minutes, 11 after the last read; stale until 70.
        node.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Null(await ReadStaleAsync(node));
    }

    [Fact]
    public async Task Reads_of_the_first_half_renew_nothing_and_of_the_second_half_the_first_does()
    {
        await using var node = await CacheNode.StartAsync(null);
        var renewed = 0;
        node.Services.GetRequiredService<MemoryEntryStore>().Renewed += _ => renewed++;
        await ReadAsync(node, "old");

        node.Clock.Advance(Sliding * 0.4);
        await ReadAsync(node, "factory must not run");
        Assert.Equal(0, renewed);
        node.Clock.Advance(Sliding * 0.2);
        await ReadAsync(node, "factory must not run");
        await ReadAsync(node, "factory must not run");
        Assert.Equal(1, renewed);

        // Read after 40 and 60 % of the time, so it lives to 160 %.
        node.Clock.Advance(Sliding * 0.45);
        await ReadAsync(node, "factory must not run");
        node.Clock.Advance(Sliding);
        Assert.Equal("new", await ReadAsync(node, "new"));
    }

    [Fact]
    public async Task Read_in_memory_renews_the_entry_in_Redis()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        await ReadAsync(node, "value");
        Assert.InRange(await LeftAsync(db), 1, Sliding.TotalSeconds);
        await db.KeyExpireAsync(Key, Sliding * 0.3);

        // As a read does after half of the time; a node whose clock is advanced so far has no lease.
        node.Services.GetRequiredService<MemoryEntryStore>().Renewed!(node.Memory.Peek(Key)!);

        await Eventually.TrueAsync(
            async () => await LeftAsync(db) > Sliding.TotalSeconds * 0.9, "the entry is renewed in Redis");
    }

    [Fact]
    public async Task Entry_in_Redis_is_not_renewed_within_the_first_half()
    {
        await using var redis = await StartRedisAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await ReadAsync(writer, "value");
        await client.GetDatabase().KeyExpireAsync(Key, Sliding * 0.7);

        await ReadAsync(reader, "factory must not run");

        Assert.InRange(await LeftAsync(client.GetDatabase()), 1, Sliding.TotalSeconds * 0.7);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_in_Redis_renews_the_entry_there_and_knows_its_fresh_time(bool asBatch)
    {
        await using var redis = await StartRedisAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        await ReadAsync(writer, "value");
        await db.KeyExpireAsync(Key, Sliding * 0.3);

        var value = asBatch ? (await new BatchSource().ReadAsync(reader, [Key], CacheNode.Session))[0]
            : await ReadAsync(reader, "factory must not run");

        Assert.Equal("value", value);
        Assert.InRange(await LeftAsync(db), Sliding.TotalSeconds * 0.9, Sliding.TotalSeconds);
        var idle = reader.Memory.Peek(Key)!.Idle!;
        Assert.InRange(TimeSpan.FromMilliseconds(idle.FreshUntil - reader.Clock.Now).TotalMinutes, 59, 60.1);
    }

    [Fact]
    public async Task Entry_in_Redis_is_not_renewed_beyond_the_end_of_its_life()
    {
        await using var redis = await StartRedisAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var reader = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        await writer.Cache.GetOrCreateAsync(
            Key, 0, static (_, context, _) =>
            {
                context.LiveAtMost(TimeSpan.FromMinutes(6));
                return new ValueTask<string>("value");
            }, CacheNode.Session, Ct);
        await writer.StoredAsync();
        await db.KeyExpireAsync(Key, TimeSpan.FromMinutes(1));

        await ReadAsync(reader, "factory must not run");

        Assert.InRange(await LeftAsync(db), 5 * 60, 6 * 60);
    }

    [Fact]
    public async Task Renewed_entry_is_still_invalidated()
    {
        await using var redis = await StartRedisAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        await ReadAsync(a, "old");

        await b.Invalidator.InvalidateAsync([Key], Ct);
        a.Clock.Advance(Sliding * 0.6);

        Assert.Equal("new", await ReadAsync(a, "new"));
    }

    [Fact]
    public async Task Compressed_entry_with_a_sliding_time_is_read_by_another_node()
    {
        (string, string)[] settings = [("CACHE_ENCRYPTION_KEY", $"k:{Convert.ToBase64String(new byte[32])}")];
        await using var redis = await StartRedisAsync();
        await using var a = await CacheNode.StartAsync(redis, settings);
        await using var b = await CacheNode.StartAsync(redis, settings);
        var text = string.Concat(Enumerable.Range(0, 2000).Select(static n => n % 10));
        await ReadAsync(a, text);

        Assert.Equal(text, await ReadAsync(b, "factory must not run"));
    }

    [Fact]
    public void Sliding_time_that_cannot_work_is_refused_naming_the_policy()
    {
        foreach (var sliding in (TimeSpan[])[TimeSpan.FromMilliseconds(999), TimeSpan.FromMinutes(2), -Sliding])
        {
            var error = Assert.Throws<ArgumentException>(() =>
                new CachePolicy("p:{tenant}", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)) { Sliding = sliding });
            Assert.Contains("'p:{tenant}'", error.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<string?> ReadAsync(CacheNode node, string value) =>
        await node.ReadAsync(Key, () => value, CacheNode.Session);

    // Without a refresh behind it.
    private static async Task<string?> ReadStaleAsync(CacheNode node)
    {
        var found = await node.Cache.TryGetAsync<string>(Key, Ct);
        return found.Found ? found.Value : null;
    }

    private static async Task<double> LeftAsync(IDatabase db) =>
        (await db.KeyTimeToLiveAsync(Key))?.TotalSeconds ?? 0;
}
