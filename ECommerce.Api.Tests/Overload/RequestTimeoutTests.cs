using System.Net;
using Dapper;
using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.Api.Tests.Overload;

/// <summary>Requests that take longer than their time-out of three seconds, with one permit of the database.</summary>
public sealed class RequestTimeoutTests(ApiFixture fixture) : IAsyncLifetime
{
    private LocalMySql _mySql = null!;
    private UtcMySqlDataSource _server = null!;
    private ApiFactory _api = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Its own server: one of the tests holds back every commit.
        _mySql = await LocalMySql.StartNewAsync();
        var database = await _mySql.CreateDatabaseAsync();
        _server = new UtcMySqlDataSource(database);
        _api = new ApiFactory(
            database, fixture.Redis.ConnectionString, settings:
            [("REQUEST_TIMEOUT", "3"), ("DATABASE_CONCURRENCY", "1")]);
        await _api.StartAsync();
        _admin = _api.With(fixture.TokenOf("acme.admin"));
        // The first write compiles queries: on a loaded machine it may take longer than a request may here.
        await Eventually.TrueAsync(
            async () => (await _admin.CallAsync(HttpMethod.Post, "/api/v1/products", Samples.Product()))
                .StatusCode == HttpStatusCode.Created,
            "a write is in time");
    }

    [Fact]
    public async Task Read_out_of_time_is_503_with_Retry_After_and_gives_its_permit_back()
    {
        await using var session = await _server.OpenConnectionAsync(Ct);
        await session.ExecuteAsync("LOCK TABLES products WRITE");

        using var late = await _admin.GetAnyAsync($"/api/v1/products?search={Samples.Unique("late")}");

        await late.ProblemAsync(HttpStatusCode.ServiceUnavailable, "timed_out");
        Assert.Equal(TimeSpan.FromSeconds(5), late.Headers.RetryAfter?.Delta);
        Assert.True(late.Headers.Contains("X-Request-ID"));
        // The table is still locked; the only permit is free all the same.
        await _admin.GetJsonAsync($"/api/v1/customers?search={Samples.Unique("next")}");
    }

    [Fact]
    public async Task Write_out_of_time_before_its_commit_changes_nothing_and_holds_no_lock()
    {
        var product = await _admin.ProductAsync();
        var path = $"/api/v1/products/{product["id"]}";
        await using (var session = await _server.OpenConnectionAsync(Ct))
        {
            await session.ExecuteAsync("BEGIN; SELECT id FROM products FOR UPDATE");
            using var late = await _admin.CallAsync(HttpMethod.Put, path, Samples.Product("late"));
            await late.ProblemAsync(HttpStatusCode.ServiceUnavailable, "timed_out");
            await session.ExecuteAsync("ROLLBACK");
        }

        Assert.Equal((string?)product["name"], (string?)(await _admin.GetJsonAsync(path))["name"]);
        Assert.Equal("next", (string?)(await _admin.PutJsonAsync(path, Samples.Product("next")))["name"]);
    }

    [Fact]
    public async Task Write_whose_commit_takes_longer_is_reported_as_what_it_is()
    {
        var path = $"/api/v1/products/{(await _admin.ProductAsync())["id"]}";
        await using var backup = await _server.OpenConnectionAsync(Ct);
        await backup.ExecuteAsync("BACKUP STAGE START");
        await backup.ExecuteAsync("BACKUP STAGE BLOCK_COMMIT");

        var writing = _admin.CallAsync(HttpMethod.Put, path, Samples.Product("committed"));
        await Eventually.TrueAsync(
            () => backup.ExecuteScalarAsync<bool>(
                """
                SELECT COUNT(*) > 0 FROM information_schema.processlist
                WHERE state = 'Waiting for backup lock' AND time_ms > 4000
                """),
            "the commit waits longer than a request may");
        await backup.ExecuteAsync("BACKUP STAGE END");
        using var written = await writing;

        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
        Assert.Equal("committed", (string?)(await written.JsonAsync())["name"]);
        Assert.Equal("committed", (string?)(await _admin.GetJsonAsync(path))["name"]);
    }

    [Fact]
    public async Task Event_stream_outlives_the_time_out()
    {
        await using var session = await _server.OpenConnectionAsync(Ct);
        var run = await RunningSync.StartAsync(session);
        using var response = await _admin.GetAsync(
            $"/api/v1/sync/{run}/events", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));

        await Eventually.TrueAsync(
            () => session.ExecuteScalarAsync<bool>(
                "SELECT started_at < UTC_TIMESTAMP(6) - INTERVAL 4 SECOND FROM sync_runs WHERE id = @run", new { run }),
            "the stream is older than a request may be");
        await RunningSync.FinishAsync(session, run);

        Assert.True(await RunningSync.IsFinishedAsync(events));
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _server.DisposeAsync();
        await _mySql.DisposeAsync();
    }
}
