using System.Net;

namespace ECommerce.Api.Tests.Data;

public sealed class DatabaseOutageTests(ApiFixture fixture)
{
    [Fact]
    public async Task While_MySQL_is_away_responses_are_503_with_Retry_After_and_the_process_recovers()
    {
        await using var mySql = await LocalMySql.StartNewAsync();
        await using var api = new ApiFactory(await mySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        await admin.ProductAsync();

        await mySql.StopAsync();
        using (var write = await admin.CallAsync(HttpMethod.Post, "/api/v1/products", Samples.Product()))
            await AssertUnavailableAsync(write);
        using (var read = await admin.GetAnyAsync("/api/v1/products?search=never-asked-before"))
            await AssertUnavailableAsync(read);
        using (var alive = await admin.GetAnyAsync("/alive"))
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        await mySql.StartAsync();
        await UntilAsync(
            () => admin.CallAsync(HttpMethod.Post, "/api/v1/products", Samples.Product()), HttpStatusCode.Created);
        await admin.ProductAsync();
    }

    [Fact]
    public async Task A_process_that_starts_before_MySQL_waits_for_it_unhealthy()
    {
        await using var mySql = await LocalMySql.StartNewAsync();
        var database = await mySql.CreateDatabaseAsync();
        await mySql.StopAsync();
        // Keys of its own: entries of the same tenant that other tests left in Redis would be served.
        await using var redis = await LocalRedis.StartNewAsync();
        await using var api = new ApiFactory(database, redis.ConnectionString);
        var starting = api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));

        using (var health = await admin.GetAnyAsync("/health"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        using (var alive = await admin.GetAnyAsync("/alive"))
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        using (var read = await admin.GetAnyAsync("/api/v1/products"))
            await AssertUnavailableAsync(read);

        await mySql.StartAsync();
        await starting;
        await UntilAsync(() => admin.GetAnyAsync("/health"), HttpStatusCode.OK);
        await admin.GetJsonAsync("/api/v1/products");
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        var problem = await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "database_unavailable");
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("mysql", problem.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task UntilAsync(Func<Task<HttpResponseMessage>> call, HttpStatusCode status)
    {
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            using var response = await call();
            if (response.StatusCode == status)
                return;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
    }
}
