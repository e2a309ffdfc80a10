using System.Text.Json.Nodes;
using ECommerce.Api.Tests.Accounts;
using ECommerce.Api.Tests.Warming;
using ECommerce.Caching;
using ECommerce.Caching.Inspection;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Api.Tests.CacheAdministration;

/// <summary>The commands of the caches, each as a process of its own beside two replicas.</summary>
public sealed class CacheCommandTests(CacheTenants caches) : IClassFixture<CacheTenants>
{
    [Fact]
    public async Task Stats_are_those_of_both_replicas_and_not_of_the_command()
    {
        await FillAsync("product:acme:801");

        var stats = await JsonAsync("stats", "--tenant", "acme");
        var shown = await RunAsync("stats");

        Assert.Equal(2, stats["figures"]!["nodes"]!.AsArray().Count);
        Assert.Empty(stats["figures"]!["missing_nodes"]!.AsArray());
        Assert.Equal((0, true), (shown.ExitCode, shown.Output.Contains("product:{tenant}:{id}")));
        Assert.Contains("2 nodes", shown.Output);
    }

    [Fact]
    public async Task Keys_of_a_pattern_and_a_tenant_are_listed()
    {
        await FillAsync("product:acme:811", "product:globex:811");

        var own = await JsonAsync("keys", "--pattern", "product:*:811", "--tenant", "acme");
        var all = await JsonAsync("keys", "--pattern", "product:*:811", "--limit", "5000");

        Assert.Equal(["product:acme:811"], own["keys"]!.AsArray().Select(key => (string?)key!["key"]));
        Assert.Equal(2, all["keys"]!.AsArray().Count);
    }

    [Fact]
    public async Task Key_is_explained_as_each_replica_has_it()
    {
        await CacheTenants.ReadAsync(caches.Two, "product:acme:821", "secret value");

        var explained = await JsonAsync("explain", "product:acme:821");

        Assert.Equal(
            ["absent", "fresh"],
            explained["nodes"]!.AsArray().Select(node => (string?)node!["memory"]!["state"]).Order());
        Assert.DoesNotContain("secret value", explained.ToJsonString());
    }

    [Theory]
    [InlineData("product:acme:831", "--tag", "product:acme:831")]
    [InlineData("product:acme:832", "--entity", "product:832", "--tenant", "acme")]
    [InlineData("product:acme:833", "--pattern", "prod*:83[3]", "--tenant", "acme")]
    [InlineData("product:globex:834", "--all", "--tenant", "globex")]
    [InlineData("user_orders:acme:835:00112233445566778899aabbccddeeff", "--user", "835", "--tenant", "acme")]
    public async Task Invalidation_reaches_the_memory_of_both_replicas_and_is_audited_with_the_user_of_the_system(
        string key, params string[] arguments)
    {
        await FillAsync(key, "product:acme:839");

        var done = await RunAsync(["invalidate", .. arguments]);

        Assert.Equal((0, ""), (done.ExitCode, done.Error));
        foreach (var replica in new[] { caches.One, caches.Two })
        {
            Assert.Equal(MemoryState.Invalidated, await WarmReplicas.StateOfAsync(replica, key));
            Assert.Equal(MemoryState.Fresh, await WarmReplicas.StateOfAsync(replica, "product:acme:839"));
        }
        var audited = (await caches.AuditAsync())[^1];
        Assert.Equal(
            (Environment.UserName, "OS_USER", "applied"), (audited.Username, audited.Role, audited.Outcome));
    }

    [Fact]
    public async Task Dry_run_counts_and_removes_nothing()
    {
        await FillAsync("product:acme:841");

        var counted = await JsonAsync("invalidate", "--pattern", "product:*:841", "--dry-run");

        Assert.Equal(1, (int)counted["keys"]!);
        Assert.Equal(MemoryState.Fresh, await WarmReplicas.StateOfAsync(caches.Two, "product:acme:841"));
    }

    [Fact]
    public async Task Reset_removes_all_from_both_replicas_and_leaves_foreign_keys()
    {
        await FillAsync("product:acme:851", "product:globex:851");
        await using var redis = await CacheTenants.ConnectAsync(caches.Redis);
        await redis.GetDatabase().StringSetAsync("foreign", "value");

        var refused = await RunAsync("reset");
        var done = await RunAsync("reset", "--yes");

        refused.AssertRefused(1, "--yes");
        Assert.Equal((0, ""), (done.ExitCode, done.Error));
        foreach (var replica in new[] { caches.One, caches.Two })
            Assert.Equal(MemoryState.Invalidated, await WarmReplicas.StateOfAsync(replica, "product:globex:851"));
        Assert.Equal("value", await redis.GetDatabase().StringGetAsync("foreign"));
        Assert.False(await redis.GetDatabase().KeyExistsAsync("product:acme:851"));
    }

    [Fact]
    public async Task Warm_fills_both_replicas_before_it_ends()
    {
        var done = await JsonAsync("warm", "--tenant", "globex");

        Assert.Equal(2, done["nodes"]!.AsArray().Count);
        Assert.All(done["nodes"]!.AsArray(), node => Assert.Equal("done", (string?)node!["state"]));
        foreach (var replica in new[] { caches.One, caches.Two })
            Assert.Equal(MemoryState.Fresh, await WarmReplicas.StateOfAsync(replica, "langs:globex"));
    }

    [Fact]
    public async Task Flag_is_switched_on_both_replicas_and_shown()
    {
        var off = await RunAsync("flags", "lookups", "off");
        var shown = await JsonAsync("flags");
        var states = new[] { caches.One, caches.Two }.Select(IsOn).ToArray();
        var back = await RunAsync("flags", "lookups", "default");

        Assert.Equal((0, 0), (off.ExitCode, back.ExitCode));
        Assert.Equal([false, false], states);
        Assert.Equal([true, true], new[] { caches.One, caches.Two }.Select(IsOn));
        Assert.False((bool)shown["flags"]!.AsArray().Single(flag => (string?)flag!["name"] == "lookups")!["is_on"]!);

        static bool IsOn(ApiFactory replica) => replica.Services.GetRequiredService<ICacheFlags>().All
            .Single(flag => flag.Name == "lookups").IsOn;
    }

    [Fact]
    public async Task Process_of_a_command_is_no_node_that_writers_wait_for()
    {
        await using var redis = await CacheTenants.ConnectAsync(caches.Redis);
        var nodes = (RedisKey)redis.GetServers().Single().Keys(pattern: "nodes*").Single().ToString();
        var before = await redis.GetDatabase().SortedSetRangeByRankAsync(nodes);

        Assert.Equal(0, (await RunAsync("invalidate", "--tag", "product:acme:861")).ExitCode);

        Assert.Equal(before.Order(), (await redis.GetDatabase().SortedSetRangeByRankAsync(nodes)).Order());
    }

    [Theory]
    [InlineData(1, "There is no flag unknown; there are", "flags", "unknown", "off")]
    [InlineData(1, "There is no tenant unknown", "stats", "--tenant", "unknown")]
    [InlineData(1, "one of --pattern", "invalidate")]
    [InlineData(1, "one of --pattern", "invalidate", "--all", "--tag", "x")]
    [InlineData(1, "cache reset --yes", "invalidate", "--pattern", "*")]
    [InlineData(1, "Give --tenant", "invalidate", "--user", "7")]
    [InlineData(1, "order:7", "invalidate", "--entity", "order", "--tenant", "acme")]
    [InlineData(1, "covers no key of acme", "invalidate", "--pattern", "product:globex:*", "--tenant", "acme")]
    [InlineData(1, "not one of acme", "invalidate", "--tag", "product:globex:1", "--tenant", "acme")]
    [InlineData(1, "--limit", "keys", "--limit", "0")]
    [InlineData(2, "'--colour'", "stats", "--colour")]
    [InlineData(2, "maybe", "flags", "orders", "maybe")]
    [InlineData(2, "Required command")]
    public async Task Command_that_cannot_be_done_is_one_line(int exitCode, string part, params string[] arguments) =>
        (await RunAsync(arguments)).AssertRefused(exitCode, part);

    [Fact]
    public async Task Without_Redis_one_line_names_what_to_do()
    {
        await using var away = await LocalRedis.StartNewAsync();
        await away.StopAsync();

        (await CommandProcess.RunAsync(caches.Database, away.ConnectionString, "", "cache", "stats"))
            .AssertRefused(1, "ConnectionStrings__redis");
    }

    [Fact]
    public async Task Invalidation_that_a_replica_does_not_confirm_is_reported_by_exit_code_3()
    {
        await using var redis = await CacheTenants.ConnectAsync(caches.Redis);
        var nodes = (RedisKey)redis.GetServers().Single().Keys(pattern: "nodes*").Single().ToString();
        var end = (double)DateTimeOffset.UtcNow.AddSeconds(30).ToUnixTimeMilliseconds();
        // Registered and silent, as a replica that has just been killed is.
        await redis.GetDatabase().SortedSetAddAsync(nodes, "silent", end);
        try
        {
            var deferred = JsonOf(await RunAsync("invalidate", "--tag", "product:acme:871", "--json"), 3);

            Assert.Equal("deferred", (string?)deferred["outcome"]);
            Assert.Equal("deferred", (await caches.AuditAsync())[^1].Outcome);
        }
        finally
        {
            await redis.GetDatabase().SortedSetRemoveAsync(nodes, "silent");
        }
    }

    private async Task FillAsync(params IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            foreach (var replica in new[] { caches.One, caches.Two })
                await CacheTenants.ReadAsync(replica, key, "value");
            // Sensitive: without an encryption key they are in memory only.
            if (key.StartsWith("user_orders:", StringComparison.Ordinal))
                continue;
            await Eventually.TrueAsync(async () =>
            {
                await using var redis = await CacheTenants.ConnectAsync(caches.Redis);
                return await redis.GetDatabase().KeyExistsAsync(key);
            }, $"{key} is in Redis");
        }
    }

    private Task<CommandProcess> RunAsync(params IEnumerable<string> arguments) => CommandProcess.RunAsync(
        caches.Database, caches.Redis.ConnectionString, "", ["cache", .. arguments]);

    private async Task<JsonNode> JsonAsync(params IEnumerable<string> arguments) =>
        JsonOf(await RunAsync([.. arguments, "--json"]), 0);

    private static JsonNode JsonOf(CommandProcess command, int exitCode)
    {
        Assert.Equal((exitCode, ""), (command.ExitCode, command.Error));
        return JsonNode.Parse(command.Output)!;
    }
}
