using System.Net;
using System.Net.Http.Json;
using ECommerce.Api.Tests.Api;

namespace ECommerce.Api.Tests.CacheAdministration;

public sealed class CachePermissionTests(ApiFixture fixture)
{
    private static readonly (string Method, string Path, object? Body, string[] May)[] Routes =
    [
        ("GET", "/api/v1/cache/stats", null, ["acme.admin", "super.admin"]),
        ("GET", "/api/v1/cache/analytics", null, ["acme.admin", "super.admin"]),
        ("GET", "/api/v1/cache/events", null, ["acme.admin", "super.admin"]),
        ("GET", "/api/v1/cache/keys", null, ["acme.admin", "super.admin"]),
        ("GET", "/api/v1/cache/keys/explain?key=order:acme:1", null, ["acme.admin", "super.admin"]),
        ("DELETE", "/api/v1/cache?pattern=order:acme:1&dry_run=true", null, ["acme.admin", "super.admin"]),
        (
            "POST", "/api/v1/cache/invalidate", new { tag = "order:acme:999999999" },
            ["acme.admin", "super.admin"]),
        // No name of a tenant.
        ("POST", "/api/v1/cache/warm?tenant=*", null, ["acme.admin", "super.admin"]),
        ("GET", "/api/v1/cache/flags", null, ["super.admin"]),
        ("PUT", "/api/v1/cache/flags", new { name = "none", is_on = true }, ["super.admin"]),
        // Without its confirmation.
        ("POST", "/api/v1/cache/reset", null, ["super.admin"]),
    ];

    public static TheoryData<string, int> Matrix()
    {
        var matrix = new TheoryData<string, int>();
        for (var route = 0; route < Routes.Length; route++)
        {
            foreach (var user in (string[])
                ["acme.admin", "acme.user", "acme.ordini", "acme.preventivi", "acme.fatturazione", "super.admin"])
            {
                matrix.Add(user, route);
            }
        }
        return matrix;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_role_reaches_the_cache_routes_that_it_may_and_no_response_is_stored(string user, int route)
    {
        var (method, path, body, may) = Routes[route];

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : JsonContent.Create(body);
        // A stream of events has no end.
        using var response = await fixture.As(user).SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        if (!may.Contains(user))
        {
            await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
            return;
        }
        Assert.True(
            response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.NotFound,
            $"{response.StatusCode}");
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.False(response.Headers.TryGetValues("Cache-Status", out var status)
            && status.Any(text => text.Contains("hit", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_a_token_every_cache_route_returns_401()
    {
        foreach (var (method, path, body, _) in Routes)
        {
            using var response = await fixture.Api.Anonymous().CallAsync(new HttpMethod(method), path, body);
            await response.ProblemAsync(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public void Every_route_of_the_cache_is_in_the_matrix()
    {
        var mapped = RouteTable.Of(fixture).Where(route => route.Path().StartsWith("/api/v1/cache"))
            .Select(route => $"{route.Method()} {route.Path()}");

        Assert.Equal(
            Routes.Select(route => $"{route.Method} {route.Path.Split('?')[0]}").Order(), mapped.Order());
    }

    // The token of a SUPERADMIN has no tenant: it must not reach what belongs to one.
    [Fact]
    public async Task A_token_without_a_tenant_reaches_no_route_of_a_tenant()
    {
        var routes = RouteTable.Of(fixture).Where(route =>
            !route.Path().StartsWith("/api/v1/cache") && !route.Path().StartsWith("/api/v1/auth")).ToArray();

        Assert.True(routes.Length > 30);
        foreach (var route in routes)
        {
            var path = string.Join('/', route.Path().Split('/').Select(part => part.StartsWith('{') ? "1" : part));
            using var response = await fixture.As("super.admin").CallAsync(
                new HttpMethod(route.Method()), path, route.Method() is "GET" or "DELETE" ? null : new { });
            await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }
    }
}
