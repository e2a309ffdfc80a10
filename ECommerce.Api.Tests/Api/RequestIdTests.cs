namespace ECommerce.Api.Tests.Api;

public sealed class RequestIdTests(ApiFixture fixture)
{
    [Fact]
    public async Task An_answer_from_the_cache_has_the_id_of_its_own_request()
    {
        var admin = fixture.As("acme.admin");
        var path = $"/api/v1/products/{(await admin.ProductAsync())["id"]}";

        foreach (var id in (string[])["first-1", "second-2", "third-3"])
        {
            using var answer = await admin.CallAsync(HttpMethod.Get, path, null, ("X-Request-ID", id));
            Assert.Equal(id, Assert.Single(answer.Headers.GetValues("X-Request-ID")));
            Assert.Equal(id == "first-1" ? "ecommerce; fwd=miss" : "ecommerce; hit", Assert.Single(answer.Headers.GetValues("Cache-Status")).Split("; ttl")[0]);
        }
    }
}
