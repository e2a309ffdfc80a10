using ECommerce.Caching.Policies;
using ECommerce.Caching.Serialization;

namespace ECommerce.Caching.Tests.Coherence;

/// <summary>Dropping by pattern: those of the key schema are tags, free ones are looked for.</summary>
public class PatternSweepTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("product:acme:*", true)]
    [InlineData("products:list:acme:*", true)]
    [InlineData("*", true)]
    [InlineData("product:*", false)]
    [InlineData("product:*:*", false)]
    [InlineData("product:ac?e:*", false)]
    [InlineData("product:acme:1*", false)]
    public void Patterns_of_the_key_schema_are_tags(string pattern, bool isTag) =>
        Assert.Equal(
            isTag, new PolicyRegistry([CacheNode.Product, CacheNode.ProductList], new CacheSettings()).IsTag(pattern));

    [Fact]
    public async Task A_pattern_of_the_schema_drops_its_tenant_part_and_looks_for_nothing()
    {
        await using var redis = await StartRedisAsync();
        var calls = new CountedCalls();
        await using var node = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        var foreign = CacheNode.Product.Key("globex", 1);
        await node.ReadAsync(Key, () => "old");
        await node.ReadAsync(foreign, () => "globex");
        calls.Clear();

        await node.Invalidator.InvalidatePatternAsync("product:acme:*", Ct);

        // The number, the version and the message: at once, or in a Redis Cluster one after the other.
        Assert.InRange(calls.Count, 1, 3);
        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        Assert.Equal("globex", await node.ReadAsync(foreign, () => "factory must not run"));
    }

    [Fact]
    public async Task A_free_pattern_drops_what_it_covers_on_all_nodes_and_in_redis()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await using var three = await CacheNode.StartAsync(redis);
        var keys = Enumerable.Range(1, 30).Select(i => CacheNode.Product.Key("acme", i)).ToArray();
        foreach (var key in keys)
        {
            await one.ReadAsync(key, () => "old");
            await two.ReadAsync(key, () => "old");
        }

        Assert.Equal(InvalidationOutcome.Applied, await two.Invalidator.InvalidatePatternAsync("product:*:1?", Ct));

        foreach (var node in new[] { one, two, three })
        {
            foreach (var key in keys)
            {
                Assert.Equal(
                    key.Length == "product:acme:1?".Length && key[^2] == '1' ? "new" : "old",
                    await node.ReadAsync(key, () => "new"));
            }
        }
    }

    [Fact]
    public async Task A_response_that_shows_a_covered_value_is_dropped_in_redis_too()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var (shows, gate) = (CacheNode.Product.Key("acme", 2), new Gate());
        gate.Open();
        await one.ReadAsync(Key, () => "old");
        await gate.ReadAsync(one, shows, "shows the old one", Ct, dependsOn: Key);

        await one.Invalidator.InvalidatePatternAsync("product:*:1", Ct);

        // The node has nothing of it in memory, so the entry in Redis decides.
        Assert.Equal("new", await two.ReadAsync(shows, () => "new"));
    }

    [Fact]
    public async Task A_value_whose_run_spans_the_sweep_is_not_stored()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        var making = gate.ReadAsync(one, Key, "old", Ct);
        await gate.Entered;

        await two.Invalidator.InvalidatePatternAsync("product:*:1", Ct);
        gate.Open();

        Assert.Equal("old", await making);
        Assert.Equal("new", await one.ReadAsync(Key, () => "new"));
        await using var three = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await three.ReadAsync(Key, () => "factory must not run"));
    }

    [Fact]
    public async Task A_value_stored_while_a_sweep_scans_redis_is_removed_again()
    {
        await using var redis = await StartRedisAsync();
        var faulty = new FaultyRedis();
        await using var one = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        await using var two = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        var making = gate.ReadAsync(one, Key, "old", Ct);
        await gate.Entered;
        var store = new TaskCompletionSource();
        (faulty.Calls, faulty.Until) = (0, store.Task);
        gate.Open();
        await Eventually.TrueAsync(() => faulty.Calls > 0, "the value is on its way to Redis");

        await two.Invalidator.InvalidatePatternAsync("product:*:1", Ct);
        store.SetResult();
        await making;

        // The node has neither received the sweep nor finds a version that was raised.
        await using var three = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await three.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task Foreign_keys_of_the_same_redis_are_left_alone()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var db = client.GetDatabase();
        await db.StringSetAsync("session:acme:1", "theirs");
        await db.StringSetAsync("session:acme:2", EntryFormat.MagicText + ", and of no policy");
        await db.StringSetAsync("product:acme:999", "not in our format");
        await db.HashSetAsync("product:acme:1000", "not even", "a text");
        await node.ReadAsync(Key, () => "old");
        await node.ReadAsync(CacheNode.Product.Key("globex", 1), () => "kept");

        await node.Invalidator.InvalidatePatternAsync("*acme*[0-9]", Ct);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        Assert.Equal("kept", await node.ReadAsync(CacheNode.Product.Key("globex", 1), () => "factory must not run"));
        Assert.Equal("theirs", await db.StringGetAsync("session:acme:1"));
        Assert.True(await db.KeyExistsAsync("session:acme:2"));
        Assert.Equal("not in our format", await db.StringGetAsync("product:acme:999"));
        Assert.True(await db.HashExistsAsync("product:acme:1000", "not even"));
    }

    [Fact]
    public async Task Dropping_everything_leaves_them_alone_too()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await client.GetDatabase().StringSetAsync("session:acme:1", "theirs");
        await node.ReadAsync(Key, () => "old");

        await node.Invalidator.InvalidatePatternAsync(CacheTags.Everything, Ct);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        Assert.Equal("theirs", await client.GetDatabase().StringGetAsync("session:acme:1"));
    }

    [Fact]
    public async Task Redis_is_looked_through_page_by_page()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        for (var id = 0; id < 20; id++)
            await node.ReadAsync(CacheNode.Product.Key("acme", id), () => "old");

        await node.Invalidator.InvalidatePatternAsync("product:*:1?", Ct);

        // KEYS would stop all others for as long as it takes, and so would DEL of large values.
        var used = new HashSet<string>();
        foreach (var endpoint in client.GetEndPoints())
        {
            used.UnionWith(
                (await client.GetServer(endpoint).InfoAsync("commandstats")).SelectMany(section => section)
                .Select(pair => pair.Key));
        }
        Assert.Contains("cmdstat_scan", used);
        Assert.Contains("cmdstat_unlink", used);
        Assert.DoesNotContain("cmdstat_keys", used);
    }

    [Fact]
    public async Task Without_redis_memory_is_swept()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "old");
        await node.ReadAsync(CacheNode.Product.Key("acme", 2), () => "kept");

        await node.Invalidator.InvalidatePatternAsync("product:*:1", Ct);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        Assert.Equal("kept", await node.ReadAsync(CacheNode.Product.Key("acme", 2), () => "factory must not run"));
    }

    [Fact]
    public void The_tag_of_a_user_is_carried_by_the_entries_of_that_user()
    {
        var mine = new CachePolicy("user_things:{tenant}:{user_id}:{qhash}", TimeSpan.FromMinutes(1), TimeSpan.Zero);
        var tags = new PolicyRegistry([mine], new CacheSettings()).Find(mine.Key("acme", 7, "x"), mine.Options)!
            .TagsOf(mine.Key("acme", 7, "x"));

        Assert.Contains(CacheTags.User("acme", 7), tags);
    }
}
