using System.Net;
using Microsoft.AspNetCore.Identity;

namespace ECommerce.Api.Tests.Accounts;

/// <summary>Brute force against logins, from many addresses: the API trusts the proxy that names them.</summary>
public sealed class LoginThrottleTests(ApiFixture fixture) : IAsyncLifetime
{
    private const string Right = "demo-Passw0rd!";

    private ApiFactory _api = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _api = new ApiFactory(
            fixture.Database, fixture.Redis.ConnectionString, settings: ("TRUSTED_PROXIES", "127.0.0.0/8, ::1"));
        await _api.StartAsync();
        _client = _api.Anonymous();
    }

    public async ValueTask DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Of_100_concurrent_wrong_passwords_at_most_5_are_checked()
    {
        var (username, address) = (await NewUserAsync(), NewAddress());

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => StatusAsync(username, "wrong", address)));

        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(95, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Concurrent_right_passwords_all_succeed()
    {
        var (username, address) = (await NewUserAsync(), NewAddress());

        var statuses = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => StatusAsync(username, Right, address)));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task Lock_out_is_of_the_address_and_not_of_the_user()
    {
        var (username, attacker) = (await NewUserAsync(), NewAddress());
        await FailAsync(username, attacker, times: 5);

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(username, Right, attacker));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(username, Right, NewAddress()));
    }

    [Fact]
    public async Task Addresses_of_one_IPv6_network_share_the_limit()
    {
        var username = await NewUserAsync();
        var network = $"2001:db8:{Random.Shared.Next(1, 0xffff):x}:{Random.Shared.Next(1, 0xffff):x}";
        for (var host = 1; host <= 5; host++)
            await FailAsync(username, $"{network}::{host:x}", times: 1);

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(username, Right, $"{network}:1:2:3:4"));
    }

    [Fact]
    public async Task Address_with_too_many_failures_is_refused_for_every_user()
    {
        var address = NewAddress();
        await fixture.ExecuteAsync(
            """
            INSERT INTO login_attempts (username, address, failures, first_failed_at, changed_at)
            VALUES ('', @address, 99, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
            """,
            new { address });
        await FailAsync(Samples.Unique("user"), address, times: 1);

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(await NewUserAsync(), Right, address));
    }

    [Fact]
    public async Task User_under_attack_logs_in_without_delay_from_a_known_address()
    {
        var (username, home) = (await NewUserAsync(), NewAddress());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(username, Right, home));
        await fixture.ExecuteAsync(
            """
            INSERT INTO login_attempts (username, address, failures, first_failed_at, changed_at)
            VALUES (@username, '', 1000, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
            """,
            new { username });

        var abroad = StatusAsync(username, Right, NewAddress());
        var first = await Task.WhenAny(abroad, StatusAsync(username, Right, home));

        Assert.NotSame(abroad, first);
        Assert.Equal(HttpStatusCode.OK, await first);
        Assert.Equal(HttpStatusCode.OK, await abroad);
    }

    [Fact]
    public async Task Forged_forwarding_header_is_ignored_without_a_trusted_proxy()
    {
        var username = await NewUserAsync();
        using var direct = fixture.Api.Anonymous();
        for (var attempt = 0; attempt < 5; attempt++)
            await StatusAsync(username, "wrong", NewAddress(), direct);

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(username, Right, NewAddress(), direct));
    }

    [Fact]
    public async Task Password_with_NUL_is_refused()
    {
        using var response = await _client.CallAsync(
            HttpMethod.Post, "/api/v1/auth/login", new { username = "acme.user", password = "demo\0Passw0rd!" });

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "password");
    }

    private async Task FailAsync(string username, string address, int times)
    {
        for (var attempt = 0; attempt < times; attempt++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(username, "wrong", address));
    }

    private async Task<HttpStatusCode> StatusAsync(
        string username, string password, string address, HttpClient? client = null)
    {
        using var response = await (client ?? _client).CallAsync(
            HttpMethod.Post, "/api/v1/auth/login", new { username, password }, ("X-Forwarded-For", address));
        return response.StatusCode;
    }

    private static string NewAddress() =>
        $"10.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}.{Random.Shared.Next(1, 255)}";

    private async Task<string> NewUserAsync()
    {
        var username = Samples.Unique("user");
        await fixture.ExecuteAsync(
            """
            INSERT INTO users (tenant_id, username, password_hash, role, created_at)
            VALUES ('acme', @username, @hash, 'USER', UTC_TIMESTAMP(6))
            """,
            new { username, hash = new PasswordHasher<string>().HashPassword(username, Right) });
        return username;
    }
}
