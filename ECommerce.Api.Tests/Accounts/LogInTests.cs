using System.Net;
using Microsoft.AspNetCore.Identity;

namespace ECommerce.Api.Tests.Accounts;

public sealed class LogInTests(ApiFixture fixture)
{
    private readonly HttpClient _anonymous = fixture.Api.Anonymous();

    [Fact]
    public async Task A_user_logs_in_and_is_known_by_the_token()
    {
        using var response = await _anonymous.CallAsync(
            HttpMethod.Post, "/api/v1/auth/login", new { username = "acme.ordini", password = "demo-Passw0rd!" });
        var session = await response.JsonAsync();
        var me = await fixture.Api.With((string)session["access_token"]!).GetJsonAsync("/api/v1/auth/me");

        Assert.Equal("Bearer", (string?)session["token_type"]);
        Assert.InRange(
            (DateTime)session["expires_at"]!, DateTime.UtcNow.AddMinutes(28), DateTime.UtcNow.AddMinutes(31));
        Assert.Contains("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal(
            ("acme.ordini", "ORDINI", "acme"), ((string)me["username"]!, (string)me["role"]!, (string)me["tenant"]!));
        Assert.Equal(fixture.IdOf("acme.ordini"), (int)me["id"]!);
    }

    [Fact]
    public async Task Wrong_password_and_unknown_user_get_the_same_response()
    {
        var username = await NewUserAsync();

        using var wrong = await LogInAsync(username, "wrong");
        using var unknown = await LogInAsync(Samples.Unique("unknown"), "wrong");

        var first = await wrong.ProblemAsync(HttpStatusCode.Unauthorized, "wrong_credentials");
        var second = await unknown.ProblemAsync(HttpStatusCode.Unauthorized, "wrong_credentials");
        Assert.Equal((string?)first["detail"], (string?)second["detail"]);
    }

    [Fact]
    public async Task The_sixth_attempt_after_five_wrong_ones_has_to_wait()
    {
        var username = await NewUserAsync();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var wrong = await LogInAsync(username, "wrong");
            await wrong.ProblemAsync(HttpStatusCode.Unauthorized);
        }

        using var refused = await LogInAsync(username, "demo-Passw0rd!");
        using var other = await LogInAsync(await NewUserAsync(), "demo-Passw0rd!");

        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_failed_logins");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Attempts_at_once_are_counted_one_by_one()
    {
        var username = await NewUserAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var response = await LogInAsync(username, "wrong");
            return response.StatusCode;
        }));

        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(7, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_quarter_of_an_hour_later_a_user_may_try_again()
    {
        var username = await NewUserAsync();
        await fixture.ExecuteAsync(
            """
            INSERT INTO login_attempts (username, address, failures, first_failed_at, changed_at)
            VALUES (@username, '127.0.0.1', 9, UTC_TIMESTAMP(6) - INTERVAL 16 MINUTE, UTC_TIMESTAMP(6))
            """,
            new { username });

        using var response = await LogInAsync(username, "demo-Passw0rd!");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([0], await fixture.QueryAsync<int>(
            "SELECT failures + reserved FROM login_attempts WHERE username = @username", new { username }));
    }

    [Fact]
    public async Task Neither_passwords_nor_tokens_stand_in_the_database()
    {
        var username = await NewUserAsync();
        using var response = await LogInAsync(username, "demo-Passw0rd!");
        var token = (string)(await response.JsonAsync())["refresh_token"]!;

        var hashes = await fixture.QueryAsync<string>("SELECT password_hash FROM users");
        var tokens = await fixture.QueryAsync<byte[]>("SELECT token_hash FROM refresh_tokens");

        Assert.DoesNotContain(hashes, hash => hash.Contains("Passw0rd", StringComparison.OrdinalIgnoreCase));
        Assert.All(tokens, hash => Assert.Equal(32, hash.Length));
        Assert.DoesNotContain(
            tokens, hash => System.Text.Encoding.ASCII.GetString(hash).Contains(token[..8], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("username")]
    [InlineData("password")]
    public async Task A_missing_field_is_named(string field)
    {
        var body = new Dictionary<string, string> { ["username"] = "acme.user", ["password"] = "x" };
        body.Remove(field);

        using var response = await _anonymous.CallAsync(HttpMethod.Post, "/api/v1/auth/login", body);

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, field);
    }

    private Task<HttpResponseMessage> LogInAsync(string username, string password) =>
        _anonymous.CallAsync(HttpMethod.Post, "/api/v1/auth/login", new { username, password });

    private async Task<string> NewUserAsync()
    {
        var username = Samples.Unique("user");
        await fixture.ExecuteAsync(
            """
            INSERT INTO users (tenant_id, username, password_hash, role, created_at)
            VALUES ('acme', @username, @hash, 'USER', UTC_TIMESTAMP(6))
            """,
            new { username, hash = new PasswordHasher<string>().HashPassword(username, "demo-Passw0rd!") });
        return username;
    }
}
