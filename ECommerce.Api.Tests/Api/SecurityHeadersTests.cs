using System.Net;

namespace ECommerce.Api.Tests.Api;

public sealed class SecurityHeadersTests(ApiFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/products")]
    [InlineData("/api/v1/orders/0")]
    [InlineData("/nothing")]
    [InlineData("/alive")]
    [InlineData("/metrics")]
    [InlineData("/swagger/index.html")]
    [InlineData("/cache-dashboard")]
    [InlineData("/cache-dashboard/dashboard.js")]
    public async Task Every_response_forbids_guessing_its_type(string path)
    {
        using var miss = await fixture.As("acme.admin").GetAnyAsync(path);
        using var perhapsHit = await fixture.As("acme.admin").GetAnyAsync(path);

        Assert.Equal("nosniff", Assert.Single(miss.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("nosniff", Assert.Single(perhapsHit.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_page_is_shown_in_no_frame_and_loads_nothing_from_elsewhere()
    {
        using var page = await fixture.Api.Anonymous().GetAnyAsync("/swagger/index.html");
        using var data = await fixture.Api.Anonymous().GetAnyAsync("/openapi/v1.json");

        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.False(data.Headers.Contains("Content-Security-Policy"));
    }

    [Theory]
    [InlineData("/cache-dashboard", "text/html")]
    [InlineData("/cache-dashboard/dashboard.css", "text/css")]
    [InlineData("/cache-dashboard/dashboard.js", "text/javascript")]
    public async Task Dashboard_of_the_caches_runs_nothing_inline_and_is_revalidated(string path, string type)
    {
        using var file = await fixture.Api.Anonymous().GetAnyAsync(path);
        using var again = await fixture.Api.Anonymous().CallAsync(
            HttpMethod.Get, path, headers: ("If-None-Match", $"{file.Headers.ETag}"));

        Assert.Equal(type, file.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(file.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal("no-cache", file.Headers.CacheControl?.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.DoesNotContain(" style=", await fixture.Api.Anonymous().TextAsync("/cache-dashboard"));
    }

    [Fact]
    public async Task Production_serves_only_configured_hosts_and_no_description_unless_it_is_configured()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var closed = new ApiFactory(
            database, fixture.Redis.ConnectionString, "Production", ("AllowedHosts", "shop.example;*.shop.example"));
        await using var open = new ApiFactory(
            database, fixture.Redis.ConnectionString, "Production", ("OPENAPI_ENABLED", "true"));
        await closed.StartAsync();
        await open.StartAsync();
        using var client = closed.Anonymous();

        using var unknown = await client.CallAsync(HttpMethod.Get, "/alive", headers: ("Host", "evil.example"));
        await unknown.ProblemAsync(HttpStatusCode.BadRequest, "unknown_host");
        Assert.True(unknown.Headers.Contains("X-Request-ID"));
        foreach (var host in (string[])["shop.example", "www.shop.example:8080"])
        {
            using var known = await client.CallAsync(HttpMethod.Get, "/alive", headers: ("Host", host));
            Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        }
        foreach (var path in (string[])["/openapi/v1.json", "/swagger/index.html"])
        {
            using var hidden = await client.CallAsync(HttpMethod.Get, path, headers: ("Host", "shop.example"));
            await hidden.ProblemAsync(HttpStatusCode.NotFound);
            using var shown = await open.Anonymous().GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        }
    }
}
