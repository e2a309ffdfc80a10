using ECommerce.Caching.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Redis;

/// <summary>Invalidations that did not reach Redis, or that it has forgotten, are applied once it is back.</summary>
public class PendingInvalidationsTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static readonly string[] OtherTags = ["product:acme:*", "tenant:acme", "*"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_removal_made_while_redis_was_away_reaches_it_later()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        using var client = redis.Connect();
        var db = client.GetDatabase();
        var (value, version) = (await db.StringGetAsync(Key), await db.StringGetAsync(RedisNames.Default.Version(Key)));
        var others = await Task.WhenAll(
            OtherTags.Select(
            async tag =>
            (Key: RedisNames.Default.Version(tag), Value: await db.StringGetAsync(RedisNames.Default.Version(tag)))));
        var sequence = await db.StringGetAsync("seq:{cache}");

        await redis.KillAsync();
        await one.Cache.RemoveAsync(Key, Ct);
        await redis.StartAgainAsync();
        // A Redis that kept its data: a node that knows nothing of the removal must not find the old value usable once
        // it was replayed.
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
        await Eventually.TrueAsync(
            async () => await db.StringGetAsync(RedisNames.Default.Version(Key)) is { HasValue: true } now
                && now != version,
            "the kept removal has been applied");

        await using var two = await CacheNode.StartAsync(redis);
        Assert.True(sequence.HasValue);
        Assert.Equal("new", await two.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task Recent_commits_are_applied_again_when_redis_has_forgotten()
    {
        await using var redis = await RedisServer.StartAsync();
        var log = new RecentCommits();
        await using var node =
            await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<IInvalidationLog>(log));
        using var client = redis.Connect();
        var db = client.GetDatabase();
        log.Tags = ["customer:acme:42"];

        await ForgetAsync(client);

        await Eventually.TrueAsync(
            async () => await db.KeyExistsAsync(RedisNames.Default.Version("customer:acme:42")),
            "its version is raised again");
        Assert.Equal(TimeSpan.FromMinutes(10), log.Asked);
    }

    [Fact]
    public async Task A_database_that_cannot_list_recent_commits_is_asked_again()
    {
        await using var redis = await RedisServer.StartAsync();
        var log = new RecentCommits { Failures = 2 };
        await using var node =
            await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<IInvalidationLog>(log));
        using var client = redis.Connect();
        log.Tags = ["customer:acme:42"];

        await ForgetAsync(client);

        await Eventually.TrueAsync(
            async () => await client.GetDatabase().KeyExistsAsync(RedisNames.Default.Version("customer:acme:42")),
            "its version is raised again");
        // It failed twice and was logged once.
        Assert.Single(node.Log.Lines("cache_invalidate_not_replayed"));
    }

    [Fact]
    public async Task Until_it_is_applied_again_health_reports_a_pending_invalidation()
    {
        await using var redis = await RedisServer.StartAsync();
        var log = new RecentCommits();
        await using var node =
            await CacheNode.StartWithAsync(redis.Connect, services => services.AddSingleton<IInvalidationLog>(log));
        using var client = redis.Connect();
        var health = node.Services.GetRequiredService<CacheHealth>();
        // To a new node a new Redis is one that has forgotten.
        await Eventually.TrueAsync(async () => await health.PendingAsync(Ct) == 0, "nothing is pending");
        log.Failures = int.MaxValue;

        await ForgetAsync(client);

        await Eventually.TrueAsync(async () => await health.PendingAsync(Ct) == 1, "it is pending");
        log.Failures = 0;
        await Eventually.TrueAsync(async () => await health.PendingAsync(Ct) == 0, "it has been applied again");
    }

    [Fact]
    public async Task An_invalidation_whose_replay_fails_stays_pending()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        using var client = redis.Connect();
        faulty.Failures = 3;

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync(["customer:acme:42"], Ct));

        await Eventually.TrueAsync(
            async () => await client.GetDatabase().KeyExistsAsync(RedisNames.Default.Version("customer:acme:42")),
            "its version is raised");
        Assert.Equal(0, faulty.Failures);
    }

    [Fact]
    public async Task More_invalidations_than_can_be_pending_drop_everything()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        await node.ReadAsync(Key, () => "old");
        string[] tags = [.. Enumerable.Range(0, PendingInvalidations.Maximum + 1).Select(id => $"customer:acme:{id}")];
        faulty.Failures = 1;

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync(tags, Ct));

        await Eventually.TrueAsync(
            () => node.Log.Lines("cache_invalidate_replayed").Length > 0, "what was kept has been applied");
        Assert.StartsWith("1 ", node.Log.Lines("cache_invalidate_replayed").Single().Text, StringComparison.Ordinal);
        await using var cold = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await cold.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task While_an_invalidation_is_kept_redis_is_not_read()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        // Time stands still, so nothing is replayed.
        await using var node = await CacheNode.StartWithAsync(
            () => faulty.Around(redis.Connect()), services => services.AddSingleton<TimeProvider>(new ManualTime()));
        await node.ReadAsync(Key, () => "old");
        faulty.Failures = 1;

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidateAsync([Key], Ct));

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_pattern_that_redis_could_not_be_asked_for_drops_everything()
    {
        await using var redis = await RedisServer.StartAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        await node.ReadAsync(Key, () => "old");
        node.Memory.RemoveWhere(static _ => true);
        faulty.Failures = 2;

        Assert.Equal(InvalidationOutcome.Deferred, await node.Invalidator.InvalidatePatternAsync("product:*:1", Ct));

        await Eventually.TrueAsync(
            () => node.Log.Lines("cache_invalidate_replayed").Length > 0, "what was kept has been applied");
        await using var cold = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await cold.ReadAsync(Key, () => "new"));
    }

    private static async Task ForgetAsync(StackExchange.Redis.ConnectionMultiplexer client)
    {
        foreach (var key in client.GetServer(client.GetEndPoints()[0]).Keys(pageSize: 1000).ToArray())
            await client.GetDatabase().KeyDeleteAsync(key);
    }

    private sealed class RecentCommits : IInvalidationLog
    {
        private int _failures;

        public string[] Tags { get; set; } = [];

        public TimeSpan Asked { get; private set; }

        public int Failures { set => Volatile.Write(ref _failures, value); }

        public TimeSpan Reach => TimeSpan.FromHours(1);

        public Task<IReadOnlyCollection<string>> RecentAsync(
            TimeSpan period, CancellationToken cancellationToken = default)
        {
            Asked = period;
            return Interlocked.Decrement(ref _failures) >= 0
                ? Task.FromException<IReadOnlyCollection<string>>(
                    new InvalidOperationException("The database is away."))
                : Task.FromResult<IReadOnlyCollection<string>>(Tags);
        }

        public Task<int> CountPendingAsync(CancellationToken cancellationToken = default) => Task.FromResult(0);
    }
}
