using ECommerce.Caching.Coherence;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Policies;

/// <summary>Switching policies off and on while the nodes run.</summary>
public class CacheFlagsTests : RedisTests
{
    private static readonly string Key = CacheNode.ProductList.Key("acme", "q");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_policy_switched_off_is_neither_read_nor_stored_on_any_node_at_once()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await ReadAsync(one, "old");
        await ReadAsync(two, "old");

        Assert.Equal(InvalidationOutcome.Applied, await one.Flags.SetAsync("lists", false, Ct));

        Assert.Equal("1", await ReadAsync(one, "1"));
        Assert.Equal("2", await ReadAsync(one, "2"));
        Assert.Equal("3", await ReadAsync(two, "3"));
        Assert.Equal("4", await ReadAsync(two, "4"));
        Assert.Equal("product", await two.ReadAsync(CacheNode.Product.Key("acme", 1), () => "product"));
        Assert.Equal(
            "product",
            await two.ReadAsync(CacheNode.Product.Key("acme", 1), () => "what has another flag, or none, goes on"));
    }

    [Fact]
    public async Task Invalidations_go_on_while_it_is_off()
    {
        await using var redis = await StartRedisAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await ReadAsync(one, "old");
        await one.Flags.SetAsync("lists", false, Ct);
        await two.Cache.RemoveAsync(Key, Ct);

        await two.Flags.SetAsync("lists", true, Ct);

        Assert.Equal("new", await ReadAsync(one, "new"));
        Assert.Equal("new", await ReadAsync(two, "factory must not run"));
    }

    [Fact]
    public async Task A_value_that_is_being_made_when_it_is_switched_off_is_not_kept()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var making = gate.ReadAsync(node, Key, "old", Ct, policy: CacheNode.ProductList);
        await gate.Entered;

        await node.Flags.SetAsync("lists", false, Ct);
        gate.Open();
        await making;
        await node.Flags.SetAsync("lists", true, Ct);

        Assert.Equal("new", await ReadAsync(node, "new"));
    }

    [Fact]
    public async Task A_node_that_joins_reads_what_was_set_and_that_beats_its_environment()
    {
        var store = new Store { ["lists"] = false };
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartWithAsync(
            redis.Connect, services => services.AddSingleton<ICacheFlagStore>(store), ("CACHE_LISTS_ENABLED", "true"));

        await Eventually.TrueAsync(() => node.Flags.All is [{ IsOn: false, IsSet: true }], "it has read the store");
        Assert.Equal("1", await ReadAsync(node, "1"));
        Assert.Equal("2", await ReadAsync(node, "2"));

        await node.Flags.SetAsync("lists", null, Ct);

        Assert.Empty(store);
        Assert.Equal([new CacheFlagState("lists", true, false)], node.Flags.All);
    }

    [Fact]
    public async Task A_node_without_redis_reads_what_was_set_too()
    {
        await using var node = await CacheNode.StartWithAsync(
            null, services => services.AddSingleton<ICacheFlagStore>(new Store { ["lists"] = false }));

        await Eventually.TrueAsync(() => node.Flags.All is [{ IsOn: false, IsSet: true }], "it has read the store");
    }

    [Fact]
    public async Task A_node_that_received_no_messages_for_a_while_reads_the_flags_again()
    {
        var store = new Store();
        await using var redis = await StartRedisAsync();
        // Time stands still, so it reads the store at the start and never again by itself.
        await using var node = await CacheNode.StartWithAsync(
            redis.Connect, services =>
                services.AddSingleton<ICacheFlagStore>(store).AddSingleton<TimeProvider>(new ManualTime()));
        var backplane = node.Services.GetRequiredService<Backplane>();
        using var client = redis.Connect();
        await Eventually.TrueAsync(() => store.Reads == 2, "at its start and after its first own heartbeat");
        store["lists"] = false;

        node.Clock.Advance(TimeSpan.FromSeconds(3));
        var index = (long)await client.GetDatabase().StringGetAsync(RedisNames.Default.Index);
        var number = node.Services.GetRequiredService<HighWaterMark>().Last;
        await client.GetSubscriber().PublishAsync(
            RedisChannel.Literal("cache:backplane"),
            $"{backplane.Node}\nheartbeat\n{index}\n{node.Clock.Now}\n{number}");

        await Eventually.TrueAsync(() => node.Flags.All is [{ IsOn: false }], "it has read the store");
    }

    [Fact]
    public async Task A_node_looks_into_the_store_every_ten_seconds()
    {
        var (store, time) = (new Store(), new ManualTime());
        await using var node = await CacheNode.StartWithAsync(
            null, services => services.AddSingleton<ICacheFlagStore>(store).AddSingleton<TimeProvider>(time));
        await Eventually.TrueAsync(() => store.Reads == 1, "it looks at its start");

        for (var looks = 2; looks <= 4; looks++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Eventually.TrueAsync(() => store.Reads == looks, "it looks again");
        }
    }

    [Fact]
    public async Task A_change_is_not_overwritten_by_a_look_into_the_store_that_began_before_it()
    {
        var (store, time) = (new Store { Held = new TaskCompletionSource() }, new ManualTime());
        await using var node = await CacheNode.StartWithAsync(
            null, services => services.AddSingleton<ICacheFlagStore>(store).AddSingleton<TimeProvider>(time));
        await Eventually.TrueAsync(() => store.Reads == 1, "it looks into the store");
        var look = store.Held;
        store.Held = new TaskCompletionSource();

        await node.Flags.SetAsync("lists", false, Ct);
        look.SetResult();
        // The next look begins when that one is over, and finds nothing yet.
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return store.Reads == 2;
        }, "it looks again");

        Assert.Equal([new CacheFlagState("lists", false, true)], node.Flags.All);
        store.Held.SetResult();
    }

    [Fact]
    public async Task With_the_cache_off_each_caller_runs_its_own_factory()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_LISTS_ENABLED", "false"));
        var gate = new Gate();

        var reads = Enumerable.Range(0, 2)
            .Select(_ => gate.ReadAsync(node, Key, "value", Ct, policy: CacheNode.ProductList)).ToArray();

        await Eventually.TrueAsync(() => gate.Runs == 2, "both run");
        gate.Open();
        await Task.WhenAll(reads);
    }

    [Fact]
    public async Task A_value_set_while_its_policy_is_off_is_not_stored_and_drops_the_old_one()
    {
        await using var node = await CacheNode.StartAsync(null);
        await ReadAsync(node, "old");
        await node.Flags.SetAsync("lists", false, Ct);

        await node.Cache.SetAsync(Key, "set", CacheNode.ProductList.Options, cancellationToken: Ct);
        await node.Flags.SetAsync("lists", true, Ct);

        Assert.Equal("new", await ReadAsync(node, "new"));
    }

    [Fact]
    public async Task The_environment_can_switch_it_off_from_the_start()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_LISTS_ENABLED", "false"));

        Assert.Equal("1", await ReadAsync(node, "1"));
        Assert.Equal("2", await ReadAsync(node, "2"));
        await Assert.ThrowsAsync<OptionsValidationException>(
            () => CacheNode.StartAsync(null, ("CACHE_LISTS_ENABLED", "perhaps")));
    }

    [Fact]
    public async Task A_flag_set_on_overrides_an_environment_that_sets_it_off()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_LISTS_ENABLED", "false"));

        await node.Flags.SetAsync("lists", true, Ct);

        Assert.Equal("1", await ReadAsync(node, "1"));
        Assert.Equal("1", await ReadAsync(node, "factory must not run"));
    }

    [Fact]
    public async Task An_unknown_flag_is_refused_and_the_known_ones_are_named()
    {
        await using var node = await CacheNode.StartAsync(null);

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => node.Flags.SetAsync("list", false, Ct));

        Assert.Contains("lists", refused.Message);
    }

    private static Task<string?> ReadAsync(CacheNode node, string value) =>
        node.ReadAsync(Key, () => value, CacheNode.ProductList).AsTask();

    private sealed class Store : Dictionary<string, bool>, ICacheFlagStore
    {
        private int _reads;

        /// <summary>What a read waits for before it returns what was there when it began.</summary>
        public TaskCompletionSource? Held { get; set; }

        public int Reads => Volatile.Read(ref _reads);

        public async Task<IReadOnlyDictionary<string, bool>> ReadAsync(CancellationToken cancellationToken = default)
        {
            var (found, held) = (new Dictionary<string, bool>(this), Held);
            Interlocked.Increment(ref _reads);
            if (held is not null)
                await held.Task;
            return found;
        }

        public Task WriteAsync(string name, bool? isOn, CancellationToken cancellationToken = default)
        {
            if (isOn is { } value)
                this[name] = value;
            else
                Remove(name);
            return Task.CompletedTask;
        }
    }
}
