using System.Diagnostics;
using ECommerce.Caching.Administration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Inspection;

/// <summary>
/// Listing and reset where Redis has very many keys, half of them of another program: 50,000, or a million with
/// <c>ECOMMERCE_TESTS=full</c>.
/// </summary>
/// <remarks>Alone, because the log of slow commands counts the time for which other programs have the core.</remarks>
[Collection(nameof(LongListingTests))]
[CollectionDefinition(nameof(LongListingTests), DisableParallelization = true)]
public class LongListingTests
{
    private const int Batch = 1000;
    private const int FirstId = 1_000_000;
    private static readonly int Each = TestScale.IsFull ? 500_000 : 25_000;

    // An entry contains its key, so each is a copy of the first one with another id of the same length.
    private const string Fill = """
        local entry = redis.call('GET', KEYS[1])
        for i = tonumber(ARGV[1]), tonumber(ARGV[1]) + tonumber(ARGV[2]) - 1 do
            redis.call('SET', 'other-program:' .. i, 'x')
            local copy = string.gsub(entry, ARGV[3], string.format('%.0f', i))
            redis.call('SET', string.gsub(KEYS[1], ARGV[3], string.format('%.0f', i)), copy, 'PX', 3600000)
        end
        """;

    private static readonly string[] Reads = ["SCAN", "GETRANGE", "PTTL", "STRLEN", "EXISTS", "TYPE"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_step_is_short_and_a_reset_removes_our_keys_only_however_many_there_are()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var server = client.GetServer(client.GetEndPoints()[0]);
        await FillAsync(node, client.GetDatabase());
        await server.ConfigSetAsync("slowlog-log-slower-than", "10000");
        await server.SlowlogResetAsync();

        var (listed, times) = await ListAsync(node);

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{times.Count} steps, median {times[times.Count / 2].TotalMilliseconds:0.0} ms, "
            + $"longest {times[^1].TotalMilliseconds:0.0} ms");
        Assert.Equal(Each, listed.Count);
        // Of the longest the machine decides.
        Assert.InRange(times[times.Count / 2], TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        var reset = await node.Services.GetRequiredService<ICacheAdministration>().ResetAsync(Ct);
        Assert.Equal(InvalidationOutcome.Applied, reset.Outcome);
        Assert.InRange(reset.Keys, Each, 2 * Each);
        // The memory of the node still has the entry that it has read itself, unusable.
        Assert.InRange((await ListAsync(node)).Listed.Count, 0, 1);
        Assert.True(await client.GetDatabase().KeyExistsAsync($"other-program:{FirstId + Each - 1}"));
        // What nodes agree by, and the versions of the copied entry's tags, stay.
        Assert.InRange(await server.DatabaseSizeAsync(), Each, Each + 20);
        await Eventually.TrueAsync(() => RepeatSlowAsync(server), "no command is slow whenever it is called");
    }

    // A command that waited for the core is in the log too: repeated, it is not. Only one that reads can be repeated.
    private static async Task<bool> RepeatSlowAsync(IServer server)
    {
        var slow = await server.SlowlogGetAsync(100);
        await server.SlowlogResetAsync();
        foreach (var command in slow)
        {
            var name = (string)command.Arguments[0]!;
            Assert.Contains(name, Reads, StringComparer.OrdinalIgnoreCase);
            await server.ExecuteAsync(name, [.. command.Arguments.Skip(1).Select(part => (object)(string)part!)]);
        }
        return slow.Length == 0;
    }

    private static async Task FillAsync(CacheNode node, IDatabase db)
    {
        var first = CacheNode.Product.Key("acme", FirstId);
        await node.ReadAsync(first, () => "value");
        await node.StoredAsync();
        for (var id = FirstId; id < FirstId + Each; id += Batch)
            await db.ScriptEvaluateAsync(Fill, [first], [id, Batch, FirstId]);
    }

    private static async Task<(HashSet<string> Listed, List<TimeSpan> Times)> ListAsync(CacheNode node)
    {
        var (listed, times) = (new HashSet<string>(StringComparer.Ordinal), new List<TimeSpan>());
        string? cursor = null;
        do
        {
            var started = Stopwatch.GetTimestamp();
            var page = await node.Inspector.ListKeysAsync("*", "acme", cursor, cancellationToken: Ct);
            times.Add(Stopwatch.GetElapsedTime(started));
            listed.UnionWith(page.Keys.Select(static key => key.Key));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return (listed, times);
    }
}
