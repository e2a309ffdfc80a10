using System.Text;
using ECommerce.Caching.Inspection;
using ECommerce.Caching.Warming;
using ECommerce.Features.Common.Warming;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Api.Tests.Warming;

public sealed class WarmingTests(ApiFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Successor_of_a_replica_has_lookups_and_recorded_keys_in_memory_before_it_is_ready()
    {
        await using var replicas = await WarmReplicas.StartAsync(fixture);
        var first = await replicas.StartReplicaAsync();
        // Its own warming is over before the first write, which drops the first pages of its lists.
        await WarmReplicas.UntilReadyAsync(first);
        var client = replicas.As("acme.admin", first);
        var order = await client.OrderAsync(await client.ProductAsync("warm"));
        var (id, customer) = ((long)order["id"]!, (long)order["customer_id"]!);
        await WarmReplicas.ReadOftenAsync(
            client, $"/api/v1/orders/{id}", $"/api/v1/orders/{id}/history", "/api/v1/carriers",
            "/api/v1/products?limit=5&search=warm&unknown=1", $"/api/v1/customers/{customer}/addresses?limit=7",
            "/api/v1/me/orders");
        await WarmReplicas.RecordAsync(first);
        // What is gone from Redis has to be read again, and what is there has to come to memory.
        await ForgetAsync(replicas.Redis, "products:list");
        var recorded = await WarmReplicas.KeysInMemoryAsync(first, "*:acme*");
        string[] user = [.. recorded.Where(key => key.StartsWith("user_orders:"))];

        var second = await replicas.StartReplicaAsync();
        await WarmReplicas.UntilReadyAsync(second);

        var warm = await WarmReplicas.KeysInMemoryAsync(second, "*");
        string[] lookups = ["order_states", "categories", "brands", "carriers", "countries", "langs"];
        Assert.Superset(
            lookups.SelectMany(lookup => (string[])[$"{lookup}:acme", $"{lookup}:globex"]).ToHashSet(),
            warm.ToHashSet());
        string[] mostRead =
        [
            .. recorded.Where(key =>
                key.StartsWith("order:") || key.StartsWith("orders:history:") || key.StartsWith("products:list:")
                || key.StartsWith("addresses:list:")),
        ];
        // The fifth is the first page of all addresses: no address was written since it was warmed.
        Assert.Equal(5, mostRead.Length);
        Assert.Superset(mostRead.ToHashSet(), warm.ToHashSet());
        // The response came along, where Redis had it.
        Assert.Equal(MemoryState.Fresh, await WarmReplicas.StateOfAsync(second, $"out:order:acme:{id}"));
        // The first pages of lists, of both tenants.
        Assert.Equal(4, warm.Count(key => key.StartsWith("orders:list:") || key.StartsWith("customers:list:")));
        Assert.Single(user);
        Assert.Empty(warm.Intersect(user));
    }

    [Fact]
    public async Task Recorded_reads_are_encrypted_in_Redis_and_end_within_a_day()
    {
        await using var replicas = await WarmReplicas.StartAsync(fixture);
        var replica = await replicas.StartReplicaAsync();
        await WarmReplicas.ReadOftenAsync(
            replicas.As("acme.admin", replica), "/api/v1/customers?search=Bevilacqua");

        await WarmReplicas.RecordAsync(replica);

        await using var redis = await ConnectionMultiplexer.ConnectAsync(replicas.Redis.ConnectionString);
        var stored = await redis.GetDatabase().StringGetWithExpiryAsync("reads:acme");
        Assert.InRange(stored.Expiry!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        Assert.DoesNotContain("Bevilacqua", Encoding.Latin1.GetString((byte[])stored.Value!));
        var reads = await replica.Services.GetRequiredService<RecordedReads>().ReadAsync(new Tenant("acme"), Ct);
        Assert.Equal(
            [("customers:list:{tenant}:{qhash}", "?search=Bevilacqua")],
            reads.Select(read => (read.Pattern, read.Argument)));
    }

    [Fact]
    public async Task Replica_records_again_what_its_predecessor_recorded_and_adds_to_it()
    {
        await using var replicas = await WarmReplicas.StartAsync(fixture);
        var (one, two) = (await replicas.StartReplicaAsync(), await replicas.StartReplicaAsync());
        foreach (var replica in new[] { one, two, one })
        {
            await WarmReplicas.ReadOftenAsync(replicas.As("acme.admin", replica), "/api/v1/langs");
            await WarmReplicas.RecordAsync(replica);
        }

        var reads = await two.Services.GetRequiredService<RecordedReads>().ReadAsync(new Tenant("acme"), Ct);

        Assert.Equal(3, Assert.Single(reads).Weight, tolerance: 0.01);
    }

    [Fact]
    public async Task Recorded_reads_of_a_tenant_are_bounded_lose_weight_and_end_after_a_day()
    {
        var time = new ManualTime();
        var cache = fixture.Services.GetRequiredService<Caching.MultiLevelCache>();
        var recorded = new RecordedReads(cache, time);
        var tenant = new Tenant(Samples.Unique("t"));

        await recorded.AddAsync(tenant, [.. Enumerable.Range(1, 500).Select(Read)], Ct);
        var bounded = await recorded.ReadAsync(tenant, Ct);
        time.Advance(TimeSpan.FromHours(2));
        await recorded.AddAsync(tenant, [Read(500)], Ct);
        var later = await recorded.ReadAsync(tenant, Ct);
        time.Advance(TimeSpan.FromHours(22.5));
        var nextDay = await recorded.ReadAsync(tenant, Ct);

        Assert.Equal(
            (RecordedReads.MaxPerTenant, "500", "101"), (bounded.Count, bounded[0].Argument, bounded[^1].Argument));
        Assert.Equal((750, 249.5), (later[0].Weight, later[1].Weight));
        Assert.Equal("500", Assert.Single(nextDay).Argument);

        static RecordedRead Read(int id) => new("order:{tenant}:{id}", $"{id}", id, default);
    }

    [Fact]
    public async Task Policy_that_is_off_is_not_read_for_nothing()
    {
        await using var replicas = await WarmReplicas.StartAsync(fixture);
        var replica = await replicas.StartReplicaAsync(warms: false);
        var plan = replica.Services.GetRequiredService<WarmingPlan>();
        var all = await plan.CreateAsync(null, Ct);
        var flags = replica.Services.GetRequiredService<Caching.ICacheFlags>();

        await flags.SetAsync("lookups", isOn: false, Ct);
        var without = await plan.CreateAsync(null, Ct);

        Assert.Contains(all, read => read.Read.Policy.Flag == "lookups");
        Assert.NotEmpty(without);
        Assert.DoesNotContain(without, read => read.Read.Policy.Flag == "lookups");
    }

    [Fact]
    public async Task Runs_that_are_asked_for_meanwhile_are_one()
    {
        await using var replicas = await WarmReplicas.StartAsync(fixture);
        var replica = await replicas.StartReplicaAsync(warms: false);
        var warmer = replica.Services.GetRequiredService<ICacheWarmer>();
        var before = warmer.Progress;

        // The first is under way or waits: at most one more follows it.
        var asked = Enumerable.Range(0, 20).Select(i => warmer.Begin(i % 2 == 0 ? "acme" : "globex")).ToArray();
        await Eventually.TrueAsync(
            () => warmer.Progress is { State: WarmingState.Done } done && done.Run == asked[^1].Run, "warming is done");

        Assert.Equal(WarmingState.Off, before.State);
        Assert.InRange(warmer.Progress.Run, 1, 3);
        Assert.Null(asked[^1].Tenant);
        Assert.Equal((warmer.Progress.Total, 0), (warmer.Progress.Done, warmer.Progress.Failed));
        Assert.Equal(MemoryState.Fresh, await WarmReplicas.StateOfAsync(replica, "carriers:globex"));
    }

    // Versions of tags stay, or everything would be gone.
    private static async Task ForgetAsync(LocalRedis redis, string prefix)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await foreach (var key in connection.GetServers().Single().KeysAsync(pattern: $"*{prefix}:*"))
        {
            if (!key.ToString().StartsWith("v:"))
                await connection.GetDatabase().KeyDeleteAsync(key);
        }
    }
}
