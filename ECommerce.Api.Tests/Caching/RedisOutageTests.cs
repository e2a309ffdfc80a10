using ECommerce.Api.Tests.ServiceDefaults;
using ECommerce.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Caching;

public class RedisOutageTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static readonly string[] OtherTags = ["product:acme:*", "tenant:acme", "*"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_and_removals_survive_a_redis_outage_and_redis_is_used_again_afterwards()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");

        await redis.KillAsync();
        await one.Cache.RemoveAsync(Key, Ct);
        Assert.Equal("new", await one.ReadAsync(Key, () => "new"));
        Assert.True(one.Count("cache_invalidation_deferred_total") > 0);
        await redis.StartAgainAsync();

        var id = 100;
        await Eventually.TrueAsync(async () =>
        {
            // A key of its own each time, or memory would answer.
            var key = CacheNode.Product.Key("acme", ++id);
            await one.ReadAsync(key, () => "shared");
            return await two.ReadAsync(key, () => "own") == "shared";
        }, "values travel through Redis again");
    }

    [Fact]
    public async Task A_removal_made_while_redis_was_away_reaches_it_later()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var (value, version) = (await db.StringGetAsync(Key), await db.StringGetAsync(RedisLayer.VersionKey(Key)));
        var others = await Task.WhenAll(OtherTags.Select(async tag => (Key: RedisLayer.VersionKey(tag), Value: await db.StringGetAsync(RedisLayer.VersionKey(tag)))));
        var sequence = await db.StringGetAsync("seq:{cache}");

        await redis.KillAsync();
        await one.Cache.RemoveAsync(Key, Ct);
        await redis.StartAgainAsync();
        // A Redis that kept its data: a node that knows nothing of the removal must not find the old value usable once it was replayed.
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                foreach (var (key, known) in others)
                    await db.StringSetAsync(key, known);
                return await db.StringSetAsync(Key, value, TimeSpan.FromHours(6));
            }
            catch (StackExchange.Redis.RedisConnectionException)
            {
                return false;
            }
        }, "the client has reconnected");
        await Eventually.TrueAsync(async () => await db.StringGetAsync(RedisLayer.VersionKey(Key)) is { HasValue: true } now && now != version, "the kept removal has been applied");

        await using var two = await CacheNode.StartAsync(redis);
        Assert.True(sequence.HasValue);
        Assert.Equal("new", await two.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task Without_the_backplane_memory_is_trusted_for_two_seconds_only()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await redis.KillAsync();
        await Eventually.TrueAsync(() => node.Services.GetRequiredService<Backplane>().LeaseUntil < node.Clock.Now, "there is no lease");
        await node.ReadAsync(Key, () => "old");
        Assert.Equal("old", await node.ReadAsync(Key, () => "new"));

        node.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task After_a_silence_of_the_backplane_memory_is_dropped()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(CacheNode.Order.Key("acme", 1), () => "old", CacheNode.Order);

        await redis.KillAsync();
        await redis.StartAgainAsync();

        await Eventually.TrueAsync(async () => await node.ReadAsync(CacheNode.Order.Key("acme", 1), () => "new", CacheNode.Order) == "new", "what may have been overtaken is read again");
    }

    [Fact]
    public async Task Redis_may_be_absent_at_the_start()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        var starting = CacheNode.StartAsync(redis);
        await redis.StartAgainAsync();

        await using var node = await starting;
        Assert.Equal("value", await node.ReadAsync(Key, () => "value"));
    }

    [Fact]
    public async Task Numbers_go_on_from_the_highest_a_node_has_seen()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var seen = (long)await db.StringGetAsync(ClusterScripts.SequenceKey) + TimeSpan.FromHours(1).Ticks / 10;
        await db.StringSetAsync(ClusterScripts.SequenceKey, seen);
        await node.Invalidator.InvalidateAsync([Key], Ct);

        // As by a Redis that has forgotten it, and whose clock is an hour behind the one that was lost.
        await db.KeyDeleteAsync(ClusterScripts.SequenceKey);
        await node.Invalidator.InvalidateAsync([Key], Ct);

        Assert.True((long)await db.StringGetAsync(ClusterScripts.SequenceKey) > seen);
    }

    [Fact]
    public async Task Numbers_are_not_below_the_time_of_redis()
    {
        await using var redis = await RedisServer.StartAsync();
        using var client = redis.Connect();
        var started = new DateTimeOffset(client.GetServer(client.GetEndPoints()[0]).Time(), TimeSpan.Zero);

        await using var node = await CacheNode.StartAsync(redis);

        // One that has lost its own, and that no node remembers, so still issues higher ones than before.
        Assert.True((long)await client.GetDatabase().StringGetAsync(ClusterScripts.SequenceKey) >= (started - DateTimeOffset.UnixEpoch).Ticks / 10);
    }

    [Fact]
    public async Task Without_a_lease_the_two_seconds_count_from_before_the_value_was_read()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await redis.KillAsync();
        node.Clock.Advance(TimeSpan.FromSeconds(10));

        await node.ReadAsync(Key, () =>
        {
            node.Clock.Advance(TimeSpan.FromSeconds(3));
            return "old";
        });

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Theory]
    [InlineData("true", "shared")]
    [InlineData("false", "own")]
    public async Task A_read_that_timed_out_is_tried_once_more_if_that_is_wanted(string retry, string expected)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        var ill = new IllRedis();
        await using var reader = await CacheNode.StartOnAsync(() => ill.Around(redis.Connect()), ("REDIS_RETRY_ON_TIMEOUT", retry));
        await writer.ReadAsync(Key, () => "shared");
        ill.Failures = 1;

        Assert.Equal(expected, await reader.ReadAsync(Key, () => "own"));
    }

    [Fact]
    public async Task What_was_committed_of_late_is_applied_again_when_redis_has_forgotten()
    {
        await using var redis = await RedisServer.StartAsync();
        var log = new RecentCommits();
        await using var node = await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<IInvalidationLog>(log));
        using var client = redis.Connect();
        var db = client.GetDatabase();
        log.Tags = ["customer:acme:42"];

        await ForgetAsync(client);

        await Eventually.TrueAsync(async () => await db.KeyExistsAsync(RedisLayer.VersionKey("customer:acme:42")), "its version is raised again");
        Assert.Equal(TimeSpan.FromMinutes(10), log.Asked);
    }

    [Fact]
    public async Task A_database_that_cannot_tell_what_was_committed_of_late_is_asked_again()
    {
        await using var redis = await RedisServer.StartAsync();
        var log = new RecentCommits { Failures = 2 };
        await using var node = await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<IInvalidationLog>(log));
        using var client = redis.Connect();
        log.Tags = ["customer:acme:42"];

        await ForgetAsync(client);

        await Eventually.TrueAsync(async () => await client.GetDatabase().KeyExistsAsync(RedisLayer.VersionKey("customer:acme:42")), "its version is raised again");
        // Twice it failed, and once that was said.
        Assert.Single(node.Log.Lines("cache_invalidate_not_replayed"));
    }

    [Fact]
    public async Task What_fails_again_while_it_is_replayed_stays_kept()
    {
        await using var redis = await RedisServer.StartAsync();
        var ill = new IllRedis();
        await using var node = await CacheNode.StartOnAsync(() => ill.Around(redis.Connect()));
        using var client = redis.Connect();
        ill.Failures = 3;

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync(["customer:acme:42"], Ct));

        await Eventually.TrueAsync(async () => await client.GetDatabase().KeyExistsAsync(RedisLayer.VersionKey("customer:acme:42")), "its version is raised");
        Assert.Equal(0, ill.Failures);
    }

    [Fact]
    public async Task While_an_invalidation_is_kept_redis_is_not_read()
    {
        await using var redis = await RedisServer.StartAsync();
        var ill = new IllRedis();
        // Time stands still, so nothing is replayed.
        await using var node = await CacheNode.StartWithAsync(() => ill.Around(redis.Connect()), services => services.AddSingleton<TimeProvider>(new ManualTime()));
        await node.ReadAsync(Key, () => "old");
        ill.Failures = 1;

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync([Key], Ct));

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_pattern_that_redis_could_not_be_asked_for_drops_everything()
    {
        await using var redis = await RedisServer.StartAsync();
        var ill = new IllRedis();
        await using var node = await CacheNode.StartOnAsync(() => ill.Around(redis.Connect()));
        await node.ReadAsync(Key, () => "old");
        node.Memory.RemoveWhere(static _ => true);
        ill.Failures = 2;

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidatePatternAsync("product:*:1", Ct));

        await Eventually.TrueAsync(() => node.Log.Lines("cache_invalidate_replayed").Length > 0, "what was kept has been applied");
        await using var cold = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await cold.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_node_that_is_cut_off_serves_what_it_has_read_since_it_said_so_and_nothing_before()
    {
        await using var redis = await RedisServer.StartAsync();
        var word = new CutOff();
        await using var node = await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<ICutOffNodes>(word));
        var memory = node.Services.GetRequiredService<CutOffMemory>();
        await redis.KillAsync();
        await word.Asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        Assert.Equal("1", await node.ReadAsync(Key, () => "1"));
        Assert.Equal("2", await node.ReadAsync(Key, () => "2"));

        word.Said.SetResult();
        await Eventually.TrueAsync(() => memory.Covers(node.Clock.Now + 1000, node.Clock.Now), "what is read from now on may be served");

        // Within the two seconds of its own, but from before.
        Assert.Equal("3", await node.ReadAsync(Key, () => "3"));
        await Eventually.TrueAsync(async () => await node.ReadAsync(Key, () => "4") == await node.ReadAsync(Key, () => "5"), "it is served from memory");
    }

    [Fact]
    public async Task A_value_of_redis_counts_without_a_lease_from_before_it_was_asked_for()
    {
        await using var redis = await RedisServer.StartAsync();
        var slow = new SlowRead(Key);
        await using var writer = await CacheNode.StartAsync(redis);
        await writer.ReadAsync(Key, () => "old");
        await using var node = await CacheNode.StartOnAsync(() => slow.Around(redis.Connect()));
        var before = node.Clock.Now;
        var reading = node.ReadAsync(Key, () => "factory must not run").AsTask();
        await slow.Answered;
        var after = node.Clock.Now;

        node.Clock.Advance(TimeSpan.FromSeconds(1));
        slow.LetThrough();
        await reading;

        Assert.InRange(node.Memory.Find(Key)!.ReadAt, before, after);
    }

    private static async Task ForgetAsync(StackExchange.Redis.ConnectionMultiplexer client)
    {
        foreach (var key in client.GetServer(client.GetEndPoints()[0]).Keys(pageSize: 1000).ToArray())
            await client.GetDatabase().KeyDeleteAsync(key);
    }

    private sealed class CutOff : ICutOffNodes
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Said { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task SayAsync(string node, TimeSpan period, CancellationToken cancellationToken = default)
        {
            Asked.TrySetResult();
            await Said.Task;
        }
    }

    private sealed class RecentCommits : IInvalidationLog
    {
        private int _failures;

        public string[] Tags { get; set; } = [];

        public TimeSpan Asked { get; private set; }

        public int Failures { init => _failures = value; }

        public TimeSpan Reach => TimeSpan.FromHours(1);

        public Task<IReadOnlyCollection<string>> RecentAsync(TimeSpan period, CancellationToken cancellationToken = default)
        {
            Asked = period;
            return Interlocked.Decrement(ref _failures) >= 0
                ? Task.FromException<IReadOnlyCollection<string>>(new InvalidOperationException("The database is away."))
                : Task.FromResult<IReadOnlyCollection<string>>(Tags);
        }

        public Task<int> CountPendingAsync(CancellationToken cancellationToken = default) => Task.FromResult(0);
    }
}
