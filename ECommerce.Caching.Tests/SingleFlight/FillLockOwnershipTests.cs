using System.Diagnostics;
using ECommerce.Caching.Redis;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>
/// Which node owns the lock of a run: it is renewed and released by its owner only, it expires with a dead owner, and
/// an owner that lost it does not store.
/// </summary>
public class FillLockOwnershipTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly string LockKey = "fl:{" + Key + "}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_holder_is_granted_its_lock_again()
    {
        await using var redis = await StartRedisAsync();
        using var client = redis.Connect();

        var first = await AskAsync("aTokenOf16Letter");
        var other = await AskAsync("anotherOf16Token");
        var again = await AskAsync("aTokenOf16Letter");

        Assert.Equal([true, false, true], [first.IsGranted, other.IsGranted, again.IsGranted]);
        Assert.True(other.IsHeld);
        Assert.Null(first.Value);
        // The mark of a waiting node stays.
        Assert.Equal("aTokenOf16Letter:7w", (string?)await client.GetDatabase().StringGetAsync(LockKey));

        async Task<LookupResult> AskAsync(string holder) => new((byte[])(await client.GetDatabase().ScriptEvaluateAsync(
            EntryScripts.Lookup, [Key, LockKey], [0, "absent", holder, 5000, 7]))!);
    }

    [Fact]
    public async Task A_dead_leader_delays_the_others_by_its_lock_and_no_more()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await client.GetDatabase()
            .StringSetAsync(LockKey, $"0123456789abcdef:{long.MaxValue / 4}", TimeSpan.FromMilliseconds(700));
        var clock = Stopwatch.StartNew();

        Assert.Equal("value", await node.ReadAsync(Key, () => "value"));

        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(600), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_lock_is_renewed_while_the_factory_runs()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var gate = new Gate();
        var leads = gate.ReadAsync(one, Key, "value", Ct);
        await gate.Entered;
        var holder = await client.GetDatabase().StringGetAsync(LockKey);
        var waits = two.ReadAsync(Key, () => "own").AsTask();

        foreach (var which in (string[])["first", "second"])
        {
            var least = await TimeToLiveAsync();
            await Eventually.TrueAsync(
                async () =>
                {
                    var left = await TimeToLiveAsync();
                    var isRenewed = left > least;
                    least = left;
                    return isRenewed;
                },
                $"the {which} renewal");
        }
        Assert.StartsWith(holder.ToString(), await client.GetDatabase().StringGetAsync(LockKey));
        gate.Open();

        Assert.Equal("value", await leads);
        Assert.Equal("value", await waits);

        async Task<TimeSpan> TimeToLiveAsync() => await client.GetDatabase().KeyTimeToLiveAsync(LockKey)
            ?? throw new InvalidOperationException("The lock has ended.");
    }

    [Fact]
    public async Task A_leader_that_was_overtaken_does_not_store()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var gate = new Gate();
        var slow = gate.ReadAsync(one, Key, "slow", Ct);
        await gate.Entered;

        // As if its process had been held up for longer than its lock lasts.
        await db.KeyDeleteAsync(LockKey);
        Assert.Equal("quick", await two.ReadAsync(Key, () => "quick"));
        gate.Open();
        Assert.Equal("slow", await slow);
        await one.StoredAsync();

        await using var three = await CacheNode.StartAsync(redis);
        Assert.Equal("quick", await three.ReadAsync(Key, () => "factory must not run"));
    }

    [Fact]
    public async Task A_value_set_from_outside_overtakes_a_leader_that_does_not_know_of_it()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var gate = new Gate();
        var leads = gate.ReadAsync(node, Key, "older", Ct);
        await gate.Entered;

        await db.ScriptEvaluateAsync(
            EntryScripts.Store, [Key, LockKey], ["set", 60_000, "", "cache:fills", Key, 0, 60_000]);
        gate.Open();
        await leads;
        await node.StoredAsync();

        Assert.Equal("set", await db.StringGetAsync(Key));
    }

    [Fact]
    public async Task A_value_set_from_outside_wakes_the_nodes_that_wait_for_the_leader()
    {
        await using var redis = await StartRedisAsync();
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var ended = new TaskCompletionSource<string?>();
        await client.GetSubscriber().SubscribeAsync(
            RedisChannel.Literal("cache:fills"), (_, key) => ended.TrySetResult(key));
        await db.StringSetAsync(LockKey, "0123456789abcdef:7w", TimeSpan.FromMinutes(1));

        await db.ScriptEvaluateAsync(
            EntryScripts.Store, [Key, LockKey], ["set", 60_000, "", "cache:fills", Key, 0, 60_000]);

        Assert.Equal(Key, await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct));
        Assert.False(await db.KeyExistsAsync(LockKey));
    }

    [Fact]
    public async Task Only_the_holder_releases_or_renews_a_lock()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var gate = new Gate();
        var leads = gate.ReadAsync(node, Key, "value", Ct);
        await gate.Entered;
        var holder = (string)(await db.StringGetAsync(LockKey))!;
        var left = await db.KeyTimeToLiveAsync(LockKey);

        await db.ScriptEvaluateAsync(
            EntryScripts.Release, [Key, LockKey], ["0123456789abcdef", "cache:fills", Key]);
        Assert.Equal(
            0, (int)await db.ScriptEvaluateAsync(EntryScripts.Renew, [LockKey], ["0123456789abcdef", 60_000]));

        Assert.Equal(holder, await db.StringGetAsync(LockKey));
        Assert.True(await db.KeyTimeToLiveAsync(LockKey) <= left + TimeSpan.FromSeconds(5));
        gate.Open();
        await leads;
        await node.StoredAsync();
        Assert.False(await db.KeyExistsAsync(LockKey));
    }
}
