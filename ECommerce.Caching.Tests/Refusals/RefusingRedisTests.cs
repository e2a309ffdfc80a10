using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Refusals;

/// <summary>A Redis that responds to reads and refuses what an invalidation needs.</summary>
public class RefusingRedisTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("maxmemory", "1000000", "0", "OOM")]
    [InlineData("min-replicas-to-write", "1", "0", "NOREPLICAS")]
    public async Task A_refused_invalidation_reaches_the_other_nodes_within_the_bound_of_two_seconds(
        string setting, string refusing, string accepting, string kind)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        await using var c = await CacheNode.StartAsync(redis);
        var value = "old";
        await a.ReadAsync(Key, () => value);
        await b.ReadAsync(Key, () => value);
        await redis.ConfigureAsync(setting, refusing);
        value = "new";

        Assert.Equal(InvalidationOutcome.Deferred, await a.Invalidator.InvalidateAsync([Key], Ct));
        await Task.WhenAll(b.UntilWithoutLeaseAsync(), c.UntilWithoutLeaseAsync());
        await Eventually.TrueAsync(
            async () => (await c.HealthAsync()).Redis == "refusing", "the health check shows that Redis refuses");
        b.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("new", await b.ReadAsync(Key, () => value));
        await Eventually.TrueAsync(
            async () => await c.ReadAsync(CacheNode.Product.Key("acme", 1), () => value) == "new",
            "Redis is no longer trusted");
        Assert.All([await a.HealthAsync(), await b.HealthAsync(), await c.HealthAsync()], health =>
        {
            Assert.Equal("degraded", health.Status);
            Assert.StartsWith(kind, Assert.Single(health.RedisErrors!), StringComparison.Ordinal);
        });
        Assert.Contains(kind, Assert.Single(b.Log.Lines("redis_refuses")).Text, StringComparison.Ordinal);

        await redis.ConfigureAsync(setting, accepting);
        await Eventually.TrueAsync(
            async () => (await Task.WhenAll(a.HealthAsync(), b.HealthAsync(), c.HealthAsync()))
                .All(static health => health.Status == "healthy"),
            "Redis accepts again, and the circuits are closed");
        Assert.Equal(InvalidationOutcome.Applied, await a.Invalidator.InvalidateAsync([Key], Ct));
        Assert.Equal("newer", await b.ReadAsync(Key, () => "newer"));
    }

    [Fact]
    public async Task A_read_only_redis_is_told_apart_from_one_that_is_away()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await redis.SendAsync("CONFIG", "SET", "replica-priority", "0");

        await redis.SendAsync("REPLICAOF", "127.0.0.1", primary.Port.ToString());

        await Eventually.TrueAsync(
            async () => (await node.HealthAsync()).RedisErrors?.Any(
                static error => error.StartsWith("READONLY", StringComparison.Ordinal)) == true,
            "the health check shows the error reply");
        Assert.Equal("value", await node.ReadAsync(Key, () => "value"));
    }

    [Fact]
    public async Task A_right_that_is_taken_away_ends_the_lease_and_is_named_by_log_and_health()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.SendAsync("ACL", "SETUSER", "app", "on", ">pw", "+@all", "~*", "&*");
        await using var node = await CacheNode.StartOnAsync(() => redis.ConnectAs("app"));

        await redis.SendAsync("ACL", "SETUSER", "app", "-rpush");
        await node.UntilWithoutLeaseAsync();

        Assert.Contains("NOPERM", Assert.Single(node.Log.Lines("redis_refuses")).Text, StringComparison.Ordinal);
        Assert.StartsWith("NOPERM", Assert.Single((await node.HealthAsync()).RedisErrors!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+@all ~*", "&cache:*")]
    [InlineData("+@all -@dangerous ~* &*", "+info")]
    [InlineData("+@all -incrby -publish ~* &*", "+incrby +publish")]
    [InlineData("+@all ~product:* ~v:* ~fl:* ~*:{cache} ~out:* &*", "~products:*")]
    [InlineData("+@all -eval -evalsha -script ~* &*", "+eval")]
    public async Task A_start_without_a_right_in_redis_ends_with_the_acl_line_to_add(string rules, string missing)
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.SendAsync(["ACL", "SETUSER", "app", "on", ">pw", .. rules.Split(' ')]);

        var refused = await Assert.ThrowsAnyAsync<Exception>(
            () => CacheNode.StartOnAsync(() => redis.ConnectAs("app")));

        Assert.Contains("NOPERM", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ACL SETUSER app ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(missing, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_acl_line_of_a_refused_start_lets_the_next_start_succeed()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.SendAsync("ACL", "SETUSER", "app", "on", ">pw", "+ping", "+client", "+echo");
        var refusals = 0;

        while (true)
        {
            try
            {
                await using var node = await CacheNode.StartOnAsync(() => redis.ConnectAs("app"));
                Assert.Equal(InvalidationOutcome.Applied, await node.Invalidator.InvalidateAsync([Key], Ct));
                Assert.Equal("value", await node.ReadAsync(Key, () => "value"));
                Assert.Null((await node.HealthAsync()).RedisErrors);
                break;
            }
            catch (Microsoft.Extensions.Options.OptionsValidationException refused)
            {
                Assert.InRange(++refusals, 1, 3);
                var line = refused.Message[refused.Message.IndexOf("ACL SETUSER", StringComparison.Ordinal)..];
                await redis.SendAsync(line.Split(' '));
            }
        }
        Assert.True(refusals > 0);
    }

    [Fact]
    public async Task Errors_about_single_calls_leave_the_circuit_closed()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        for (var i = 0; i < 20; i++)
            await client.GetDatabase().ListRightPushAsync(CacheNode.Product.Key("acme", i), "foreign");

        for (var i = 0; i < 20; i++)
            Assert.Equal("value", await node.ReadAsync(CacheNode.Product.Key("acme", i), () => "value"));

        Assert.Equal(CircuitState.Closed, node.Metrics.Circuit("redis"));
        Assert.Empty(node.Log.Lines("circuit_open"));
        Assert.Equal(InvalidationOutcome.Applied, await node.Invalidator.InvalidateAsync([Key], Ct));
    }

    [Theory]
    [InlineData(-5000)]
    [InlineData(0)]
    [InlineData(0.5)]
    public async Task A_value_that_has_expired_already_is_not_stored_and_opens_no_circuit(double milliseconds)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("token", await node.Cache.GetOrCreateAsync(
                CacheNode.Product.Key("acme", i), milliseconds, static (lifetime, context, _) =>
                {
                    context.LiveAtMost(TimeSpan.FromMilliseconds(lifetime));
                    return new ValueTask<string>("token");
                }, CacheNode.Product, Ct));
        }

        Assert.False(await client.GetDatabase().KeyExistsAsync(Key));
        Assert.Empty(node.Log.Lines("circuit_open"));
        Assert.Equal("next", await node.ReadAsync(Key, () => "next"));
        Assert.Equal(InvalidationOutcome.Applied, await node.Invalidator.InvalidateAsync([Key], Ct));
    }
}
