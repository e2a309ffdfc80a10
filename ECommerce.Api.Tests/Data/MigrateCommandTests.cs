using System.Net;
using ECommerce.Api.Tests.Accounts;

namespace ECommerce.Api.Tests.Data;

/// <summary>
/// Migrations have a user of the database of their own, and the replicas one that cannot change tables.
/// </summary>
public sealed class MigrateCommandTests(ApiFixture fixture)
{
    private const string Password = "correct horse 1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replica_whose_user_cannot_change_tables_waits_for_the_command_and_serves_then()
    {
        var owner = await fixture.MySql.CreateDatabaseAsync();
        var user = await DataUser.CreateAsync(owner);
        await using var api = new ApiFactory(user, fixture.Redis.ConnectionString, "Production");
        var start = api.StartAsync();
        using (var health = await api.Anonymous().GetAnyAsync("/health"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        (await RunAsync(user, "", "migrate")).AssertRefused(1, "run the command 'migrate' with one that may");

        var migrated = await RunAsync(owner, "", "migrate");

        Assert.Equal((0, ""), (migrated.ExitCode, migrated.Error));
        Assert.StartsWith($"{MigrationScript.All.Count} migrations are applied: 0001_", migrated.Output);
        await start.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.Equal(0, (await RunAsync(user, "", "tenant", "add", "rossi", "--name", "Rossi")).ExitCode);
        Assert.Equal(
            0, (await RunAsync(user, Password, "user", "add", "rossi.admin", "--tenant", "rossi", "--role", "ADMIN"))
                .ExitCode);
        var session = await api.Anonymous().PostJsonAsync(
            "/api/v1/auth/login", new { username = "rossi.admin", password = Password });
        var admin = api.With((string)session["access_token"]!);
        var product = await admin.PostJsonAsync("/api/v1/products", Samples.Product());
        Assert.Equal(1, (int?)(await admin.GetJsonAsync($"/api/v1/products/{product["id"]}"))["row_version"]);
        Assert.Equal(new CommandProcess(0, "The schema is up to date.", ""), await RunAsync(user, "", "migrate"));
    }

    private Task<CommandProcess> RunAsync(string mySql, string input, params IEnumerable<string> arguments) =>
        CommandProcess.RunAsync(mySql, fixture.Redis.ConnectionString, input, arguments);
}
