using System.Diagnostics;
using System.Net;
using Dapper;

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
}
