
namespace ECommerce.Api.Tests.Data;

public sealed class MigrationTests(ApiFixture fixture)
{
    [Fact]
    public async Task Every_script_is_applied_once_and_in_order()
    {
        var applied = await fixture.QueryAsync<string>("SELECT name FROM schema_migrations ORDER BY applied_at, name");

        Assert.NotEmpty(MigrationScript.All);
        Assert.Equal(MigrationScript.All.Select(script => script.Name), applied);
    }

    [Fact]
    public async Task Replicas_that_start_together_migrate_one_empty_database_once()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var first = new ApiFactory(database, fixture.Redis.ConnectionString);
        await using var second = new ApiFactory(database, fixture.Redis.ConnectionString);

        await Task.WhenAll(first.StartAsync(), second.StartAsync());

        var login = await second.Anonymous()
            .PostJsonAsync("/api/v1/auth/login", new { username = "globex.admin", password = "demo-Passw0rd!" });
        Assert.NotNull(login["access_token"]);
    }

    [Fact]
    public async Task Nothing_is_seeded_outside_Development()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var api = new ApiFactory(database, fixture.Redis.ConnectionString, "Production");
        await api.StartAsync();

        using var response = await api.Anonymous().CallAsync(
            HttpMethod.Post, "/api/v1/auth/login", new { username = "acme.admin", password = "demo-Passw0rd!" });

        await response.ProblemAsync(System.Net.HttpStatusCode.Unauthorized, "wrong_credentials");
    }

    [Fact]
    public async Task Every_table_of_a_tenants_rows_finds_them_by_tenant_first()
    {
        var keys = await fixture.QueryAsync<Key>(
            """
            SELECT s.TABLE_NAME AS table_name, s.INDEX_NAME AS index_name, s.COLUMN_NAME AS column_name
            FROM information_schema.STATISTICS s
            JOIN information_schema.COLUMNS c
                ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = 'tenant_id'
            WHERE s.TABLE_SCHEMA = DATABASE() AND s.SEQ_IN_INDEX = 1 AND s.INDEX_NAME <> 'PRIMARY'
            """);

        // Users log in before their tenant is known; what has run out is cleaned for all tenants at once, and so are
        // revoked tokens read. The worker of pushes leases rows of all tenants with one statement. Names of invoice
        // files belong to their sender, which several tenants may have; uncertain ones of all tenants are looked up.
        string[] others =
        [
            "uq_users_username", "ix_users_tokens_revoked", "ix_idempotency_keys_expiry",
            "ix_order_state_pushes_status", "ix_order_state_pushes_lease", "uq_invoice_files_name",
            "ix_invoice_files_lookup",
        ];
        Assert.NotEmpty(keys);
        Assert.DoesNotContain(keys, key => key.ColumnName != "tenant_id" && !others.Contains(key.IndexName));
    }

    [Fact]
    public async Task Tenants_are_compared_byte_by_byte()
    {
        var columns = await fixture.QueryAsync<(string Column, string Collation)>(
            """
            SELECT CONCAT(table_name, '.', column_name), collation_name
            FROM information_schema.COLUMNS
            WHERE table_schema = DATABASE()
              AND (column_name = 'tenant_id' OR table_name = 'tenants' AND column_name = 'slug')
            """);

        Assert.True(columns.Count > 15);
        Assert.All(columns, column => Assert.Equal((column.Column, "ascii_bin"), column));
    }

    private sealed record Key(string TableName, string IndexName, string ColumnName);
}
