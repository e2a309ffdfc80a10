using System.Data.Common;
using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using ECommerce.Features.Accounts.Revocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ECommerce.Api.Tests.Accounts;

/// <summary>
/// A change of an account ends its sessions at once and its access tokens on every replica. The second replica is the
/// one of the fixture; both poll every 15 s, which the tests do not wait for.
/// </summary>
public sealed class RevocationTests(ApiFixture fixture) : IAsyncLifetime
{
    private const string First = "correct horse 1";
    private const string Second = "another horse 2";

    private readonly string _username = Samples.Unique("user");
    private ApiFactory _other = null!;

    private IReadOnlyList<ApiFactory> Replicas => [fixture.Api, _other];

    public async ValueTask InitializeAsync()
    {
        _other = new ApiFactory(fixture.Database, fixture.Redis.ConnectionString);
        await _other.StartAsync();
        await RunAsync(First, "add", "--tenant", "acme", "--role", "USER");
    }

    public ValueTask DisposeAsync() => _other.DisposeAsync();

    [Fact]
    public async Task Disabled_user_is_refused_on_both_replicas()
    {
        var session = await LogInAsync(First);
        foreach (var replica in Replicas)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(replica, session));

        await RunAsync("", "disable");

        await AssertRefreshRefusedAsync(session);
        await PollAsync();
        foreach (var replica in Replicas)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(replica, session));
        using var login = await TryLogInAsync(First);
        await login.ProblemAsync(HttpStatusCode.Unauthorized, "wrong_credentials");
    }

    [Fact]
    public async Task Changed_role_ends_the_tokens_with_the_old_one()
    {
        var old = await LogInAsync(First);

        await RunAsync("", "set-role", "--role", "ORDINI");
        var session = await LogInAsync(First);

        await AssertRefreshRefusedAsync(old);
        await PollAsync();
        foreach (var replica in Replicas)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(replica, old));
            var me = await replica.With((string)session["access_token"]!).GetJsonAsync("/api/v1/auth/me");
            Assert.Equal("ORDINI", (string?)me["role"]);
        }
    }

    [Fact]
    public async Task Set_password_ends_the_old_session_and_not_one_of_the_same_second()
    {
        var old = await LogInAsync(First);

        await RunAsync(Second, "set-password");
        var session = await LogInAsync(Second);

        using var login = await TryLogInAsync(First);
        await login.ProblemAsync(HttpStatusCode.Unauthorized, "wrong_credentials");
        await PollAsync();
        foreach (var replica in Replicas)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(replica, old));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(replica, session));
        }
        var renewed = await Client.PostJsonAsync("/api/v1/auth/refresh", Refresh(session));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_other, renewed));
    }

    [Fact]
    public async Task Login_whose_password_is_replaced_while_it_is_verified_gets_no_session()
    {
        await using var connection = await fixture.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Ct);
        await using var change = await connection.BeginTransactionAsync(Ct);
        await connection.ExecuteAsync(
            "UPDATE users SET password_hash = '', token_version = token_version + 1 WHERE username = @_username",
            new { _username }, change);
        var login = TryLogInAsync(First);
        // It has verified the old password, and waits for the row.
        await Eventually.TrueAsync(async () => login.IsCompleted || (await fixture.QueryAsync<long>(
            """
            SELECT COUNT(*) FROM information_schema.PROCESSLIST
            WHERE info LIKE '%LOCK IN SHARE MODE%' AND info NOT LIKE '%PROCESSLIST%'
            """)).Single() > 0, "the login waits");
        await change.CommitAsync(Ct);

        using var response = await login;

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "wrong_credentials");
        Assert.Empty(await fixture.QueryAsync<int>(
            "SELECT user_id FROM refresh_tokens JOIN users ON users.id = user_id WHERE username = @_username",
            new { _username }));
    }

    [Fact]
    public async Task Password_change_responds_with_the_only_session_that_remains()
    {
        var (old, elsewhere) = (await LogInAsync(First), await LogInAsync(First));

        var session = await Change(old, First, Second).PostedAsync();

        // Without a poll: on the node that changed it.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(fixture.Api, old));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fixture.Api, session));
        await AssertRefreshRefusedAsync(old);
        await AssertRefreshRefusedAsync(elsewhere);
        await PollAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(_other, elsewhere));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_other, session));
        await Client.PostJsonAsync("/api/v1/auth/refresh", Refresh(session));
        await LogInAsync(Second);
        var audited = await fixture.QueryAsync<(string By, string Action)>(
            """
            SELECT me.username, action
            FROM account_audit JOIN users ON users.id = user_id JOIN users me ON me.id = by_user_id
            WHERE users.username = @_username
            """,
            new { _username });
        Assert.Equal([(_username, "password change")], audited);
    }

    [Theory]
    [InlineData("wrong", Second, "current_password")]
    [InlineData(First, First, "new_password")]
    [InlineData(First, "short", "new_password")]
    [InlineData(First, "twelve\0chars", "new_password")]
    public async Task Password_change_with_a_wrong_field_is_422(string current, string changed, string field)
    {
        var session = await LogInAsync(First);

        using var response = await Change(session, current, changed).TryAsync();

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, field);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fixture.Api, session));
    }

    [Fact]
    public async Task Guesses_of_the_current_password_are_limited_like_logins()
    {
        var session = await LogInAsync(First);
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await Change(session, "wrong", Second).TryAsync();
            await wrong.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "current_password");
        }

        using var refused = await Change(session, First, Second).TryAsync();

        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_failed_logins");
    }

    [Fact]
    public async Task Poller_reads_every_15_seconds_and_forgets_nothing_while_the_database_is_away()
    {
        var mySql = await LocalMySql.StartNewAsync();
        await using var server = mySql;
        var database = await mySql.CreateDatabaseAsync();
        await using var api = new ApiFactory(database, fixture.Redis.ConnectionString);
        await api.StartAsync();
        var source = api.Services.GetRequiredKeyedService<DbDataSource>(DatabasePools.Background);
        var (time, revocations) = (new ManualTime(), new TokenRevocations());
        using var poller = new TokenRevocationPoller(
            source, revocations, api.Services.GetRequiredService<SchemaState>(), time,
            NullLogger<TokenRevocationPoller>.Instance);
        await poller.StartAsync(Ct);
        await time.WaitForTimerAsync(TokenRevocationPoller.Period);
        Assert.False(revocations.IsRevoked(1, 0));

        await using (var connection = await source.OpenConnectionAsync(Ct))
        {
            await connection.ExecuteAsync(
                "UPDATE users SET token_version = 1, tokens_revoked_at = UTC_TIMESTAMP(6) WHERE id = 1");
        }
        time.Advance(TokenRevocationPoller.Period);
        await Eventually.TrueAsync(() => revocations.IsRevoked(1, 0), "the next poll finds it");
        await mySql.StopAsync();
        for (var i = 0; i < 3; i++)
            time.Advance(TokenRevocationPoller.Period);
        await poller.TryLoadAsync();

        Assert.True(revocations.IsRevoked(1, 0));
        Assert.False(revocations.IsRevoked(1, 1));
        Assert.False(revocations.IsRevoked(2, 0));
        await poller.StopAsync(Ct);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Client => fixture.Api.Anonymous();

    private async Task RunAsync(string input, string verb, params IEnumerable<string> options)
    {
        var done = await CommandProcess.RunAsync(
            fixture.Database, fixture.Redis.ConnectionString, input, ["user", verb, _username, .. options]);
        Assert.Equal((0, ""), (done.ExitCode, done.Error));
    }

    // What the timer of each replica does.
    private async Task PollAsync()
    {
        foreach (var replica in Replicas)
            await replica.Services.GetRequiredService<TokenRevocationPoller>().TryLoadAsync();
    }

    private Task<HttpResponseMessage> TryLogInAsync(string password) =>
        Client.CallAsync(HttpMethod.Post, "/api/v1/auth/login", new { username = _username, password });

    private Task<JsonNode> LogInAsync(string password) =>
        Client.PostJsonAsync("/api/v1/auth/login", new { username = _username, password });

    private PasswordRequest Change(JsonNode session, string current, string changed) =>
        new(fixture.Api.With((string)session["access_token"]!), current, changed);

    private async Task AssertRefreshRefusedAsync(JsonNode session)
    {
        using var response = await Client.CallAsync(HttpMethod.Post, "/api/v1/auth/refresh", Refresh(session));
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    private static object Refresh(JsonNode session) => new { refresh_token = (string)session["refresh_token"]! };

    private static async Task<HttpStatusCode> StatusAsync(ApiFactory replica, JsonNode session)
    {
        using var response = await replica.With((string)session["access_token"]!).GetAnyAsync("/api/v1/orders?limit=1");
        return response.StatusCode;
    }

    private sealed record PasswordRequest(HttpClient Client, string Current, string Changed)
    {
        private const string Path = "/api/v1/auth/password";

        public Task<JsonNode> PostedAsync() => Client.PostJsonAsync(Path, Body);

        public Task<HttpResponseMessage> TryAsync() => Client.CallAsync(HttpMethod.Post, Path, Body);

        private object Body => new { current_password = Current, new_password = Changed };
    }
}
