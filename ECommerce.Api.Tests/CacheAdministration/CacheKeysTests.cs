using System.Net;

namespace ECommerce.Api.Tests.CacheAdministration;

public sealed class CacheKeysTests(CacheTenants caches) : IClassFixture<CacheTenants>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_admin_lists_the_keys_of_the_own_tenant_and_a_superadmin_all()
    {
        var (own, foreign) = ("product:acme:501", "product:globex:501");
        await CacheTenants.ReadAsync(caches.One, own, "own");
        await CacheTenants.ReadAsync(caches.One, foreign, "foreign");

        foreach (var pattern in (string[])["*", "product:*", "[p-q]*:501", "product:????:501", "product:*:501"])
        {
            var keys = await CacheTenants.KeysAsync(caches.As("acme.admin"), pattern);
            Assert.Contains(own, keys);
            Assert.DoesNotContain(keys, key => key.Contains("globex"));
        }
        var all = await CacheTenants.KeysAsync(caches.As("super.admin"), "product:*");
        Assert.Contains(own, all);
        Assert.Contains(foreign, all);
    }

    [Theory]
    [InlineData("orders:list:globex:*")]
    [InlineData("product:globex:501")]
    [InlineData("product:gl*")]
    [InlineData("product:[^a]*")]
    [InlineData("product:[g]lobex:*")]
    [InlineData(@"product:\globex:*")]
    [InlineData("product:%67lobex:*")]
    [InlineData("out:product:globex:*")]
    public async Task A_pattern_that_names_another_tenant_is_forbidden_to_an_admin(string pattern)
    {
        var path = $"pattern={Uri.EscapeDataString(pattern)}";
        var acme = caches.As("acme.admin");

        using var listed = await acme.GetAnyAsync($"/api/v1/cache/keys?{path}");
        using var tried = await acme.CallAsync(HttpMethod.Delete, $"/api/v1/cache?{path}&dry_run=true");
        using var removed = await acme.CallAsync(HttpMethod.Delete, $"/api/v1/cache?{path}");

        foreach (var response in new[] { listed, tried, removed })
            await response.ProblemAsync(HttpStatusCode.Forbidden, "other_tenant");
    }

    [Theory]
    [InlineData("")]
    [InlineData("pattern=")]
    [InlineData("pattern=%00")]
    [InlineData("pattern=a%0A*")]
    [InlineData("pattern=*&dry_run=perhaps")]
    [InlineData("pattern=a&pattern=b")]
    public async Task A_wrong_query_of_a_removal_is_400(string query)
    {
        using var response = await caches.As("acme.admin").CallAsync(HttpMethod.Delete, $"/api/v1/cache?{query}");

        await response.ProblemAsync(HttpStatusCode.BadRequest, "bad_query");
    }

    [Fact]
    public async Task A_pattern_over_256_characters_and_a_cursor_that_is_none_are_400()
    {
        var acme = caches.As("acme.admin");

        using var longest = await acme.GetAnyAsync($"/api/v1/cache/keys?pattern={new string('a', 256)}");
        using var tooLong = await acme.GetAnyAsync($"/api/v1/cache/keys?pattern={new string('a', 257)}");
        using var cursor = await acme.GetAnyAsync("/api/v1/cache/keys?cursor=x");

        Assert.Equal(HttpStatusCode.OK, longest.StatusCode);
        await tooLong.AssertWrongAsync(HttpStatusCode.BadRequest, "pattern");
        await cursor.AssertWrongAsync(HttpStatusCode.BadRequest, "cursor");
    }

    [Fact]
    public async Task Steps_of_both_replicas_list_every_own_key_among_thousands_of_foreign_ones()
    {
        using var redis = await CacheTenants.ConnectAsync(caches.Redis);
        await Task.WhenAll(Enumerable.Range(0, 4000).Select(
            i => redis.GetDatabase().StringSetAsync($"other-program:acme:{i}", "theirs")));
        string[] own = [.. Enumerable.Range(10_000, 400).Select(id => $"product:acme:{id}")];
        foreach (var key in own)
            await CacheTenants.ReadAsync(caches.One, key, "value");

        var keys = await CacheTenants.KeysAsync(caches.As("acme.admin", caches.Two), "product:acme:10???", limit: 50);

        Assert.Equal(own, keys.Distinct().Order());
    }

    [Fact]
    public async Task A_key_is_explained_without_its_value_and_not_to_another_tenant()
    {
        await CacheTenants.ReadAsync(caches.One, "product:acme:601", "a value that is not shown");

        using var response = await caches.As("acme.admin").GetAnyAsync(
            "/api/v1/cache/keys/explain?key=product:acme:601");
        var text = await response.Content.ReadAsStringAsync(Ct);
        using var foreign = await caches.As("acme.admin").GetAnyAsync(
            "/api/v1/cache/keys/explain?key=product:globex:601");
        using var unknown = await caches.As("acme.admin").GetAnyAsync("/api/v1/cache/keys/explain?key=v:{cache}");
        using var missing = await caches.As("acme.admin").GetAnyAsync("/api/v1/cache/keys/explain");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("product:{tenant}:{id}", text);
        Assert.DoesNotContain("not shown", text);
        await foreign.ProblemAsync(HttpStatusCode.Forbidden, "other_tenant");
        await unknown.ProblemAsync(HttpStatusCode.Forbidden, "other_tenant");
        await missing.AssertWrongAsync(HttpStatusCode.BadRequest, "key");
    }
}
