using ECommerce.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Api.Tests.Api;

public sealed class RequestIdTests(ApiFixture fixture)
{
    [Fact]
    public async Task A_response_from_the_cache_has_the_id_of_its_own_request()
    {
        var admin = fixture.As("acme.admin");
        var path = $"/api/v1/products/{(await admin.ProductAsync())["id"]}";

        using var first = await admin.CallAsync(HttpMethod.Get, path, null, ("X-Request-ID", "first-1"));
        Assert.Equal("first-1", Assert.Single(first.Headers.GetValues("X-Request-ID")));
        Assert.Equal("ecommerce; fwd=miss", first.CacheStatus());
        foreach (var id in (string[])["second-2", "third-3"])
        {
            using var response = await admin.HitAsync(path, ("X-Request-ID", id));
            Assert.Equal(id, Assert.Single(response.Headers.GetValues("X-Request-ID")));
        }
    }

    [Fact]
    public async Task A_response_from_Redis_has_the_id_of_its_own_request()
    {
        var admin = fixture.As("acme.admin");
        var id = (await admin.ProductAsync())["id"];
        var (path, key) = ($"/api/v1/products/{id}", $"product:acme:{id}");
        var redis = fixture.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        await Eventually.TrueAsync(async () =>
        {
            (await admin.CallAsync(HttpMethod.Get, path, null, ("X-Request-ID", "first-1"))).Dispose();
            return await redis.KeyExistsAsync($"out:{key}");
        }, "the response is in Redis");
        fixture.Services.GetRequiredService<MemoryLayer>()
            .RemoveWhere(entry => entry.Key == key || entry.Key == $"out:{key}");

        using var response = await admin.CallAsync(HttpMethod.Get, path, null, ("X-Request-ID", "second-2"));

        Assert.Equal("second-2", Assert.Single(response.Headers.GetValues("X-Request-ID")));
        Assert.EndsWith("detail=redis", response.CacheStatus());
    }
}
