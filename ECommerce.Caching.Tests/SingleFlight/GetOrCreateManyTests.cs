using ECommerce.Caching.Redis;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>Many keys in one call: order, round trips, and the number of factory calls.</summary>
public class GetOrCreateManyTests : RedisTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_come_in_the_order_of_the_keys_and_a_key_may_occur_twice()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key(2), () => "cached");
        var source = new BatchSource();

        var values = await source.ReadAsync(node, [Key(3), Key(2), Key(1), Key(3), Key(2)]);

        Assert.Equal(["3 of call 1", "cached", "1 of call 1", "3 of call 1", "cached"], values);
        Assert.Equal([Key(3), Key(1)], Assert.Single(source.Calls));
    }

    [Fact]
    public async Task Missing_keys_take_one_round_trip_and_one_call_of_the_factory()
    {
        await using var redis = await StartRedisAsync();
        var calls = new CountedCalls();
        await using var other = await CacheNode.StartAsync(redis);
        await using var node = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        // Numbers are issued since the node has begun to follow.
        await other.Invalidator.InvalidateAsync(["other"], Ct);
        for (var id = 1; id <= 10; id++)
            await other.ReadAsync(Key(id), () => "redis");
        await node.ReadAsync(Key(1), () => "factory must not run");
        calls.Clear();
        var before = 0;
        var source = new BatchSource { Decides = _ => before = calls.Count };

        var values = await source.ReadAsync(node, Keys(1, 20));

        Assert.Equal(
            [.. Enumerable.Repeat("redis", 10), .. Enumerable.Range(11, 10).Select(id => $"{id} of call 1")], values);
        Assert.Equal(Keys(11, 10), Assert.Single(source.Calls));
        if (GetType() == typeof(GetOrCreateManyTests))
        {
            Assert.Equal(1, before);
            Assert.Equal(EntryScripts.LookupMany, calls.Scripts[0]);
        }
    }

    [Fact]
    public async Task Values_of_Redis_alone_take_one_call_of_Redis()
    {
        await using var redis = await StartRedisAsync();
        var calls = new CountedCalls();
        await using var other = await CacheNode.StartAsync(redis);
        await using var node = await CacheNode.StartOnAsync(() => calls.Around(redis.Connect()));
        await other.Invalidator.InvalidateAsync(["other"], Ct);
        await new BatchSource().ReadAsync(other, Keys(1, 100));
        await other.StoredAsync();
        calls.Clear();
        var source = new BatchSource();

        var values = await source.ReadAsync(node, Keys(1, 100));

        Assert.Equal(100, values.Count);
        Assert.Empty(source.Calls);
        Assert.Equal(GetType() == typeof(GetOrCreateManyTests) ? 1 : 100, calls.Count);
        Assert.Equal(values, await source.ReadAsync(node, Keys(1, 100)));
    }

    [Fact]
    public async Task Values_are_stored_in_both_layers_with_the_tags_of_their_keys()
    {
        await using var redis = await StartRedisAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        var source = new BatchSource { Decides = static context => context.DependsOn(Key(2), "customer:acme:7") };
        await source.ReadAsync(a, Keys(1, 3));
        await a.StoredAsync();
        Assert.Equal("1 of call 1", await b.ReadAsync(Key(1), () => "factory must not run"));

        await b.Invalidator.InvalidateAsync(["customer:acme:7"], Ct);
        Assert.Equal(["1 of call 1", "2 of call 2", "3 of call 1"], await source.ReadAsync(a, Keys(1, 3)));
        Assert.Equal([Key(2)], source.Calls[1]);

        await a.StoredAsync();
        await b.Invalidator.InvalidateAsync([CacheNode.Product.All("acme")], Ct);
        Assert.Equal(["1 of call 3", "2 of call 3", "3 of call 3"], await source.ReadAsync(a, Keys(1, 3)));
    }

    [Fact]
    public async Task Each_place_of_a_mutable_value_gets_a_copy_of_its_own()
    {
        await using var node = await CacheNode.StartAsync(null);

        var values = await node.Cache.GetOrCreateManyAsync<object?, List<int>>(
            [Key(1), Key(1)], null,
            static (_, keys, _) => new(keys.ToDictionary(static key => key, static _ => new List<int> { 1 })),
            CacheNode.Product.Options, cancellationToken: Ct);
        values[0].Add(2);

        Assert.Equal([1], values[1]);
    }

    [Fact]
    public async Task Stale_values_are_served_and_refreshed()
    {
        await using var node = await CacheNode.StartAsync(null);
        var source = new BatchSource();
        await source.ReadAsync(node, Keys(1, 2));
        node.Clock.Advance(CacheNode.Product.Fresh + TimeSpan.FromSeconds(1));

        Assert.Equal(["1 of call 1", "2 of call 1"], await source.ReadAsync(node, Keys(1, 2)));

        await Eventually.TrueAsync(
            async () => (await source.ReadAsync(node, Keys(1, 2))).All(
                static value => !value!.EndsWith("call 1", StringComparison.Ordinal)),
            "both were refreshed");
    }

    [Fact]
    public async Task Keys_that_cannot_be_cached_are_made_by_one_call_each_time()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_ENABLED", "false"));
        var source = new BatchSource();

        Assert.Equal(["1 of call 1", "2 of call 1"], await source.ReadAsync(node, Keys(1, 2)));
        Assert.Equal(["1 of call 2", "2 of call 2"], await source.ReadAsync(node, Keys(1, 2)));
    }

    [Fact]
    public async Task Without_Redis_the_factory_makes_the_values()
    {
        await using var redis = await StartRedisAsync();
        var faulty = new FaultyRedis();
        await using var node = await CacheNode.StartOnAsync(() => faulty.Around(redis.Connect()));
        faulty.Failures = int.MaxValue;
        var source = new BatchSource();

        Assert.Equal(["1 of call 1", "2 of call 1"], await source.ReadAsync(node, Keys(1, 2)));
    }

    [Fact]
    public async Task Key_that_the_factory_leaves_out_is_null_and_one_of_a_type_without_null_fails_alone()
    {
        await using var node = await CacheNode.StartAsync(null);
        Assert.Equal([null, "2"], await ReadAsync<string?>("2"));

        var missing = await Assert.ThrowsAsync<KeyNotFoundException>(() => ReadAsync<int>(2, first: 3));

        Assert.Contains(Key(3), missing.Message, StringComparison.Ordinal);
        Assert.Equal(new CacheLookup<int>(true, 2), await node.Cache.TryGetAsync<int>(Key(4), Ct));

        Task<IReadOnlyList<T>> ReadAsync<T>(T second, int first = 1) => node.Cache.GetOrCreateManyAsync<T, T>(
            Keys(first, 2), second, static (value, keys, _) => new(new Dictionary<string, T> { [keys[1]] = value }),
            CacheNode.Product.Options, cancellationToken: Ct).AsTask();
    }

    [Fact]
    public async Task Too_many_keys_or_a_null_among_them_are_refused()
    {
        await using var node = await CacheNode.StartAsync(null);
        var source = new BatchSource();

        var tooMany = await Assert.ThrowsAsync<ArgumentException>(
            async () => await source.ReadAsync(node, Keys(1, MultiLevelCache.MaximumKeysPerCall + 1)));
        var withNull = await Assert.ThrowsAsync<ArgumentException>(
            async () => await source.ReadAsync(node, [Key(1), null!]));

        Assert.Equal("At most 1000 keys can be read in one call, not 1001. (Parameter 'keys')", tooMany.Message);
        Assert.Equal("The key at 1 is null. (Parameter 'keys')", withNull.Message);
        Assert.Empty(source.Calls);
        Assert.Empty(await source.ReadAsync(node, []));
    }

    [Fact]
    public async Task Most_keys_of_a_call_are_read_and_stored()
    {
        await using var redis = await StartRedisAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        var source = new BatchSource();
        var values = await source.ReadAsync(a, Keys(1, MultiLevelCache.MaximumKeysPerCall));
        await a.StoredAsync();

        Assert.Equal(values, await source.ReadAsync(b, Keys(1, MultiLevelCache.MaximumKeysPerCall)));
        Assert.Single(source.Calls);
    }

    private static string Key(int id) => CacheNode.Product.Key("acme", id);

    private static string[] Keys(int first, int count) => [.. Enumerable.Range(first, count).Select(Key)];
}
