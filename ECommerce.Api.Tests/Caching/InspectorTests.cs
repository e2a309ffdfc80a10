using System.Diagnostics;
using System.Text.Json;
using ECommerce.Caching;
using ECommerce.Caching.Inspection;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Api.Tests.Caching;

/// <summary>What can be asked about the cache, and that asking changes nothing.</summary>
public class InspectorTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);
    private static readonly string OrderKey = CacheNode.Order.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_value_is_explained_in_both_layers()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");

        var told = await node.Inspector.ExplainAsync(Key, Ct);

        Assert.Equal((KeyFault.None, Key), (told.Fault, told.DataKey));
        Assert.Equal(new ExplainedPolicy("product:{tenant}:{id}", TimeSpan.FromHours(6), TimeSpan.FromMinutes(15), false, SingleFlightScope.Cluster, null, true, true), told.Policy);
        Assert.Equal((MemoryState.Fresh, (string?)null), (told.Memory.State, told.Memory.DroppedBy));
        Assert.Equal((RedisState.Fresh, (string?)null, (string?)null), (told.Redis.State, told.Redis.OutdatedBy, told.Redis.Fault));
        string[] tags = [Key, "product:acme:*", "tenant:acme", "*"];
        Assert.Equal(tags, told.Memory.Tags.Select(tag => tag.Tag));
        Assert.Equal(tags, told.Redis.Tags.Select(tag => tag.Tag));
        Assert.All(told.Redis.Tags, tag => Assert.True(tag is { IsOutdated: false, Version: > 0 } && tag.Version <= tag.Sequence));
        Assert.Equal(node.Memory.Bytes, told.Memory.Bytes);
        using var client = redis.Connect();
        Assert.Equal(await client.GetDatabase().StringLengthAsync(Key), told.Redis.Bytes);
        foreach (var (fresh, lives) in new[] { (told.Memory.FreshFor, told.Memory.LivesFor), (told.Redis.FreshFor, told.Redis.LivesFor) })
        {
            Assert.InRange(fresh!.Value, TimeSpan.FromHours(6) - TimeSpan.FromMinutes(1), TimeSpan.FromHours(6));
            Assert.InRange(lives!.Value - fresh.Value, TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));
        }
        Assert.Equal(new ExplainedFlight(FlightState.None, null, false), told.Flight);
        Assert.True(told.Node is { TrustsRedis: true, KeepsInvalidations: false, Circuit: CircuitState.Closed, IsEnabled: true });
        Assert.InRange(told.Node.Lease!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task An_invalidated_entry_names_the_tag_in_memory_and_in_redis()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await one.ReadAsync(Key, () => "old");
        await two.ReadAsync(Key, () => "old");

        await two.Invalidator.InvalidateAsync(["product:acme:*"], Ct);

        foreach (var node in new[] { one, two })
        {
            var told = await node.Inspector.ExplainAsync(Key, Ct);
            Assert.Equal((MemoryState.Invalidated, "product:acme:*"), (told.Memory.State, told.Memory.DroppedBy));
            Assert.Equal("product:acme:*", Assert.Single(told.Memory.Tags, tag => tag.DroppedAt > told.Memory.AsOf).Tag);
            Assert.Equal((RedisState.Invalidated, "product:acme:*"), (told.Redis.State, told.Redis.OutdatedBy));
            Assert.Equal("product:acme:*", Assert.Single(told.Redis.Tags, tag => tag.IsOutdated).Tag);
            Assert.Equal(MemoryState.Invalidated, (await ListAsync(node.Inspector.FindKeys("product:*", cancellationToken: Ct))).Single().Memory);
        }
    }

    [Fact]
    public async Task An_encrypted_entry_shows_that_it_is_and_nothing_of_its_content()
    {
        await using var redis = await StartRedisAsync();
        var setting = ("CACHE_ENCRYPTION_KEY", EncryptionTests.Key("k1", 1));
        await using var node = await CacheNode.StartAsync(redis, setting);
        await using var other = await CacheNode.StartAsync(redis, setting);
        await using var keyless = await CacheNode.StartAsync(redis);
        await node.ReadAsync(OrderKey, () => $"Rossi {new string('!', 5000)}", CacheNode.Order);

        var here = await node.Inspector.ExplainAsync(OrderKey, Ct);
        var there = await other.Inspector.ExplainAsync(OrderKey, Ct);
        var without = await keyless.Inspector.ExplainAsync(OrderKey, Ct);

        Assert.True(there.Redis is { State: RedisState.Fresh, EncryptedWith: "k1", IsCompressed: true, Tags.Count: 4 });
        Assert.Equal(MemoryState.Absent, there.Memory.State);
        Assert.True(without is { Redis: { State: RedisState.Unusable, Fault: nameof(EntryFault.UnknownKey), EncryptedWith: "k1", Tags.Count: 0 }, Policy.MayShare: false });
        foreach (var told in new[] { here, there, without })
            Assert.DoesNotContain("Rossi", JsonSerializer.Serialize(told) + told);
        var row = Assert.Single(await ListAsync(other.Inspector.FindKeys("order:*", cancellationToken: Ct)));
        Assert.True(row is { Memory: MemoryState.Absent, InRedis: true, RedisBytes: > 0 });
        Assert.InRange(row.FreshFor!.Value, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(120));
        Assert.DoesNotContain("Rossi", JsonSerializer.Serialize(row));
    }

    [Fact]
    public async Task What_was_planted_in_the_clear_under_a_sensitive_key_is_not_believed()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis, ("CACHE_ENCRYPTION_KEY", EncryptionTests.Key("k1", 1)));
        using var client = redis.Connect();
        var planted = EntryFormat.Write(OrderKey, new StoredEntry(1, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), [(OrderKey, 1)], "\"Rossi\""u8.ToArray()));
        await client.GetDatabase().StringSetAsync(OrderKey, planted, TimeSpan.FromMinutes(1));
        await client.GetDatabase().StringSetAsync(Key, "ECC2 and nonsense", TimeSpan.FromMinutes(1));

        Assert.Equal((RedisState.Unusable, nameof(EntryFault.NotEncrypted)), await StateAsync(OrderKey));
        Assert.Equal((RedisState.Unusable, nameof(EntryFault.Malformed)), await StateAsync(Key));

        async Task<(RedisState, string?)> StateAsync(string key) => await node.Inspector.ExplainAsync(key, Ct) is var told ? (told.Redis.State, told.Redis.Fault) : default;
    }

    [Fact]
    public async Task Asking_counts_as_no_hit_and_no_miss_and_leaves_no_trace()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await using var cold = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await node.ReadAsync(Key, () => "value");
        var (before, coldBefore, tags) = (Counts(node), Counts(cold), cold.Tags.Count);
        var life = await client.GetDatabase().KeyTimeToLiveAsync(Key);

        foreach (var asked in new[] { node, cold })
        {
            await asked.Inspector.ExplainAsync(Key, Ct);
            await asked.Inspector.ExplainAsync(CacheNode.Product.Key("acme", 2), Ct);
            await ListAsync(asked.Inspector.FindKeys("*", cancellationToken: Ct));
            await asked.Inspector.StatisticsAsync(Ct);
        }

        Assert.Equal(before, Counts(node));
        Assert.Equal(coldBefore, Counts(cold));
        Assert.Equal(tags, cold.Tags.Count);
        Assert.Equal(0, cold.Memory.Count);
        Assert.False(await client.GetDatabase().KeyExistsAsync(RedisLayer.FlightKey(CacheNode.Product.Key("acme", 2))));
        Assert.True(await client.GetDatabase().KeyTimeToLiveAsync(Key) <= life);

        static (long, long, long) Counts(CacheNode node) => (node.Count("cache_hit_total"), node.Count("cache_miss_total"), node.Count("cache_error_total"));
    }

    [Fact]
    public async Task Asking_saves_no_entry_from_eviction()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_MAX_MEM_ITEMS", "2"));
        string[] keys = [.. Enumerable.Range(1, 3).Select(id => CacheNode.Product.Key("acme", id))];
        await node.ReadAsync(keys[0], () => "asked about");
        await node.ReadAsync(keys[1], () => "not asked about");

        // About this one alone: were all of them marked, it would be as if none were.
        await node.Inspector.ExplainAsync(keys[0], Ct);
        await ListAsync(node.Inspector.FindKeys(keys[0], cancellationToken: Ct));
        await node.Inspector.StatisticsAsync(Ct);
        await node.ReadAsync(keys[2], () => "new");

        Assert.Equal(MemoryState.Absent, (await node.Inspector.ExplainAsync(keys[0], Ct)).Memory.State);
        Assert.Equal(MemoryState.Fresh, (await node.Inspector.ExplainAsync(keys[1], Ct)).Memory.State);
        Assert.Equal(1, (await node.Inspector.StatisticsAsync(Ct)).Evictions);
    }

    [Fact]
    public async Task Keys_are_found_in_memory_alone_in_redis_alone_and_in_both()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var (both, elsewhere) = (CacheNode.Product.Key("acme", 1), CacheNode.Product.Key("acme", 2));
        await one.ReadAsync(both, () => "value");
        await two.ReadAsync(elsewhere, () => "value");
        await one.ReadAsync(OrderKey, () => "sensitive, and there is no key", CacheNode.Order);
        await one.ReadAsync(CacheNode.Product.Key("globex", 1), () => "of another tenant");
        await client.GetDatabase().StringSetAsync("product:acme:8", "theirs");
        await client.GetDatabase().HashSetAsync("product:acme:9", "theirs", "too");

        var listing = one.Inspector.FindKeys("*:ac[l-n]e:?", cancellationToken: Ct);
        var rows = (await ListAsync(listing)).ToDictionary(row => row.Key);

        Assert.Equal([OrderKey, both, elsewhere], rows.Keys);
        Assert.Equal((RedisAnswer.Answered, false), (listing.Redis, listing.MayHaveMore));
        Assert.True(rows[both] is { Memory: MemoryState.Fresh, InRedis: true, MemoryBytes: > 0, RedisBytes: > 0, Policy: "product:{tenant}:{id}" });
        Assert.True(rows[elsewhere] is { Memory: MemoryState.Absent, InRedis: true, MemoryBytes: null, RedisBytes: > 0, Policy: "product:{tenant}:{id}" });
        Assert.True(rows[OrderKey] is { Memory: MemoryState.Fresh, InRedis: false, MemoryBytes: > 0, RedisBytes: null, Policy: "order:{tenant}:{id}" });
        Assert.InRange(rows[elsewhere].FreshFor!.Value, TimeSpan.FromHours(5.9), TimeSpan.FromHours(6));
        Assert.InRange(rows[elsewhere].LivesFor!.Value, TimeSpan.FromHours(6.2), TimeSpan.FromHours(6.25));
        Assert.InRange(rows[OrderKey].FreshFor!.Value, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task A_listing_ends_at_its_limit_and_says_so()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        for (var id = 0; id < 10; id++)
            await (id < 4 ? one : two).ReadAsync(CacheNode.Product.Key("acme", id), () => "value");

        Assert.Equal((3, true), await CountAsync(3));
        Assert.Equal((4, true), await CountAsync(4));
        Assert.Equal((7, true), await CountAsync(7));
        Assert.Equal((10, false), await CountAsync(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Inspector.FindKeys("*", 0, Ct));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Inspector.FindKeys("*", ICacheInspector.MostKeys + 1, Ct));
        Assert.Throws<ArgumentException>(() => one.Inspector.FindKeys("", cancellationToken: Ct));

        async Task<(int, bool)> CountAsync(int limit)
        {
            var listing = one.Inspector.FindKeys("product:*", limit, Ct);
            var rows = await ListAsync(listing);
            return (rows.Select(row => row.Key).Distinct().Count(), listing.MayHaveMore);
        }
    }

    [Fact]
    public async Task A_listing_can_be_cancelled()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ListAsync(node.Inspector.FindKeys("product:*", cancellationToken: cancelled.Token)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.Inspector.ExplainAsync(Key, cancelled.Token));
    }

    [Fact]
    public async Task Keys_that_nothing_is_kept_under_are_told_why()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await client.GetDatabase().ListRightPushAsync("queue", "theirs");
        await client.GetDatabase().ListRightPushAsync(Key, "theirs, under a key of ours");
        await node.Cache.GetOrCreateAsync("any", static _ => new ValueTask<string>("value"), new HybridCacheEntryOptions { Expiration = TimeSpan.FromMinutes(1) }, cancellationToken: Ct);

        Assert.Equal((KeyFault.Empty, RedisState.NotAsked, null), await TellAsync(""));
        Assert.Equal((KeyFault.TooLong, RedisState.NotAsked, null), await TellAsync("product:acme:" + new string('x', 1024)));
        Assert.Equal((KeyFault.ControlCharacter, RedisState.NotAsked, null), await TellAsync("product:acme\n"));
        Assert.Equal((KeyFault.HalfOfAPair, RedisState.NotAsked, null), await TellAsync("any \ud800"));
        Assert.Equal((KeyFault.NoPolicy, RedisState.Foreign, null), await TellAsync("queue"));
        Assert.Equal((KeyFault.NoPolicy, RedisState.Absent, null), await TellAsync("product:acme:1:2"));
        Assert.Equal((KeyFault.NoPolicy, RedisState.Absent, "(none)"), await TellAsync("any"));
        Assert.Equal((KeyFault.None, RedisState.Foreign, "product:{tenant}:{id}"), await TellAsync(Key));

        async Task<(KeyFault, RedisState, string?)> TellAsync(string key) =>
            await node.Inspector.ExplainAsync(key, Ct) is var told ? (told.Fault, told.Redis.State, told.Policy?.Pattern) : default;
    }

    [Fact]
    public async Task What_is_stale_in_memory_is_told_from_what_ran_out_of_time()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "value");

        node.Clock.Advance(CacheNode.Product.Fresh + TimeSpan.FromSeconds(1));
        var stale = (await node.Inspector.ExplainAsync(Key, Ct)).Memory;
        node.Clock.Advance(CacheNode.Product.Stale);
        var expired = (await node.Inspector.ExplainAsync(Key, Ct)).Memory;

        Assert.Equal((MemoryState.Stale, TimeSpan.Zero), (stale.State, stale.FreshFor));
        Assert.InRange(stale.LivesFor!.Value, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        Assert.InRange(stale.Age!.Value, CacheNode.Product.Fresh, CacheNode.Product.Fresh + TimeSpan.FromMinutes(1));
        Assert.Equal((MemoryState.Expired, TimeSpan.Zero), (expired.State, expired.LivesFor));
    }

    [Fact]
    public async Task What_is_stale_in_redis_is_told_by_how_long_it_stays_there()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await node.ReadAsync(Key, () => "value");

        await client.GetDatabase().KeyExpireAsync(Key, CacheNode.Product.Stale - TimeSpan.FromSeconds(1));
        var told = (await node.Inspector.ExplainAsync(Key, Ct)).Redis;

        Assert.Equal((RedisState.Stale, TimeSpan.Zero), (told.State, told.FreshFor));
        Assert.InRange(told.LivesFor!.Value, TimeSpan.FromMinutes(14), CacheNode.Product.Stale);
    }

    [Fact]
    public async Task A_node_that_lost_track_of_the_others_says_that_it_forgot_all_it_had()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");

        node.Clock.Advance(TimeSpan.FromSeconds(10));

        await Eventually.TrueAsync(
            async () => (await node.Inspector.ExplainAsync(Key, Ct)).Memory is { State: MemoryState.Forgotten, DroppedBy: null }, "it follows the messages again");
    }

    [Fact]
    public async Task An_entry_whose_version_redis_has_lost_is_no_longer_valid_for_who_must_ask()
    {
        await using var redis = await StartRedisAsync();
        await using var maker = await CacheNode.StartAsync(redis);
        await maker.ReadAsync(Key, () => "value");
        await using var late = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();

        await client.GetDatabase().KeyDeleteAsync(RedisLayer.VersionKey("tenant:acme"));
        var told = await late.Inspector.ExplainAsync(Key, Ct);

        Assert.Equal((RedisState.Forgotten, "tenant:acme"), (told.Redis.State, told.Redis.OutdatedBy));
        Assert.Equal("own", await late.ReadAsync(Key, () => "own"));
    }

    [Fact]
    public async Task A_flight_is_seen_here_and_as_a_lock_from_everywhere()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        var leads = gate.ReadAsync(one, Key, "value", Ct);
        await gate.Entered;

        var (here, there) = (await one.Inspector.ExplainAsync(Key, Ct), await two.Inspector.ExplainAsync(Key, Ct));
        Assert.Equal((FlightState.Running, false), (here.Flight.Here, here.Flight.IsAwaited));
        Assert.Equal((FlightState.None, false), (there.Flight.Here, there.Flight.IsAwaited));
        Assert.InRange(there.Flight.LockedFor!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5));
        Assert.Equal(1, (await one.Inspector.StatisticsAsync(Ct)).FlightsRunning);

        var waits = two.ReadAsync(Key, () => "own").AsTask();
        await Eventually.TrueAsync(async () => (await one.Inspector.ExplainAsync(Key, Ct)).Flight.IsAwaited, "the other node waits");
        gate.Open();
        await leads;
        Assert.Equal("value", await waits);
        Assert.Equal(new ExplainedFlight(FlightState.None, null, false), (await one.Inspector.ExplainAsync(Key, Ct)).Flight);
    }

    [Fact]
    public async Task A_flight_that_has_just_failed_is_told()
    {
        await using var node = await CacheNode.StartAsync(null);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await node.ReadAsync(Key, () => throw new InvalidOperationException("The source is away.")));

        Assert.Equal(FlightState.Failed, (await node.Inspector.ExplainAsync(Key, Ct)).Flight.Here);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(FlightState.None, (await node.Inspector.ExplainAsync(Key, Ct)).Flight.Here);
    }

    [Fact]
    public async Task A_response_falls_under_the_policy_of_the_data_it_shows()
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        var response = "out:" + Key + ":admin";
        CacheTrace.Begin();
        await node.ReadAsync(Key, () => "value");
        await node.ReadAsync(Key, () => "value");
        await node.Services.GetRequiredService<IOutputCacheStore>().SetAsync(response, "body"u8.ToArray(), null, TimeSpan.FromMinutes(1), Ct);

        var told = await node.Inspector.ExplainAsync(response, Ct);

        Assert.Equal((KeyFault.None, Key, "product:{tenant}:{id}"), (told.Fault, told.DataKey, told.Policy?.Pattern));
        Assert.Equal((MemoryState.Fresh, RedisState.Fresh), (told.Memory.State, told.Redis.State));
        string[] both = [response, Key];
        Assert.Equal(both, (await ListAsync(node.Inspector.FindKeys("product:acme:1*", cancellationToken: Ct))).Select(row => row.Key));
        Assert.Equal(both, (await ListAsync(node.Inspector.FindKeys("*acme*", cancellationToken: Ct))).Select(row => row.Key));
        await node.Invalidator.InvalidateAsync([Key], Ct);
        Assert.Equal(Key, (await node.Inspector.ExplainAsync(response, Ct)).Redis.OutdatedBy);
    }

    [Fact]
    public async Task Statistics_are_told_by_policy_and_layer()
    {
        await using var redis = await StartRedisAsync();
        await using var writer = await CacheNode.StartAsync(redis);
        await using var node = await CacheNode.StartAsync(redis);
        await writer.ReadAsync(Key, () => "value");
        await node.ReadAsync(Key, () => "factory must not run");
        await node.ReadAsync(Key, () => "factory must not run");
        await node.ReadAsync(Key, () => "factory must not run");
        await node.ReadAsync(CacheNode.Product.Key("acme", 2), () => "value");
        await node.Flags.SetAsync("lists", false, Ct);

        var told = await node.Inspector.StatisticsAsync(Ct);

        var product = told.Policies.Single(policy => policy.Pattern == "product:{tenant}:{id}");
        Assert.Equal([new LayerStatistics("memory", 2, 2), new LayerStatistics("redis", 1, 1), new LayerStatistics("output", 0, 0)], product.Layers);
        Assert.Equal([0.5, 0.5, null], product.Layers.Select(layer => layer.HitRate));
        Assert.Equal((0.75, 2, node.Memory.Bytes), (product.HitRate, product.Entries, product.Bytes));
        Assert.Equal((0.75, 2, node.Memory.Bytes, 0L, 0, 0), (told.HitRate, told.Entries, told.Bytes, told.Evictions, told.FlightsRunning, told.PendingInvalidations));
        Assert.False(told.Policies.Single(policy => policy.Pattern == "products:list:{tenant}:{qhash}").IsOn);
        Assert.Equal(["(none)", "cheap:{tenant}:{id}", "order:{tenant}:{id}", "page:{tenant}:{id}", "product:{tenant}:{id}", "products:list:{tenant}:{qhash}"], told.Policies.Select(policy => policy.Pattern));
        Assert.True(told.Node is { TrustsRedis: true, Backend: CacheBackend.Hybrid, Circuit: CircuitState.Closed });
    }

    [Fact]
    public async Task Without_redis_at_all_memory_is_told()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "value");
        await node.Invalidator.InvalidateAsync([Key], Ct);

        var listing = node.Inspector.FindKeys("product:*", 1, Ct);
        var row = Assert.Single(await ListAsync(listing));
        var told = await node.Inspector.ExplainAsync(Key, Ct);

        Assert.Equal((RedisAnswer.NotUsed, false), (listing.Redis, listing.MayHaveMore));
        Assert.True(row is { Memory: MemoryState.Invalidated, InRedis: null });
        Assert.Equal((MemoryState.Invalidated, Key, RedisState.NotUsed), (told.Memory.State, told.Memory.DroppedBy, told.Redis.State));
        Assert.True(told is { Node: { Lease: null, TrustsRedis: null }, Policy.MayShare: false });
    }

    [Fact]
    public async Task A_redis_that_does_not_answer_is_given_up_within_its_time()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var node = await CacheNode.StartOnAsync(
            () => ConnectionMultiplexer.Connect($"{redis.ConnectionString},abortConnect=false,syncTimeout=30000"), configuration => new CacheSettings(configuration));
        await node.ReadAsync(Key, () => "value");
        await redis.PauseAsync();
        try
        {
            var started = Stopwatch.GetTimestamp();
            var told = await node.Inspector.ExplainAsync(Key, Ct);
            var some = node.Inspector.FindKeys("product:*", cancellationToken: Ct);
            var row = Assert.Single(await ListAsync(some));
            var none = node.Inspector.FindKeys("order:*", cancellationToken: Ct);
            Assert.Empty(await ListAsync(none));
            await node.Inspector.StatisticsAsync(Ct);

            // Three times a fifth of a second, or two in one listing; the client itself would wait for half a minute.
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
            Assert.Equal(RedisState.Away, told.Redis.State);
            Assert.NotEqual(MemoryState.Absent, told.Memory.State);
            Assert.Equal((RedisAnswer.Away, RedisAnswer.Away), (some.Redis, none.Redis));
            Assert.Null(row.InRedis);
            Assert.Equal(CircuitState.Closed, node.Metrics.Circuit("redis"));
        }
        finally
        {
            await redis.GoOnAsync();
        }
    }

    [Fact]
    public async Task A_redis_that_has_gone_is_told()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await node.ReadAsync(Key, () => "value");
        await redis.KillAsync();
        await node.Invalidator.InvalidateAsync(["customer:acme:42"], Ct);
        node.Clock.Advance(TimeSpan.FromSeconds(2));

        var told = await node.Inspector.ExplainAsync(Key, Ct);
        var listing = node.Inspector.FindKeys("order:*", cancellationToken: Ct);

        Assert.Empty(await ListAsync(listing));
        Assert.Equal(RedisAnswer.Away, listing.Redis);
        Assert.Equal((MemoryState.Unleased, RedisState.Away), (told.Memory.State, told.Redis.State));
        Assert.True(told.Node is { TrustsRedis: false, KeepsInvalidations: true } && told.Node.Lease == TimeSpan.Zero);
        Assert.Equal(1, (await node.Inspector.StatisticsAsync(Ct)).PendingInvalidations);
    }

    private static async Task<List<CachedKey>> ListAsync(CachedKeys listing)
    {
        var rows = new List<CachedKey>();
        await foreach (var row in listing.WithCancellation(Ct))
            rows.Add(row);
        return rows;
    }
}
