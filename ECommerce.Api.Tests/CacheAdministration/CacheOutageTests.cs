using System.Net;

namespace ECommerce.Api.Tests.CacheAdministration;

public sealed class CacheOutageTests(CacheTenants caches) : IClassFixture<CacheTenants>
{
    [Fact]
    public async Task Without_Redis_reads_of_keys_are_503_and_changes_are_deferred_and_audited()
    {
        var acme = caches.As("acme.admin");
        await CacheTenants.ReadAsync(caches.One, "product:acme:801", "old");
        await caches.Redis.PauseAsync();
        try
        {
            using var listed = await acme.GetAnyAsync("/api/v1/cache/keys");
            using var tried = await acme.CallAsync(HttpMethod.Delete, "/api/v1/cache?pattern=product:*&dry_run=true");
            using var removed = await acme.CallAsync(HttpMethod.Delete, "/api/v1/cache?pattern=p*:801");
            using var statistics = await acme.GetAnyAsync("/api/v1/cache/stats");

            await listed.ProblemAsync(HttpStatusCode.ServiceUnavailable, "redis_unavailable");
            await tried.ProblemAsync(HttpStatusCode.ServiceUnavailable, "redis_unavailable");
            Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
            Assert.Equal("deferred", Assert.Single(removed.Headers.GetValues("Cache-Invalidation")));
            Assert.Equal("deferred", (string?)(await removed.JsonAsync())["outcome"]);
            Assert.Equal(HttpStatusCode.OK, statistics.StatusCode);
            Assert.False((bool)(await statistics.JsonAsync())["are_others_known"]!);
            Assert.Equal(("p*:801", "deferred"), (await caches.AuditAsync())
                .Select(row => (row.Subject, row.Outcome)).Last());
            // Pending in one process, which may end before Redis is back.
            Assert.Contains("""["tenant:acme"]""", await caches.OutboxAsync());
            Assert.Equal("new", await CacheTenants.ReadAsync(caches.One, "product:acme:801", "new"));
        }
        finally
        {
            await caches.Redis.ResumeAsync();
        }
    }
}
