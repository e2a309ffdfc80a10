using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Accounts;

public sealed class SessionTests(ApiFixture fixture)
{
    private readonly HttpClient _anonymous = fixture.Api.Anonymous();

    [Fact]
    public async Task A_refresh_token_gives_a_new_session_of_the_same_user()
    {
        var session = await LogInAsync("globex.admin");

        var renewed = await _anonymous.PostJsonAsync("/api/v1/auth/refresh", Refresh(session));
        var me = await fixture.Api.With((string)renewed["access_token"]!).GetJsonAsync("/api/v1/auth/me");

        Assert.NotEqual((string?)session["refresh_token"], (string?)renewed["refresh_token"]);
        Assert.Equal(("globex.admin", "globex"), ((string)me["username"]!, (string)me["tenant"]!));
    }

    [Fact]
    public async Task Reuse_of_an_old_refresh_token_ends_the_whole_family()
    {
        var first = await LogInAsync("globex.admin");
        var second = await _anonymous.PostJsonAsync("/api/v1/auth/refresh", Refresh(first));

        using var reuse = await _anonymous.CallAsync(HttpMethod.Post, "/api/v1/auth/refresh", Refresh(first));
        using var afterwards = await _anonymous.CallAsync(HttpMethod.Post, "/api/v1/auth/refresh", Refresh(second));

        await reuse.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        await afterwards.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    [Fact]
    public async Task Concurrent_uses_of_a_refresh_token_give_one_session_at_most()
    {
        var session = await LogInAsync("globex.admin");

        var statuses = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var response = await _anonymous.CallAsync(HttpMethod.Post, "/api/v1/auth/refresh", Refresh(session));
            return response.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task An_expired_refresh_token_is_refused()
    {
        var session = await LogInAsync("globex.admin");
        await fixture.ExecuteAsync(
            """
            UPDATE refresh_tokens SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND
            WHERE token_hash = UNHEX(SHA2(@token, 256))
            """,
            new { token = (string)session["refresh_token"]! });

        using var response = await _anonymous.CallAsync(HttpMethod.Post, "/api/v1/auth/refresh", Refresh(session));

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    [Fact]
    public async Task Logging_out_ends_the_session_of_the_token_and_no_other()
    {
        var ended = await LogInAsync("globex.admin");
        var other = await LogInAsync("globex.admin");

        using (var response = await _anonymous.CallAsync(HttpMethod.Post, "/api/v1/auth/logout", Refresh(ended)))
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);

        using var refused = await _anonymous.CallAsync(HttpMethod.Post, "/api/v1/auth/refresh", Refresh(ended));
        await refused.ProblemAsync(HttpStatusCode.Unauthorized);
        await _anonymous.PostJsonAsync("/api/v1/auth/refresh", Refresh(other));
    }

    [Fact]
    public async Task Logging_out_without_a_refresh_token_ends_all_sessions_of_the_caller()
    {
        var session = await LogInAsync("acme.preventivi");

        using (
            var response = await fixture.Api.With((string)session["access_token"]!)
                .CallAsync(HttpMethod.Post, "/api/v1/auth/logout"))
        {
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        using var refused = await _anonymous.CallAsync(HttpMethod.Post, "/api/v1/auth/refresh", Refresh(session));
        await refused.ProblemAsync(HttpStatusCode.Unauthorized);
        using var anonymous = await _anonymous.CallAsync(HttpMethod.Post, "/api/v1/auth/logout");
        await anonymous.ProblemAsync(HttpStatusCode.Unauthorized);
    }

    private Task<JsonNode> LogInAsync(string username) =>
        _anonymous.PostJsonAsync("/api/v1/auth/login", new { username, password = "demo-Passw0rd!" });

    private static object Refresh(JsonNode session) => new { refresh_token = (string)session["refresh_token"]! };
}
