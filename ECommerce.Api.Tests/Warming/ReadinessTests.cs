using System.Diagnostics;
using System.Net;
using ECommerce.Features.Common.Warming;

namespace ECommerce.Api.Tests.Warming;

public sealed class ReadinessTests(ApiFixture fixture)
{
    [Fact]
    public async Task Ready_remains_when_MySQL_and_Redis_go_away()
    {
        await using var mySql = await LocalMySql.StartNewAsync();
        await using var redis = await LocalRedis.StartNewAsync();
        await using var api = new ApiFactory(
            await mySql.CreateDatabaseAsync(), redis.ConnectionString, settings: [("CACHE_WARMING", "true")]);
        await api.StartAsync();
        await WarmReplicas.UntilReadyAsync(api);

        await mySql.StopAsync();
        await redis.StopAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/ready"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/alive"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(api, "/health"));
    }

    [Fact]
    public async Task Start_without_Redis_is_ready_when_ten_seconds_are_over()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await redis.StopAsync();
        await using var api = new ApiFactory(
            await fixture.MySql.CreateDatabaseAsync(), $"{redis.ConnectionString},abortConnect=false", settings:
            [("CACHE_WARMING", "true")]);
        await api.StartAsync();
        var since = Stopwatch.GetTimestamp();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(api, "/ready"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/alive"));
        await WarmReplicas.UntilReadyAsync(api);

        Assert.InRange(
            Stopwatch.GetElapsedTime(since), CacheWarmer.MaxStart - TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Without_warming_a_replica_is_ready_with_its_tables()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fixture.Api, "/ready"));
    }

    private static async Task<HttpStatusCode> StatusAsync(ApiFactory api, string path)
    {
        using var response = await api.Anonymous().GetAnyAsync(path);
        return response.StatusCode;
    }
}
