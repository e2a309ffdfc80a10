using System.Net;
using ECommerce.Api.Tests.Warming;
using ECommerce.Caching.Inspection;

namespace ECommerce.Api.Tests.CacheAdministration;

public sealed class CacheWarmingTests(CacheTenants caches) : IClassFixture<CacheTenants>
{
    [Fact]
    public async Task Warming_by_an_ADMIN_fills_the_memory_of_both_replicas_with_the_own_tenant_and_is_audited()
    {
        var admin = caches.As("acme.admin");

        using var begun = await admin.CallAsync(HttpMethod.Post, "/api/v1/cache/warm");
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        Assert.Equal("/api/v1/cache/stats", begun.Headers.Location?.ToString());
        var response = await begun.JsonAsync();
        await Eventually.TrueAsync(async () => (await admin.GetJsonAsync("/api/v1/cache/stats"))["nodes"]!.AsArray()
            .All(node => (string?)node!["warming"]!["state"] == "done"), "both replicas are warm");

        Assert.Equal(("acme", 2), ((string?)response["tenant"], response["nodes"]!.AsArray().Count));
        foreach (var replica in new[] { caches.One, caches.Two })
        {
            Assert.Equal(MemoryState.Fresh, await WarmReplicas.StateOfAsync(replica, "brands:acme"));
            Assert.Equal(MemoryState.Absent, await WarmReplicas.StateOfAsync(replica, "brands:globex"));
        }
        Assert.Contains(
            new CacheTenants.AuditRow("acme.admin", "ADMIN", "acme", "warm", "acme", "applied", 0),
            await caches.AuditAsync());
    }

    [Fact]
    public async Task Warming_of_another_tenant_is_403_for_an_ADMIN_and_one_that_does_not_exist_is_400()
    {
        using var foreign = await caches.As("acme.admin").CallAsync(
            HttpMethod.Post, "/api/v1/cache/warm?tenant=globex");
        using var none = await caches.As("super.admin").CallAsync(HttpMethod.Post, "/api/v1/cache/warm?tenant=A*");
        using var absent = await caches.As("super.admin").CallAsync(
            HttpMethod.Post, "/api/v1/cache/warm?tenant=initech");

        await foreign.ProblemAsync(HttpStatusCode.Forbidden, "other_tenant");
        await none.AssertWrongAsync(HttpStatusCode.BadRequest, "tenant");
        await absent.AssertWrongAsync(HttpStatusCode.BadRequest, "tenant");
    }
}
