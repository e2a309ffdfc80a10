using System.Diagnostics;

namespace ECommerce.Caching.Tests.Inspection;

/// <summary>Steps of a listing where Redis has far more keys than there are to list.</summary>
public class LongListingTests
{
    private const string Fill = """
        for i = tonumber(ARGV[1]), tonumber(ARGV[1]) + 999 do redis.call('SET', 'other-program:' .. i, 'x') end
        """;

    [Fact]
    public async Task A_step_is_short_and_blocks_nobody_however_many_keys_there_are()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var server = client.GetServer(client.GetEndPoints()[0]);
        for (var i = 0; i < (TestScale.IsFull ? 1000 : 50); i++)
            await client.GetDatabase().ScriptEvaluateAsync(Fill, [], [i * 1000]);
        string[] own = [.. Enumerable.Range(0, 50).Select(id => CacheNode.Product.Key("acme", id))];
        foreach (var key in own)
            await node.ReadAsync(key, () => "value");
        await server.SlowlogResetAsync();
        var (listed, times) = (new List<string>(), new List<TimeSpan>());
        string? cursor = null;

        do
        {
            var started = Stopwatch.GetTimestamp();
            var page = await node.Inspector.ListKeysAsync(
                "*", "acme", cursor, cancellationToken: TestContext.Current.CancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started));
            listed.AddRange(page.Keys.Select(key => key.Key));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{times.Count} steps, median {times[times.Count / 2].TotalMilliseconds:0.0} ms, "
            + $"longest {times[^1].TotalMilliseconds:0.0} ms");
        Assert.Equal(own.Order(), listed.Order());
        Assert.Empty(await server.SlowlogGetAsync());
        // Of the longest the machine decides.
        Assert.InRange(times[times.Count / 2], TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }
}
