namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>
/// A value computed before an invalidation is never served after it: in one node, over nodes, in memory and in Redis.
/// </summary>
public class FenceTests : RedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Invalidations => new()
    {
        { Key, false }, { Key, true },
        { CacheNode.Product.All("acme"), false }, { CacheNode.Product.All("acme"), true },
        { CacheTags.Tenant("acme"), false }, { CacheTags.Tenant("acme"), true },
        { CacheTags.Everything, false }, { CacheTags.Everything, true },
        { "customer:acme:42", false }, { "customer:acme:42", true },
    };

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task A_tag_dropped_during_the_factory_never_leaves_the_old_value_behind(string tag, bool withRedis)
    {
        await using var redis = withRedis ? await StartRedisAsync() : null;
        await using var node = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        var reading = gate.ReadAsync(node, Key, "old", Ct, dependsOn: "customer:acme:42");
        await gate.Entered;

        await node.Cache.RemoveByTagAsync(tag, Ct);
        gate.Open();

        Assert.Equal("old", await reading);
        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        if (redis is null)
            return;
        await using var other = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await other.ReadAsync(Key, () => "newer"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tag_dropped_on_another_node_during_the_factory_never_leaves_the_old_value_behind(bool foundLate)
    {
        await using var redis = await StartRedisAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await using var other = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        var reading = gate.ReadAsync(node, Key, "old", Ct, dependsOn: "customer:acme:42");
        await gate.Entered;

        await other.Cache.RemoveByTagAsync(foundLate ? "customer:acme:42" : Key, Ct);
        gate.Open();

        await reading;
        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
        Assert.Equal("new", await other.ReadAsync(Key, () => "newer"));
    }

    [Fact]
    public async Task A_caller_after_the_invalidation_does_not_get_the_old_value()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var before = gate.ReadAsync(node, Key, "old", Ct);
        await gate.Entered;

        await node.Cache.RemoveAsync(Key, Ct);
        var after = await node.ReadAsync(Key, () => "new").AsTask().WaitAsync(TimeSpan.FromSeconds(10), Ct);
        gate.Open();

        Assert.Equal("new", after);
        Assert.Equal("old", await before);
        Assert.Equal("new", await node.ReadAsync(Key, () => "newer"));
    }

    [Fact]
    public async Task A_caller_after_the_drop_of_a_dependency_does_not_get_the_old_value_either()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var source = "old";
        var before = gate.ReadAsync(node, Key, "old", Ct, dependsOn: "customer:acme:42");
        await gate.Entered;

        await node.Cache.RemoveByTagAsync("customer:acme:42", Ct);
        source = "new";
        var after = node.ReadAsync(Key, () => source).AsTask();
        await Eventually.TrueAsync(
            () => node.Count("cache_single_flight_joined_total") == 1,
            "the later caller has joined, since the drop is not known yet");
        gate.Open();

        Assert.Equal("old", await before);
        Assert.Equal("new", await after);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_newer_value_set_during_the_factory_stays(bool withRedis)
    {
        await using var redis = withRedis ? await StartRedisAsync() : null;
        await using var node = await CacheNode.StartAsync(redis);
        var gate = new Gate();
        var reading = gate.ReadAsync(node, Key, "old", Ct);
        await gate.Entered;

        await node.Cache.SetAsync<string?>(Key, "newer", CacheNode.Product.Options, cancellationToken: Ct);
        gate.Open();
        await reading;

        Assert.Equal("newer", await node.ReadAsync(Key, () => "factory must not run"));
    }

    [Fact]
    public async Task A_value_served_just_before_a_drop_is_not_served_just_after_it()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(Key, () => "old");
        Assert.Equal("old", await node.ReadAsync(Key, () => "factory must not run"));

        // One drop and no other: what a look at the tags remembers must end with the next moment.
        await node.Cache.RemoveAsync(Key, Ct);

        Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
    }

    [Fact]
    public async Task A_value_overtaken_by_another_invalidation_of_an_unrelated_key_is_kept()
    {
        await using var node = await CacheNode.StartAsync(null);
        var gate = new Gate();
        var reading = gate.ReadAsync(node, Key, "value", Ct);
        await gate.Entered;

        await node.Cache.RemoveAsync(CacheNode.Product.Key("acme", 2), Ct);
        await node.Cache.RemoveByTagAsync(CacheNode.Product.All("globex"), Ct);
        gate.Open();
        await reading;

        Assert.Equal("value", await node.ReadAsync(Key, () => "factory must not run"));
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("\u0001command")]
    public async Task A_tag_that_messages_could_not_carry_is_refused(string tag)
    {
        await using var node = await CacheNode.StartAsync(null);

        await Assert.ThrowsAsync<ArgumentException>(async () => await node.Cache.RemoveByTagAsync(tag, Ct));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await node.Cache.GetOrCreateAsync(Key, 0, (_, context, _) =>
        {
            context.DependsOn(tag);
            return new ValueTask<int>(1);
        }, CacheNode.Product, Ct));
    }
}
