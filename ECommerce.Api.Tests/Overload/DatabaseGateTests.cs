using System.Data.Common;
using System.Diagnostics;
using System.Net;
using Dapper;
using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.Api.Tests.Overload;

/// <summary>The gate in front of the database: two permits, both taken by reads that wait for a locked table.</summary>
public sealed class DatabaseGateTests(ApiFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cold_read_without_a_permit_is_503_with_Retry_After_within_a_second_and_succeeds_right_after()
    {
        await using var busy = await BusyApi.StartAsync(fixture);
        var cold = $"/api/v1/customers?search={Samples.Unique("cold")}";
        var started = Stopwatch.GetTimestamp();

        using var shed = await busy.Client.GetAnyAsync(cold);

        var elapsed = Stopwatch.GetElapsedTime(started);
        await shed.ProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        Assert.Equal(TimeSpan.FromSeconds(1), shed.Headers.RetryAfter?.Delta);
        Assert.InRange(elapsed, TimeSpan.FromMilliseconds(700), TimeSpan.FromSeconds(3));
        await busy.EndAsync();
        await busy.Client.GetJsonAsync(cold);
    }

    [Fact]
    public async Task Cached_read_and_probes_respond_while_all_permits_are_taken()
    {
        await using var busy = await BusyApi.StartAsync(fixture);

        await busy.Client.GetJsonAsync(BusyApi.Cached);
        using var alive = await busy.Client.GetAnyAsync("/alive");
        using var health = await busy.Client.GetAnyAsync("/health");

        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Write_is_shed_before_its_transaction_begins_and_not_after()
    {
        await using var busy = await BusyApi.StartAsync(fixture);

        using var shed = await busy.Client.CallAsync(HttpMethod.Post, "/api/v1/products", Samples.Product());

        await shed.ProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
        // Other tests have transactions of their own on the server.
        Assert.Equal(0, await busy.Server.ExecuteScalarAsync<int>(
            """
            SELECT COUNT(*) FROM information_schema.innodb_trx
            JOIN information_schema.processlist ON id = trx_mysql_thread_id AND db = DATABASE()
            """));
    }

    /// <summary>An API with two permits, and reads that hold both.</summary>
    private sealed class BusyApi : IAsyncDisposable
    {
        public const string Cached = "/api/v1/order_states";

        private readonly ApiFactory _api;
        private readonly UtcMySqlDataSource _source;
        private Task<HttpResponseMessage>[] _reads = [];

        private BusyApi(ApiFactory api, UtcMySqlDataSource source, HttpClient client)
        {
            (_api, _source, Client) = (api, source, client);
        }

        public HttpClient Client { get; }

        public DbConnection Server { get; private set; } = null!;

        public static async Task<BusyApi> StartAsync(ApiFixture fixture)
        {
            var database = await fixture.MySql.CreateDatabaseAsync();
            var api = new ApiFactory(
                database, fixture.Redis.ConnectionString, settings:
                [("DATABASE_CONCURRENCY", "2")]);
            await api.StartAsync();
            var busy = new BusyApi(api, new UtcMySqlDataSource(database), api.With(fixture.TokenOf("acme.admin")));
            await busy.Client.GetJsonAsync(Cached);
            busy.Server = await busy._source.OpenConnectionAsync(Ct);
            await busy.Server.ExecuteAsync("LOCK TABLES products WRITE");
            busy._reads =
                [.. Enumerable.Range(0, 2)
                .Select(_ => busy.Client.GetAnyAsync($"/api/v1/products?search={Samples.Unique("hold")}"))];
            await Eventually.TrueAsync(async () => await busy.WaitingAsync() == 2, "two reads hold the permits");
            return busy;
        }

        /// <summary>Unlocks the table, and waits for the reads.</summary>
        public async Task EndAsync()
        {
            await Server.ExecuteAsync("UNLOCK TABLES");
            foreach (var read in _reads)
            {
                using var response = await read;
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
            _reads = [];
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            await Server.DisposeAsync();
            await _source.DisposeAsync();
            await _api.DisposeAsync();
        }

        private Task<int> WaitingAsync() => Server.ExecuteScalarAsync<int>(
            """
            SELECT COUNT(*) FROM information_schema.processlist
            WHERE db = DATABASE() AND state LIKE 'Waiting for table%'
            """);
    }
}
