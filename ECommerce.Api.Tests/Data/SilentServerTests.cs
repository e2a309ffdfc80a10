using System.Diagnostics;
using System.Net;
using Dapper;
using ECommerce.ServiceDefaults.MySql;
using MySqlConnector;

namespace ECommerce.Api.Tests.Data;

/// <summary>A server that is stopped by a signal keeps its connections and responds to nothing.</summary>
public sealed class SilentServerTests(ApiFixture fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silent_server_returns_503_with_retry_after_and_service_recovers()
    {
        await using var mySql = await LocalMySql.StartNewAsync();
        await using var api = new ApiFactory(await mySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        await admin.ProductAsync();

        await mySql.PauseAsync();
        try
        {
            var watch = Stopwatch.StartNew();
            var requests = Enumerable.Range(0, 4).Select(i => i % 2 == 0
                ? admin.CallAsync(HttpMethod.Post, "/api/v1/products", Samples.Product())
                : admin.GetAnyAsync($"/api/v1/products?search={Samples.Unique("silent")}"));
            foreach (var response in await Task.WhenAll(requests))
            {
                await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "database_unavailable");
                Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
            }
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, Limit);
        }
        finally
        {
            await mySql.ResumeAsync();
        }

        await Eventually.TrueAsync(
            async () =>
                (await admin.CallAsync(
                    HttpMethod.Post, "/api/v1/products", Samples.Product())).StatusCode == HttpStatusCode.Created,
                        "writes succeed");
    }

    [Fact]
    public async Task Command_timeout_and_every_later_use_of_the_connection_are_unavailable()
    {
        await using var mySql = await LocalMySql.StartNewAsync();
        await using var source = new UtcMySqlDataSource(mySql.ConnectionString("mysql") + ";Default Command Timeout=1");
        await using var connection = await source.OpenConnectionAsync(Ct);
        await mySql.PauseAsync();
        try
        {
            var timedOut = await Assert.ThrowsAsync<MySqlException>(
                () => connection.ExecuteScalarAsync<int>("SELECT 1").WaitAsync(Limit, Ct));
            var broken = await Assert.ThrowsAsync<InvalidOperationException>(
                () => connection.ExecuteScalarAsync<int>("SELECT 1"));

            Assert.True(DatabaseErrors.IsUnavailable(timedOut));
            Assert.True(DatabaseErrors.IsUnavailable(broken));
        }
        finally
        {
            await mySql.ResumeAsync();
        }
    }

    [Fact]
    public async Task Killed_session_is_unavailable_and_wrong_statement_is_not()
    {
        await using var source = new UtcMySqlDataSource(fixture.MySql.ConnectionString("mysql"));
        await using var connection = await source.OpenConnectionAsync(Ct);
        var wrong = await Assert.ThrowsAsync<MySqlException>(
            () => connection.ExecuteAsync("SELECT no_such_column FROM dual"));
        await fixture.ExecuteAsync($"KILL {await connection.ExecuteScalarAsync<long>("SELECT CONNECTION_ID()")}");

        var killed = await Assert.ThrowsAnyAsync<Exception>(() => connection.ExecuteScalarAsync<int>("SELECT 1"));

        Assert.False(DatabaseErrors.IsUnavailable(wrong));
        Assert.True(DatabaseErrors.IsUnavailable(killed), killed.ToString());
    }

    [Fact]
    public async Task Exhausted_pool_is_unavailable_after_the_connection_timeout()
    {
        await using var source = new UtcMySqlDataSource(
            fixture.MySql.ConnectionString("mysql") + ";Max Pool Size=1;Connection Timeout=1");
        await using var only = await source.OpenConnectionAsync(Ct);

        var exhausted = await Assert.ThrowsAsync<MySqlException>(async () => await source.OpenConnectionAsync(Ct));

        Assert.True(DatabaseErrors.IsUnavailable(exhausted));
    }
}
