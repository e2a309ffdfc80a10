using System.Net;
using Dapper;
using ECommerce.Api.Tests.Accounts;
using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.Api.Tests.KeyRotation;

/// <summary>Alone: replicas start and stop under load.</summary>
[Collection(nameof(Soak.Alone))]
public sealed class KeyRotationTests(ApiFixture fixture)
{
    private const string OldSigning = "an-old-signing-key-with-enough-bytes-0123456789";
    private const string NewSigning = "another-signing-key-with-enough-bytes-0123456789";
    private const string OldProtection = "0123456789abcdef0123456789abcdef";
    private const string NewProtection = "fedcba9876543210fedcba9876543210";

    private const int Loads = 3;
    private const int RoundsOfEachStep = 10;

    private static readonly Keys Before = new(OldSigning, OldProtection);

    // The order of the steps is the procedure of docs/security.md.
    private static readonly Keys Accepted = new($"{OldSigning},k2:{NewSigning}", $"{OldProtection},k2:{NewProtection}");
    private static readonly Keys Used = new($"k2:{NewSigning},{OldSigning}", $"k2:{NewProtection},{OldProtection}");
    private static readonly Keys After = new($"k2:{NewSigning}", $"k2:{NewProtection}");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_keys_are_rotated_on_two_replicas_under_load_without_a_refused_token_or_a_failed_decryption()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        ApiFactory Create(Keys keys) =>
            new(database, fixture.Redis.ConnectionString, settings: keys.Settings);
        await using var first = await Replica.StartAsync(Create, Before);
        await using var second = await Replica.StartAsync(Create, Before);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var loads = Enumerable.Range(0, Loads).Select(i => new RotationLoad([first, second], i)).ToArray();
        var running = loads.Select(load => load.RunAsync(stop.Token)).ToArray();
        await WorkedAsync(loads, running);

        foreach (var keys in new[] { Accepted, Used })
            await RollAsync(keys);
        var command = await ReencryptAsync(database, Used);
        Assert.Equal((0, ""), (command.ExitCode, command.Error));
        Assert.Contains("are encrypted anew with the key 'k2'", command.Output, StringComparison.Ordinal);
        await Task.WhenAll(loads.Select(load => load.RenewedAsync())).WaitAsync(TimeSpan.FromSeconds(30), Ct);
        await RollAsync(After);

        await stop.CancelAsync();
        await Task.WhenAll(running);
        await using var source = new UtcMySqlDataSource(database);
        await using var connection = await source.OpenConnectionAsync(Ct);
        // The two shops of the demo, which nothing but the command has touched, and one of each load.
        Assert.Equal(Loads + 2, await connection.ExecuteScalarAsync<int>(
            "SELECT COUNT(*) FROM shops WHERE LEFT(api_key, 4) = CONCAT(CHAR(2, 2), 'k2')"));
        Assert.Equal(Loads + 2, await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM shops"));

        async Task RollAsync(Keys keys)
        {
            foreach (var replica in new[] { first, second })
            {
                await replica.ReplaceAsync(keys);
                await WorkedAsync(loads, running);
            }
        }
    }

    [Fact]
    public async Task Token_of_a_key_that_a_replica_does_not_list_is_401()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var old = new ApiFactory(
            database, fixture.Redis.ConnectionString, settings: Before.Settings);
        await using var changed = new ApiFactory(
            database, fixture.Redis.ConnectionString, settings: After.Settings);
        await old.StartAsync();
        await changed.StartAsync();

        foreach (var (issuer, other) in new[] { (old, changed), (changed, old) })
        {
            var token = issuer.Token(1, "acme.admin", "acme", Roles.Admin);
            using var accepted = await issuer.With(token).GetAnyAsync("/api/v1/shops");
            using var refused = await other.With(token).GetAnyAsync("/api/v1/shops");

            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
            await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Fact]
    public async Task Command_reports_secrets_that_no_key_opens_encrypts_the_others_and_is_audited()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using (var api = new ApiFactory(database, fixture.Redis.ConnectionString, settings: Before.Settings))
            await api.StartAsync();
        await using var source = new UtcMySqlDataSource(database);
        await using var connection = await source.OpenConnectionAsync(Ct);
        // Another tenant's value, which is bound to that tenant.
        await connection.ExecuteAsync(
            "UPDATE shops JOIN shops other ON other.id = 2 SET shops.api_key = other.api_key WHERE shops.id = 1");

        var command = await ReencryptAsync(database, Used);

        command.AssertRefused(1, "1 secrets are encrypted anew with the key 'k2', but no key of DATA_PROTECTION_KEY "
            + "opens 1, of shops 1:");
        var audited = Assert.Single(await connection.QueryAsync<(string User, string Action, string Detail)>(
            "SELECT by_os_user, action, detail FROM account_audit"));
        Assert.Equal((Environment.UserName, "secrets reencrypt", "1 of shops.api_key with key 'k2'"), audited);
        await connection.ExecuteAsync("DELETE FROM shops WHERE id = 1");
        Assert.Equal(
            new CommandProcess(0, "0 secrets are encrypted anew with the key 'k2', 1 were before.", ""),
            await ReencryptAsync(database, After));
    }

    [Fact]
    public async Task Every_column_of_variable_binary_values_is_encrypted_anew_or_stands_on_a_short_list()
    {
        // Files of invoices are stored as they are sent, and notifications and files of the pool as they were received.
        string[] others =
        [
            "idempotency_keys.idempotency_key", "invoice_files.content", "invoice_notifications.content",
            "pool_events.content",
        ];

        var columns = await fixture.QueryAsync<string>(
            """
            SELECT CONCAT(table_name, '.', column_name)
            FROM information_schema.COLUMNS
            WHERE table_schema = DATABASE() AND (data_type = 'varbinary' OR data_type LIKE '%blob')
            """);

        Assert.Equal(
            ProtectedColumn.All.Select(column => $"{column.Table}.{column.Column}").Concat(others).Order(),
            columns.Order());
    }

    private Task<CommandProcess> ReencryptAsync(string database, Keys keys) => CommandProcess.RunAsync(
        [.. ApiFactory.Environment(database, fixture.Redis.ConnectionString), .. keys.Settings], "",
        "secrets", "reencrypt");

    private static async Task WorkedAsync(RotationLoad[] loads, Task[] running)
    {
        var goal = loads.Select(load => load.Rounds + RoundsOfEachStep).ToArray();
        await Eventually.TrueAsync(
            () => running.Any(run => run.IsCompleted)
                || loads.Zip(goal).All(one => one.First.Rounds >= one.Second),
            "every load goes on");
        // The error of one that has failed.
        if (running.FirstOrDefault(run => run.IsCompleted) is { } ended)
            await ended;
    }
}
