using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Accounts;

/// <summary>The commands for tenants and users, each as a process of its own.</summary>
public sealed class CommandTests(ApiFixture fixture)
{
    private const string Password = "correct horse 1";

    private readonly string _username = Samples.Unique("user");

    [Fact]
    public async Task Empty_Production_database_gets_its_first_users_by_commands()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();

        var tenant = await CommandProcess.RunAsync(
            database, fixture.Redis.ConnectionString, "", "tenant", "add", "rossi", "--name", "Rossi & Figli");
        var admin = await CommandProcess.RunAsync(
            database, fixture.Redis.ConnectionString, Password + "\n",
            "user", "add", "rossi.admin", "--tenant", "rossi", "--role", "ADMIN");
        var root = await CommandProcess.RunAsync(
            database, fixture.Redis.ConnectionString, "pàssword 12345\r\nnext line",
            "user", "add", "root", "--role", "SUPERADMIN");

        Assert.Equal(new CommandProcess(0, "Tenant rossi is added.", ""), tenant);
        Assert.Equal(new CommandProcess(0, "User rossi.admin is added as ADMIN of rossi.", ""), admin);
        Assert.Equal(new CommandProcess(0, "User root is added as SUPERADMIN of no tenant.", ""), root);
        await using var api = new ApiFactory(database, fixture.Redis.ConnectionString, "Production");
        await api.StartAsync();
        var me = await LogInAsync(api, "rossi.admin", Password);
        Assert.Equal(("ADMIN", "rossi"), ((string?)me["role"], (string?)me["tenant"]));
        Assert.Equal("SUPERADMIN", (string?)(await LogInAsync(api, "root", "pàssword 12345"))["role"]);
        // No demo users.
        using var demo = await api.Anonymous().CallAsync(
            HttpMethod.Post, "/api/v1/auth/login", new { username = "acme.admin", password = "demo-Passw0rd!" });
        await demo.ProblemAsync(HttpStatusCode.Unauthorized, "wrong_credentials");
    }

    [Theory]
    [InlineData("", "must not be empty")]
    [InlineData("\n", "must not be empty")]
    [InlineData("elevenchars\n", "at least 12")]
    [InlineData("twelve\0chars\n", "must not contain NUL")]
    public async Task Unfit_password_is_refused(string input, string part)
    {
        var refused = await RunAsync(input, "user", "add", _username, "--tenant", "acme", "--role", "USER");

        refused.AssertRefused(1, part);
        Assert.Equal([0], await fixture.QueryAsync<int>(
            "SELECT COUNT(*) FROM users WHERE username = @_username", new { _username }));
    }

    [Theory]
    [InlineData("There is no tenant unknown", "user", "add", "new", "--tenant", "unknown", "--role", "USER")]
    [InlineData("There is a user acme.user already", "user", "add", "acme.user", "--tenant", "acme", "--role", "USER")]
    [InlineData("needed by every role but SUPERADMIN", "user", "add", "new", "--role", "ADMIN")]
    [InlineData("must not be given", "user", "add", "new", "--tenant", "acme", "--role", "SUPERADMIN")]
    [InlineData("a SUPERADMIN has none", "user", "set-role", "acme.user", "--role", "SUPERADMIN")]
    [InlineData("has no tenant, which USER needs", "user", "set-role", "super.admin", "--role", "USER")]
    [InlineData("There is no user unknown", "user", "disable", "unknown")]
    [InlineData("There is a tenant acme already", "tenant", "add", "acme", "--name", "Acme")]
    [InlineData("lower-case ASCII", "tenant", "add", "Acme", "--name", "Acme")]
    [InlineData("must not contain control characters", "tenant", "add", "fresh", "--name", "a\tb")]
    public async Task Impossible_change_is_refused_with_one_line(string part, params string[] arguments) =>
        (await RunAsync(Password, arguments)).AssertRefused(1, part);

    [Theory]
    [InlineData("'usr'", "usr", "add", "x")]
    [InlineData("Required command", "tenant")]
    [InlineData("--name", "tenant", "add", "x")]
    [InlineData("BOSS", "user", "add", "x", "--role", "BOSS")]
    [InlineData("'--password'", "user", "set-password", "x", "--password", "y")]
    [InlineData("'tennant'", "--environment", "Production", "tennant")]
    [InlineData("'-urls'", "-urls", "http://localhost")]
    public async Task Command_line_that_is_not_understood_is_2_and_one_line(string part, params string[] arguments) =>
        (await RunAsync("", arguments)).AssertRefused(2, part);

    [Theory]
    [InlineData("-- user add root --role SUPERADMIN", "--help")]
    [InlineData("-- user disable acme.ordini", "user", "disable", "--help")]
    public async Task Help_ends_with_examples(string example, params string[] arguments)
    {
        var help = await RunAsync("", arguments);

        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.Contains(example, help.Output.Split("Examples:")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Result_and_refusal_are_JSON_objects_on_request()
    {
        var done = await RunAsync(
            Password, "user", "add", _username, "--tenant", "acme", "--role", "USER", "--json");
        var refused = await RunAsync(
            Password, "user", "add", _username, "--tenant", "acme", "--role", "USER", "--json");

        Assert.Equal((0, 1), (done.ExitCode, refused.ExitCode));
        var result = JsonNode.Parse(done.Output)!;
        Assert.Equal(
            ("done", _username, "acme", "USER"),
            ((string)result["outcome"]!, (string)result["username"]!, (string)result["tenant"]!,
                (string)result["role"]!));
        Assert.Equal("refused", (string?)JsonNode.Parse(refused.Output)!["outcome"]);
    }

    [Fact]
    public async Task Database_that_is_away_is_1_and_one_line()
    {
        var away = await CommandProcess.RunAsync(
            $"Server=127.0.0.1;Port={ChildProcess.FreePort()};User ID=root;Password=secret-1;Database=x",
            fixture.Redis.ConnectionString, "", "tenant", "add", "x", "--name", "X");

        away.AssertRefused(1, "Check ConnectionStrings__ecommerce");
        Assert.DoesNotContain("secret-1", away.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_that_is_away_stops_no_command()
    {
        var done = await CommandProcess.RunAsync(
            fixture.Database, $"127.0.0.1:{ChildProcess.FreePort()}", "",
            "tenant", "add", Samples.Unique("t"), "--name", "X");

        Assert.Equal((0, ""), (done.ExitCode, done.Error));
    }

    [Fact]
    public async Task Changes_are_audited_with_the_operating_system_user_and_without_passwords()
    {
        string[] arguments = ["user", "add", _username, "--tenant", "acme", "--role", "USER"];
        Assert.Equal(0, (await RunAsync(Password, arguments)).ExitCode);
        Assert.Equal(0, (await RunAsync("", "user", "set-role", _username, "--role", "ORDINI")).ExitCode);
        Assert.Equal(0, (await RunAsync("another horse 2", "user", "set-password", _username)).ExitCode);
        Assert.Equal(0, (await RunAsync("", "user", "disable", _username)).ExitCode);
        // Changes nothing.
        Assert.Equal(0, (await RunAsync("", "user", "disable", _username)).ExitCode);

        var rows = await fixture.QueryAsync<(string By, string Action, string Tenant, string? Detail)>(
            """
            SELECT by_os_user, action, account_audit.tenant_id, detail
            FROM account_audit JOIN users ON users.id = user_id WHERE username = @_username ORDER BY account_audit.id
            """,
            new { _username });

        Assert.Equal(
            [("user add", "USER"), ("user set-role", "USER -> ORDINI"), ("user set-password", null),
                ("user disable", null)],
            rows.Select(row => (row.Action, row.Detail)));
        Assert.All(rows, row => Assert.Equal((Environment.UserName, "acme"), (row.By, row.Tenant)));
    }

    private Task<CommandProcess> RunAsync(string input, params IEnumerable<string> arguments) =>
        CommandProcess.RunAsync(fixture.Database, fixture.Redis.ConnectionString, input, arguments);

    private static async Task<JsonNode> LogInAsync(ApiFactory api, string username, string password)
    {
        var session = await api.Anonymous().PostJsonAsync("/api/v1/auth/login", new { username, password });
        return await api.With((string)session["access_token"]!).GetJsonAsync("/api/v1/auth/me");
    }
}
