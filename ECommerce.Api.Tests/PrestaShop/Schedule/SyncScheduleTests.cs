using System.Text.Json.Nodes;
using Dapper;
using ECommerce.Api.Tests.Mocks;
using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.Api.Tests.PrestaShop.Schedule;

/// <summary>Three nodes over one database, each with the same schedule of a sync every two seconds.</summary>
public sealed class SyncScheduleTests(ApiFixture fixture) : IAsyncLifetime
{
    private const double Interval = 2;

    private readonly List<ApiFactory> _nodes = [];
    private readonly PrestaShopMock _mock = new(
        ("products", "3"), ("customers", "3"), ("addresses", "4"), ("orders", "3"));

    private UtcMySqlDataSource _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        _database = new UtcMySqlDataSource(database);
        for (var node = 0; node < 3; node++)
        {
            _nodes.Add(new ApiFactory(
                database, fixture.Redis.ConnectionString, settings:
                [("SYNC_INTERVAL", "2"), ("CACHE_KEY_PREFIX", $"schedule-{_mock.Address.Port}:")]));
            await _nodes[node].StartAsync();
        }
    }

    [Fact]
    public async Task Three_nodes_run_ten_syncs_in_ten_intervals()
    {
        var shop = await RegisterAsync();

        await Eventually.TrueAsync(
            async () => (await StartsAsync(shop)).Count > 10, "ten intervals have passed", TimeSpan.FromMinutes(1));

        var starts = await StartsAsync(shop);
        var passed = starts.Select(start => (start - starts[0]).TotalSeconds / Interval).ToArray();
        // One a whole interval after another, each later by what a poll and the start take.
        Assert.Equal(10, passed.Count(intervals => intervals < 9.9));
        Assert.All(passed.Index(), run => Assert.InRange(run.Item, run.Index - 0.9, run.Index + 0.9));
        var running = await QueryAsync<long>(
            """
            SELECT COUNT(*)
            FROM sync_runs a JOIN sync_runs b ON b.shop_id = a.shop_id AND b.id > a.id
            WHERE a.shop_id = @shop AND b.started_at < a.finished_at
            """, shop);
        Assert.Equal([0], running);
    }

    [Fact]
    public async Task State_that_changes_in_the_shop_arrives_without_a_request()
    {
        var shop = await RegisterAsync();
        JsonNode? order = null;
        await Eventually.TrueAsync(async () => (order = await OrderAsync(shop)) is not null, "the order is there");
        var state = (long)order!["state_origin_id"]!;
        var other = state == 3 ? 4 : 3;

        using var changed = await _mock.ControlAsync(
            HttpMethod.Put, "rows/orders/1",
            $$"""{"current_state":"{{other}}","date_upd":"{{Now}}"}""");
        Assert.True(changed.IsSuccessStatusCode);

        await Eventually.TrueAsync(
            async () => (long)(await OrderAsync(shop))!["state_origin_id"]! == other, "the state has arrived",
            TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Shop_that_fails_is_asked_less_and_less_often()
    {
        using var failing = await _mock.ControlAsync(
            HttpMethod.Post, "faults", """{"kind":"disabled","times":0}""");
        var shop = await RegisterAsync();

        await Eventually.TrueAsync(
            async () => (await StartsAsync(shop)).Count >= 4, "four runs have failed", TimeSpan.FromMinutes(1));

        var starts = await StartsAsync(shop);
        var gaps = starts.Zip(starts.Skip(1), (one, next) => (next - one).TotalSeconds).ToArray();
        // The first repetition was decided before the first failure; after it 4 s, and then 8.
        Assert.InRange(gaps[1], 3.5, 7.5);
        Assert.InRange(gaps[2], 7.5, 15);
    }

    [Fact]
    public async Task Shop_without_an_interval_is_not_read_and_one_with_an_interval_of_its_own_is()
    {
        var never = await RegisterAsync(syncIntervalSeconds: 0);
        var own = await RegisterAsync(syncIntervalSeconds: 86_400);
        var often = await RegisterAsync();

        await Eventually.TrueAsync(async () => (await StartsAsync(often)).Count >= 3, "three runs");

        Assert.Empty(await StartsAsync(never));
        Assert.Empty(await StartsAsync(own));
        // Its time is decided again with its interval.
        await SetIntervalAsync(own, null);
        await Eventually.TrueAsync(async () => (await StartsAsync(own)).Count > 0, "it is read by the new interval");
    }

    [Theory]
    [InlineData(9)]
    [InlineData(-1)]
    [InlineData(86_401)]
    public async Task Interval_out_of_its_range_is_refused(int seconds)
    {
        using var admin = Admin();
        using var response = await admin.CallAsync(HttpMethod.Post, "/api/v1/shops", Shop(seconds));

        var problem = await response.ProblemAsync(System.Net.HttpStatusCode.UnprocessableEntity, "validation_failed");
        Assert.NotNull(problem["errors"]!["sync_interval_seconds"]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await _database.DisposeAsync();
        await _mock.DisposeAsync();
    }

    private string Now => TimeZoneInfo.ConvertTimeFromUtc(
        DateTime.UtcNow, TimeZoneInfo.FindSystemTimeZoneById(_mock.Zone)).ToString("yyyy-MM-dd HH:mm:ss", null);

    private HttpClient Admin() => _nodes[0].With(fixture.TokenOf("acme.admin"));

    private object Shop(int? syncIntervalSeconds) => new
    {
        name = Samples.Unique("Negozio"),
        base_url = _mock.Address.ToString(),
        api_key = PrestaShopMock.Key,
        sync_interval_seconds = syncIntervalSeconds,
    };

    private async Task<int> RegisterAsync(int? syncIntervalSeconds = null)
    {
        using var admin = Admin();
        var created = await admin.PostJsonAsync("/api/v1/shops", Shop(syncIntervalSeconds));
        Assert.Equal(syncIntervalSeconds, (int?)created["sync_interval_seconds"]);
        return (int)created["id"]!;
    }

    private async Task SetIntervalAsync(int shop, int? seconds)
    {
        using var admin = Admin();
        var settings = await admin.GetJsonAsync($"/api/v1/shops/{shop}");
        using var response = await admin.CallAsync(
            HttpMethod.Put, $"/api/v1/shops/{shop}",
            new
            {
                name = (string?)settings["name"],
                base_url = (string?)settings["base_url"],
                sync_interval_seconds = seconds,
            });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    // Through another node than the one that changed the shop.
    private async Task<JsonNode?> OrderAsync(int shop)
    {
        using var client = _nodes[1].With(fixture.TokenOf("acme.admin"));
        var found = (await client.GetJsonAsync($"/api/v1/orders?shop_id={shop}&limit=500"))["items"]!.AsArray()
            .SingleOrDefault(order => (long?)order!["origin_id"] == 1);
        if (found is null)
            return null;
        var origin = await QueryAsync<long>(
            "SELECT s.origin_id FROM order_states s WHERE s.id = @shop", (int)found["state_id"]!);
        found["state_origin_id"] = origin[0];
        return found;
    }

    private Task<IReadOnlyList<DateTime>> StartsAsync(int shop) => QueryAsync<DateTime>(
        "SELECT started_at FROM sync_runs WHERE shop_id = @shop AND mode = 'incremental' ORDER BY id", shop);

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, int shop)
    {
        await using var connection = await _database.OpenConnectionAsync(Ct);
        return [.. await connection.QueryAsync<T>(sql, new { shop })];
    }
}
