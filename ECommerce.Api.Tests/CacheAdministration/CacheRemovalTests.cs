using System.Net;

namespace ECommerce.Api.Tests.CacheAdministration;

public sealed class CacheRemovalTests(CacheTenants caches) : IClassFixture<CacheTenants>
{
    [Fact]
    public async Task A_removal_reaches_the_memory_of_the_other_replica_and_leaves_other_tenants_alone()
    {
        // Customers are personal data: without an encryption key each replica has them in its memory only.
        string[] own = ["product:acme:701", "customer:acme:701"];
        string[] foreign = ["product:globex:701", "customer:globex:701"];
        foreach (var key in own.Concat(foreign))
        {
            await CacheTenants.ReadAsync(caches.One, key, "old");
            await CacheTenants.ReadAsync(caches.Two, key, "old");
        }
        var acme = caches.As("acme.admin");

        var tried = await acme.JsonAsync(HttpMethod.Delete, "/api/v1/cache?pattern=*:701&dry_run=true");
        foreach (var key in own.Concat(foreign))
            Assert.Equal("old", await CacheTenants.ReadAsync(caches.Two, key, "new"));
        var removed = await acme.JsonAsync(HttpMethod.Delete, "/api/v1/cache?pattern=*:701");

        Assert.Equal((2, null), ((int)tried["keys"]!, (string?)tried["outcome"]));
        Assert.Equal((2, "applied"), ((int)removed["keys"]!, (string?)removed["outcome"]));
        foreach (var api in new[] { caches.One, caches.Two })
        {
            foreach (var key in own)
                Assert.Equal("new", await CacheTenants.ReadAsync(api, key, "new"));
            foreach (var key in foreign)
                Assert.Equal("old", await CacheTenants.ReadAsync(api, key, "new"));
        }
        var row = (await caches.AuditAsync()).Last(row => row.Subject == "*:701");
        Assert.Equal(
            new CacheTenants.AuditRow("acme.admin", "ADMIN", "acme", "delete", "*:701", "applied", 2), row);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("product:*")]
    [InlineData("product:acme:*")]
    [InlineData("[go-p]*")]
    [InlineData("product:????:*")]
    [InlineData("*:702")]
    public async Task A_wide_pattern_of_an_admin_removes_the_part_of_the_own_tenant(string pattern)
    {
        await CacheTenants.ReadAsync(caches.Two, "product:acme:702", "old");
        await CacheTenants.ReadAsync(caches.Two, "product:globex:702", "old");

        await caches.As("acme.admin").JsonAsync(
            HttpMethod.Delete, $"/api/v1/cache?pattern={Uri.EscapeDataString(pattern)}");

        Assert.Equal("new", await CacheTenants.ReadAsync(caches.Two, "product:acme:702", "new"));
        Assert.Equal("old", await CacheTenants.ReadAsync(caches.Two, "product:globex:702", "new"));
    }

    // They may cover an own key, of a user or an entity of that name; of the other tenant they cover nothing.
    [Theory]
    [InlineData("*:globex:*")]
    [InlineData("product:??????:*")]
    [InlineData("*globex*")]
    [InlineData("*:[g-h]l*")]
    public async Task A_pattern_that_also_looks_like_another_tenant_removes_nothing_of_it(string pattern)
    {
        await CacheTenants.ReadAsync(caches.Two, "product:globex:705", "old");

        var removed = await caches.As("acme.admin").JsonAsync(
            HttpMethod.Delete, $"/api/v1/cache?pattern={Uri.EscapeDataString(pattern)}");

        Assert.Equal(0, (int)removed["keys"]!);
        Assert.Equal("old", await CacheTenants.ReadAsync(caches.Two, "product:globex:705", "new"));
        Assert.Equal("old", await CacheTenants.ReadAsync(caches.One, "product:globex:705", "new"));
    }

    [Fact]
    public async Task An_entity_a_user_and_a_tag_are_invalidated_on_both_replicas()
    {
        var acme = caches.As("acme.admin");
        foreach (var body in new object[]
            {
                new { entity = "product", id = 703 }, new { tag = "product:acme:703" }, new { tag = "product:acme:*" },
                new { tag = "tenant:acme" }, new { tenant = "acme", entity = "product", id = 703 },
            })
        {
            await CacheTenants.ReadAsync(caches.Two, "product:acme:703", "old");
            var done = await acme.PostJsonAsync("/api/v1/cache/invalidate", body);
            Assert.Equal("applied", (string?)done["outcome"]);
            Assert.Equal("new", await CacheTenants.ReadAsync(caches.Two, "product:acme:703", "new"));
            await acme.JsonAsync(HttpMethod.Delete, "/api/v1/cache?pattern=product:acme:703");
        }
        const string Own = "user_orders:acme:705:00112233445566778899aabbccddeeff";
        await CacheTenants.ReadAsync(caches.Two, Own, "old");
        var user = await acme.PostJsonAsync("/api/v1/cache/invalidate", new { user_id = 705 });
        Assert.Equal("user:acme:705", (string?)user["tag"]);
        Assert.Equal("new", await CacheTenants.ReadAsync(caches.Two, Own, "new"));
        Assert.Contains(await caches.AuditAsync(), row => row is { Action: "invalidate", Subject: "user:acme:705" });
    }

    [Fact]
    public async Task A_wrong_invalidation_is_refused_by_the_field_and_one_of_another_tenant_is_403()
    {
        var (acme, super) = (caches.As("acme.admin"), caches.As("super.admin"));
        foreach (var (client, body, field) in new (HttpClient, object, string)[]
            {
                (acme, new { }, "tag"), (acme, new { entity = "product" }, "tag"),
                (acme, new { entity = "none", id = 1 }, "entity"),
                (acme, new { user_id = 1, tag = "order:acme:1" }, "tag"),
                (acme, new { tag = "nobodys" }, "tag"), (acme, new { tag = "*" }, "tag"),
                (acme, new { tag = new string('a', 257) }, "tag"),
                (super, new { entity = "product", id = 1 }, "tenant"),
                (super, new { tenant = "ACME", entity = "product", id = 1 }, "tenant"),
                (super, new { tenant = "acme", tag = "order:globex:1" }, "tenant"),
            })
        {
            using var response = await client.CallAsync(HttpMethod.Post, "/api/v1/cache/invalidate", body);
            await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, field);
        }
        foreach (var body in new object[]
            {
                new { tag = "order:globex:1" }, new { tag = "orders:list:globex:*" }, new { tag = "tenant:globex" },
                new { tag = "user:globex:1" }, new { tag = "customers:any:globex" },
                new { tenant = "globex", entity = "product", id = 1 },
            })
        {
            using var response = await acme.CallAsync(HttpMethod.Post, "/api/v1/cache/invalidate", body);
            await response.ProblemAsync(HttpStatusCode.Forbidden, "other_tenant");
        }
    }

    [Fact]
    public async Task A_reset_needs_its_confirmation_and_leaves_foreign_keys_alone()
    {
        using var redis = await CacheTenants.ConnectAsync(caches.Redis);
        string[] foreign = ["other-program", "product:acme:theirs", "v:theirs"];
        foreach (var key in foreign)
            await redis.GetDatabase().StringSetAsync(key, "theirs");
        string[] own = ["product:acme:704", "product:globex:704", "customer:acme:704"];
        foreach (var key in own)
            await CacheTenants.ReadAsync(caches.Two, key, "old");
        var super = caches.As("super.admin");

        using var unconfirmed = await super.CallAsync(HttpMethod.Post, "/api/v1/cache/reset");
        using var everything = await super.CallAsync(HttpMethod.Delete, "/api/v1/cache?pattern=*");
        var reset = await super.JsonAsync(HttpMethod.Post, "/api/v1/cache/reset", null, ("X-Confirm", "reset"));

        await unconfirmed.ProblemAsync(HttpStatusCode.BadRequest, "confirmation_required");
        await everything.ProblemAsync(HttpStatusCode.BadRequest, "use_reset");
        Assert.Equal("applied", (string?)reset["outcome"]);
        foreach (var key in foreign)
            Assert.Equal("theirs", await redis.GetDatabase().StringGetAsync(key));
        Assert.False(await redis.GetDatabase().KeyExistsAsync("product:acme:704"));
        foreach (var key in own)
            Assert.Equal("new", await CacheTenants.ReadAsync(caches.Two, key, "new"));
        Assert.Contains(
            await caches.AuditAsync(), row => row is { Username: "super.admin", Tenant: null, Action: "reset" });
    }

    [Fact]
    public async Task A_flag_is_in_force_on_the_other_replica_and_an_unknown_one_is_404_naming_the_known()
    {
        var (super, other) = (caches.As("super.admin"), caches.As("super.admin", caches.Two));

        var changed = await super.PutJsonAsync("/api/v1/cache/flags", new { name = "products", is_on = false });
        var listed = await other.GetJsonAsync("/api/v1/cache/flags");
        await super.PutJsonAsync("/api/v1/cache/flags", new { name = "products", is_on = (bool?)null });
        using var unknown = await super.CallAsync(
            HttpMethod.Put, "/api/v1/cache/flags", new { name = "nothing", is_on = true });

        Assert.Equal((false, "applied"), ((bool)changed["is_on"]!, (string?)changed["outcome"]));
        Assert.False((bool)listed["items"]!.AsArray().Single(flag => (string?)flag!["name"] == "products")!["is_on"]!);
        var problem = await unknown.ProblemAsync(HttpStatusCode.NotFound, "unknown_flag");
        Assert.Contains("customers, external_apis, lookups, orders, products, quotes", (string?)problem["detail"]);
        Assert.Contains(await caches.AuditAsync(), row => row is { Action: "flag", Subject: "products=off" });
    }
}
