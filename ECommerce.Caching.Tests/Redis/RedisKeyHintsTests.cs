using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Redis;

/// <summary>
/// A key that Redis is believed to have is read by a plain GET; what is wrong with the belief shows in what is read.
/// </summary>
public class RedisKeyHintsTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_value_that_this_node_has_stored_is_read_by_one_plain_call()
    {
        await using var redis = await StartRedisAsync();
        var calls = new CountedCalls();
        await using var node = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        await node.ReadAsync(Key, () => "value");
        Forget(node);
        calls.Clear();

        Assert.Equal("value", await node.ReadAsync(Key, () => "factory must not run"));

        Assert.Equal(["StringGetAsync"], calls.Names);
    }

    [Fact]
    public async Task A_value_that_another_node_has_stored_since_lives_for_its_TTL_in_redis()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await using var other = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await node.ReadAsync(Key, () => "value");
        await node.StoredAsync();
        Forget(node);
        await client.GetDatabase().KeyDeleteAsync(Key);
        await other.Cache.GetOrCreateAsync(
            Key, 0, static (_, context, _) =>
            {
                context.LiveAtMost(TimeSpan.FromMinutes(2));
                return ValueTask.FromResult("another");
            },
            CacheNode.Product, Ct);
        await other.StoredAsync();

        Assert.Equal("another", await node.ReadAsync(Key, () => "factory must not run"));

        Assert.InRange(node.Memory.Peek(Key)!.StaleUntil - node.Clock.Now, 1, 2 * 60 * 1000);
    }

    [Fact]
    public async Task An_invalidated_key_has_no_hint()
    {
        await using var redis = await StartRedisAsync();
        var calls = new CountedCalls();
        await using var node = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        await node.ReadAsync(Key, () => "old");
        await node.Invalidator.InvalidateAsync([CacheNode.Product.All("acme")], Ct);
        calls.Clear();
        string[] before = [];

        await node.ReadAsync(Key, () =>
        {
            before = calls.Names;
            return "new";
        });

        // The script that also takes the lock.
        Assert.Equal(["ScriptEvaluateAsync"], before);
    }

    [Fact]
    public async Task A_value_without_a_tag_of_the_caller_is_made_anew_with_it()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "without");
        Forget(node);

        Assert.Equal(
            "with", await node.Cache.GetOrCreateAsync(
            Key, 0, static (_, _) => ValueTask.FromResult("with"), CacheNode.Product.Options, ["campaign:spring"], Ct));
    }

    [Fact]
    public async Task A_value_that_has_left_redis_is_made_anew_under_the_lock()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await using var other = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");
        Forget(node);
        using var client = redis.Connect();
        await client.GetDatabase().KeyDeleteAsync(Key);
        var gate = new Gate();

        var leads = gate.ReadAsync(node, Key, "anew", Ct);
        await gate.Entered;
        var waits = other.ReadAsync(Key, () => "own").AsTask();
        gate.Open();

        Assert.Equal("anew", await leads);
        Assert.Equal("anew", await waits);
    }

    [Fact]
    public async Task However_many_read_it_at_once_redis_is_asked_twice()
    {
        await using var redis = await StartRedisAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        await node.ReadAsync(Key, () => "value");
        Forget(node);
        var reply = new TaskCompletionSource();
        (faulty.Calls, faulty.Until) = (0, reply.Task);

        var reads = Enumerable.Range(0, 50).Select(_ => node.ReadAsync(Key, () => "factory must not run").AsTask())
            .ToArray();
        reply.SetResult();

        Assert.All(await Task.WhenAll(reads), value => Assert.Equal("value", value));
        Assert.Equal(2, faulty.Calls);
    }

    [Fact]
    public async Task A_cancelled_caller_does_not_keep_the_value_from_the_others()
    {
        await using var redis = await StartRedisAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        await node.ReadAsync(Key, () => "value");
        Forget(node);
        var reply = new TaskCompletionSource();
        (faulty.Calls, faulty.Until) = (0, reply.Task);
        using var leaving = new CancellationTokenSource();

        var left = node.Cache.GetOrCreateAsync<int, string>(
            Key, 0, static (_, _, _) =>
                throw new InvalidOperationException("A miss."), CacheNode.Product, leaving.Token).AsTask();
        await leaving.CancelAsync();
        var gone = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        reply.SetResult();

        Assert.Equal(leaving.Token, gone.CancellationToken);
        Assert.Equal("value", await node.ReadAsync(Key, () => "factory must not run"));
        await Eventually.TrueAsync(
            () => node.Services.GetRequiredService<CacheEngine>().KeyHints!.TryBeginRead(Key) is not null,
            "the read has ended");
    }

    [Fact]
    public async Task A_redis_that_does_not_reply_is_not_asked_again_by_the_run()
    {
        await using var redis = await StartRedisAsync();
        var faulty = new FaultyRedis();
        await using var node =
            await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()), ("REDIS_RETRY_ON_TIMEOUT", "false"));
        await node.ReadAsync(Key, () => "value");
        Forget(node);
        (faulty.Calls, faulty.Failures) = (0, 1);

        Assert.Equal("own", await node.ReadAsync(Key, () => "own"));

        Assert.Equal(1, faulty.Calls);
    }

    [Fact]
    public async Task An_unusable_value_in_redis_is_counted_once()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");
        Forget(node);
        using var client = redis.Connect();
        await client.GetDatabase().StringSetAsync(Key, "no entry", TimeSpan.FromMinutes(1));

        Assert.Equal("own", await node.ReadAsync(Key, () => "own"));

        Assert.Equal(1, node.Count("cache_error_total"));
    }

    [Fact]
    public async Task A_reply_is_not_used_if_the_connection_was_cut_meanwhile()
    {
        await using var redis = await StartRedisAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        await node.ReadAsync(Key, () => "old");
        Forget(node);
        using var client = redis.Connect();
        var watch = node.Services.GetRequiredService<ConnectionMonitor>();
        var (epoch, reply) = (watch.Epoch, new TaskCompletionSource());
        faulty.Until = reply.Task;

        var reading = node.ReadAsync(Key, () => "new").AsTask();
        await client.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await Eventually.TrueAsync(() => watch.Epoch != epoch, "the cut is noticed");
        reply.SetResult();

        // The reply may be of another Redis.
        Assert.Equal("new", await reading);
    }

    private static void Forget(CacheNode node) => node.Memory.RemoveWhere(entry => entry.Key == Key);
}
