using ECommerce.Caching.History;
using ECommerce.Caching.Inspection;
using ECommerce.Caching.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.History;

/// <summary>What the nodes count in a minute, kept in Redis for a day.</summary>
public class CacheHistoryTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Minutes_of_all_nodes_are_read_from_any_and_survive_their_end()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using (var two = await CacheNode.StartAsync(redis))
        {
            await one.ReadAsync(Key, () => "value");
            await two.ReadAsync(Key, () => "factory must not run");
            await two.ReadAsync(Key, () => "factory must not run");
            await SampleAsync(one);
            await two.ReadAsync(Key, () => "factory must not run");
            await SampleAsync(two);
            await two.ReadAsync(Key, () => "factory must not run");
            // The end of a node records what it counted last.
        }

        var history = await ReadAsync(one);

        Assert.True(history.AreOthersKnown);
        Assert.Equal(
            (3, 2, 1, 1), (Sum(history, "memory", hits: true), Sum(history, "memory", hits: false),
                Sum(history, "redis", hits: true), Sum(history, "redis", hits: false)));
        Assert.Equal(1, history.Minutes.SelectMany(Products).Sum(static policy => policy.Fills.Succeeded));
        Assert.Equal(2, history.Minutes.Select(static minute => minute.Node).Distinct().Count());
    }

    [Fact]
    public async Task Each_minute_is_what_was_counted_since_the_one_before()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "value");
        await SampleAsync(node);
        await node.ReadAsync(Key, () => "value");
        await node.ReadAsync(Key, () => "value");
        await node.Invalidator.InvalidateAsync(["order:acme:1"], Ct);

        await SampleAsync(node);
        var minutes = (await ReadAsync(node)).Minutes.OrderBy(static minute => minute.Number).ToArray();

        Assert.Equal(2, minutes.Length);
        Assert.Equal(
            [(1, 0L, 1L, 1L), (1, 2, 0, 0)],
            minutes.SelectMany(Products).Select(static policy =>
                (policy.Entries, policy.Layers[0].Hits, policy.Layers[0].Misses, policy.Fills.Succeeded)));
        Assert.Equal([0, 1], minutes.Select(static minute => minute.Invalidations.Tags));
    }

    [Fact]
    public async Task A_day_costs_a_bounded_list_an_hour_which_expires()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");
        await SampleAsync(node);
        using var client = redis.Connect();
        var key = RedisNames.Default.History(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 3600);
        var db = client.GetDatabase();

        Assert.InRange((await db.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromHours(25), TimeSpan.FromHours(26));
        Assert.InRange(((string)(await db.ListGetByIndexAsync(key, -1))!).Length, 50, 400);
        await db.ListRightPushAsync(key, [.. Enumerable.Repeat((StackExchange.Redis.RedisValue)"foreign", 4000)]);
        await node.ReadAsync(Key, () => "value");
        await SampleAsync(node);

        Assert.Equal(HistoryStore.MaxRecordsAnHour, await db.ListLengthAsync(key));
        Assert.NotEmpty((await ReadAsync(node)).Minutes);
    }

    [Fact]
    public async Task Without_redis_a_node_has_its_own_history_and_sends_it_when_redis_is_back()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await redis.KillAsync();
        await one.ReadAsync(Key, () => "value");
        await SampleAsync(one);

        var alone = await ReadAsync(one);
        await redis.StartAgainAsync();
        await using var two = await CacheNode.StartAsync(redis);
        await Eventually.TrueAsync(async () =>
        {
            await SampleAsync(one);
            return (await ReadAsync(two)).Minutes.SelectMany(Products).Any(static policy =>
                policy.Fills.Causes.RedisUnavailable == 1);
        }, "the other node reads what was counted meanwhile");

        Assert.False(alone.AreOthersKnown);
        Assert.Single(alone.Minutes);
    }

    [Fact]
    public void A_minute_is_read_as_it_was_written()
    {
        var minute = new CacheMinute(
            new DateTimeOffset(2026, 7, 15, 10, 3, 0, TimeSpan.Zero), "node", 1,
            [
                new PolicyStatistics(
                    "order:{tenant}:{id}", true, 3, 4096, null,
                    [new LayerStatistics("memory", 5, 2) { Timed = 5, Seconds = 0.000012 }])
                {
                    Fills = new FillStatistics(1, 2, 3, 0.25, 4, 5, 6, new MissCauses(7, 8, 9, 10, 11, 12)),
                },
                new PolicyStatistics("brands:{tenant}", true, 1, 400, null, []),
            ],
            new InvalidationStatistics(13, 14, 15, 0.5), 16, 17, CircuitState.Open);

        var text = MinuteCodec.Write(minute);
        var read = MinuteCodec.Read(text)!;

        Assert.InRange(text.Length, 100, 250);
        Assert.Equal(text, MinuteCodec.Write(read));
        Assert.Equal(minute with { Policies = read.Policies }, read);
        Assert.Equal(minute.Policies[0].Fills, read.Policies[0].Fills);
        Assert.Equal(minute.Policies[0].Layers, read.Policies[0].Layers);
        Assert.Equal(FillStatistics.None, read.Policies[1].Fills);
    }

    [Theory]
    [InlineData("")]
    [InlineData("foreign")]
    [InlineData("{}")]
    [InlineData("[2,0]")]
    [InlineData("[1,99999999999999999,\"node\",1,0,0,0,[0,0,0,0],[]]")]
    [InlineData("[1,0,\"node\",1,0,0,0,[0,0],[]]")]
    [InlineData("[1,0,null,1,0,0,0,[0,0,0,0],[[1]]]")]
    public void What_is_no_minute_is_left_out(string text) => Assert.Null(MinuteCodec.Read(text));

    private static Task SampleAsync(CacheNode node) =>
        node.Services.GetRequiredService<HistorySampler>().SampleAsync(Ct);

    private static Task<CacheHistory> ReadAsync(CacheNode node) =>
        node.Services.GetRequiredService<ICacheHistory>().ReadAsync(
            DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddMinutes(1), Ct);

    private static IEnumerable<PolicyStatistics> Products(CacheMinute minute) =>
        minute.Policies.Where(static policy => policy.Pattern == CacheNode.Product.Pattern);

    private static long Sum(CacheHistory history, string name, bool hits) =>
        history.Minutes.SelectMany(Products).SelectMany(static policy => policy.Layers)
            .Where(layer => layer.Layer == name).Sum(layer => hits ? layer.Hits : layer.Misses);
}
