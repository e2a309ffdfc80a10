using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Refusals;

/// <summary>Keys and channels of ours that hold something else: it is never believed, and never stops a host.</summary>
public class ForeignContentTests
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SET", "v:{cache}", "text")]
    [InlineData("SET", "v:{cache}", "9223372036854775807")]
    [InlineData("SET", "seq:{cache}", "1000000000000000000000000000000")]
    [InlineData("SET", "seq:{cache}", "9007199254740991")]
    [InlineData("SET", "seq:{cache}", "-1")]
    [InlineData("SET", "index:{cache}", "text")]
    [InlineData("SET", "index:{cache}", "9223372036854775807")]
    [InlineData("SET", "run:{cache}", "another")]
    [InlineData("SET", "nodes:{cache}", "text")]
    [InlineData("SET", "log:{cache}", "text")]
    [InlineData("SET", "time:{cache}", "text")]
    [InlineData("RPUSH", "v:{cache}", "list")]
    [InlineData("RPUSH", "seq:{cache}", "list")]
    [InlineData("RPUSH", "run:{cache}", "list")]
    [InlineData("RPUSH", "index:{cache}", "list")]
    [InlineData("RPUSH", "time:{cache}", "list")]
    [InlineData("RPUSH", "nodes:{cache}", "list")]
    [InlineData("SET", "announced:{cache}", "text")]
    [InlineData("RPUSH", "announced:{cache}", "list")]
    [InlineData("SADD", "log:{cache}", "set")]
    [InlineData("RPUSH", "v:{cache}:probe", "list")]
    [InlineData("RPUSH", "v:{cache}:floor", "list")]
    [InlineData("SET", "v:{cache}:floor", "-1")]
    public async Task A_control_key_that_holds_something_else_is_made_anew(string command, string key, string content)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await a.ReadAsync(Key, () => "old");
        await b.ReadAsync(Key, () => "old");

        await client.GetDatabase().KeyDeleteAsync(key);
        await client.GetDatabase().ExecuteAsync(command, key, content);

        await Eventually.TrueAsync(
            async () => await a.Invalidator.InvalidateAsync([Key], Ct) == InvalidationOutcome.Applied
                && (await a.HealthAsync()).Status == "healthy" && (await b.HealthAsync()).Status == "healthy",
            "invalidations are applied again");
        // The generation may be raised between two of the reads: each finds what was made since, or makes it.
        await using var later = await CacheNode.StartAsync(redis);
        foreach (var node in (CacheNode[])[b, a, later])
        {
            Assert.Equal("new", await node.ReadAsync(Key, () => "new"));
            Assert.False(IsStopping(node));
        }
    }

    [Fact]
    public async Task What_was_stored_before_the_generation_was_replaced_is_not_used()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await node.ReadAsync(Key, () => "old");
        var before = (long)await client.GetDatabase().StringGetAsync("v:{cache}");

        await client.GetDatabase().StringSetAsync("v:{cache}", "text");

        await Eventually.TrueAsync(
            async () => long.TryParse((string?)await client.GetDatabase().StringGetAsync("v:{cache}"), out var now)
                && now > before,
            "the generation is raised");
        await Eventually.TrueAsync(
            async () => await node.ReadAsync(Key, () => "new") == "new", "the entry from before is not used");
    }

    [Theory]
    [InlineData("node\n1\n1\n9223372036854775807\nproduct:acme:1")]
    [InlineData("node\n1\n1\n9007199254740991\n*")]
    [InlineData("node\n1\n9223372036854775807\n1\nproduct:acme:1")]
    [InlineData("node\n1\n99999999999999999999999\n1\ntag")]
    [InlineData("node\nheartbeat\nx\ny\nz")]
    [InlineData("{own}\nheartbeat\n9\n9223372036854775807\n9")]
    [InlineData("{own}\nheartbeat\nx\n-5\n99999999999999999999999")]
    [InlineData("\n\n\n\n")]
    [InlineData("node\n1\n1\n1\n\u0001sweep:[")]
    [InlineData("node\n1\n1\n1\n\u0001flag:")]
    [InlineData("")]
    public async Task A_message_that_is_not_ours_is_not_believed(string text)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        var own = b.Services.GetRequiredService<ECommerce.Caching.Coherence.Backplane>().Node;

        await redis.SendAsync("PUBLISH", "cache:backplane", text.Replace("{own}", own, StringComparison.Ordinal));

        await b.ReadAsync(Key, () => "old");
        // A heartbeat may take the number of a message that Redis has not sent for one that Redis has forgotten.
        await Eventually.TrueAsync(
            async () => await a.Invalidator.InvalidateAsync([Key], Ct) == InvalidationOutcome.Applied, "it is applied");
        Assert.Equal("new", await b.ReadAsync(Key, () => "new"));
        Assert.Equal("new", await a.ReadAsync(Key, () => "newer"));
        await Eventually.TrueAsync(
            async () => (await a.HealthAsync()).Status == "healthy" && (await b.HealthAsync()).Status == "healthy",
            "both nodes follow");
        Assert.True(b.LeaseUntil() <= b.Clock.Now + 2000, "No foreign heartbeat renews the lease.");
        Assert.All([a, b], node => Assert.False(IsStopping(node)));
    }

    [Theory]
    [InlineData("SET", "text")]
    [InlineData("SET", "9223372036854775807")]
    [InlineData("SET", "9007199254740991")]
    [InlineData("RPUSH", "list")]
    public async Task The_version_of_a_tag_that_holds_something_else_is_made_anew(string command, string content)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var version = "v:{" + Key + "}";
        await a.ReadAsync(Key, () => "old");
        await client.GetDatabase().KeyDeleteAsync(version);
        await client.GetDatabase().ExecuteAsync(command, version, content);
        await using var b = await CacheNode.StartAsync(redis);

        Assert.Equal("made", await b.ReadAsync(Key, () => "made"));
        Assert.Equal(InvalidationOutcome.Applied, await b.Invalidator.InvalidateAsync([Key], Ct));
        Assert.Equal("new", await b.ReadAsync(Key, () => "new"));
        await using var later = await CacheNode.StartAsync(redis);
        Assert.Equal("new", await later.ReadAsync(Key, () => "newer"));
        Assert.Equal(CircuitState.Closed, b.Metrics.Circuit("redis"));
    }

    [Theory]
    [InlineData("SET", "text")]
    [InlineData("SET", "99999999999999999999:0123456789abcdef")]
    [InlineData("RPUSH", "list")]
    public async Task A_fill_lock_that_holds_something_else_stops_no_fill(string command, string content)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        await redis.SendAsync(command, "fl:{" + Key + "}", content);

        Assert.Equal("value", await node.ReadAsync(Key, () => "value"));

        await using var other = await CacheNode.StartAsync(redis);
        Assert.Equal("value", await other.ReadAsync(Key, () => "another"));
    }

    [Fact]
    public async Task An_entry_with_a_number_that_redis_has_not_issued_is_a_miss()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        await a.ReadAsync(Key, () => "old");
        byte[] bytes = (await client.GetDatabase().StringGetAsync(Key))!;
        var number = (long)await client.GetDatabase().StringGetAsync("seq:{cache}");
        ReplaceNumbers(bytes, number);
        await client.GetDatabase().StringSetAsync(Key, bytes, TimeSpan.FromHours(1));
        await using var b = await CacheNode.StartAsync(redis);

        Assert.Equal("made", await b.ReadAsync(Key, () => "made"));
    }

    // All numbers near the sequence become the highest there is.
    private static void ReplaceNumbers(byte[] bytes, long near)
    {
        for (var i = 4; i + sizeof(long) <= bytes.Length; i++)
        {
            if (Math.Abs(BitConverter.ToInt64(bytes, i) - near) < 60_000_000)
                BitConverter.TryWriteBytes(bytes.AsSpan(i), long.MaxValue);
        }
    }

    private static bool IsStopping(CacheNode node) => node.Services.GetRequiredService<IHostApplicationLifetime>()
        .ApplicationStopping.IsCancellationRequested;
}
