using System.Data.Common;
using System.Net;
using Dapper;
using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.Api.Tests.Overload;

/// <summary>An API with two permits, and reads that hold both.</summary>
internal sealed class BusyApi : IAsyncDisposable
{
    public const string Cached = "/api/v1/order_states";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly ApiFactory _api;
    private readonly UtcMySqlDataSource _source;
    private Task<HttpResponseMessage>[] _reads = [];

    private BusyApi(ApiFactory api, UtcMySqlDataSource source, HttpClient client)
    {
        (_api, _source, Client) = (api, source, client);
    }

    public HttpClient Client { get; }

    /// <summary>A session beside the API, which holds the lock of the table.</summary>
    public DbConnection Server { get; private set; } = null!;

    public IServiceProvider Services => _api.Services;

    public static async Task<BusyApi> StartAsync(
        ApiFixture fixture, params IEnumerable<(string Name, string Value)> settings)
    {
        var busy = await StartIdleAsync(fixture, settings);
        await busy.FillAsync();
        return busy;
    }

    /// <summary>All permits are still free.</summary>
    public static async Task<BusyApi> StartIdleAsync(
        ApiFixture fixture, params IEnumerable<(string Name, string Value)> settings)
    {
        // The reads that hold the permits must outlast the test.
        var database = $"{await fixture.MySql.CreateDatabaseAsync()};Default Command Timeout=60";
        var api = new ApiFactory(
            database, fixture.Redis.ConnectionString, settings: settings.Append(("DATABASE_CONCURRENCY", "2")));
        await api.StartAsync();
        var busy = new BusyApi(api, new UtcMySqlDataSource(database), api.With(fixture.TokenOf("acme.admin")));
        await busy.Client.GetJsonAsync(Cached);
        busy.Server = await busy._source.OpenConnectionAsync(Ct);
        return busy;
    }

    /// <summary>Takes both permits by reads that wait for a locked table.</summary>
    public async Task FillAsync()
    {
        await Server.ExecuteAsync("LOCK TABLES products WRITE");
        _reads =
        [
            .. Enumerable.Range(0, 2)
                .Select(_ => Client.GetAnyAsync($"/api/v1/products?search={Samples.Unique("hold")}")),
        ];
        await Eventually.TrueAsync(async () => await WaitingAsync() == 2, "two reads hold the permits");
    }

    /// <summary>A cold read, which waits for a permit until its deadline and is shed.</summary>
    public async Task ShedAsync()
    {
        using var shed = await Client.GetAnyAsync($"/api/v1/customers?search={Samples.Unique("shed")}");
        await shed.ProblemAsync(HttpStatusCode.ServiceUnavailable, "overloaded");
    }

    /// <summary>Another session, for other tables than the locked one.</summary>
    public ValueTask<DbConnection> OpenSessionAsync() => _source.OpenConnectionAsync(Ct);

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
        await Server.DisposeAsync();
        await Task.WhenAll(_reads);
        await _source.DisposeAsync();
        await _api.DisposeAsync();
    }

    private Task<int> WaitingAsync() => Server.ExecuteScalarAsync<int>(
        """
        SELECT COUNT(*) FROM information_schema.processlist
        WHERE db = DATABASE() AND state LIKE 'Waiting for table%'
        """);
}
