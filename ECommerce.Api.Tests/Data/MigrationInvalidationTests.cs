namespace ECommerce.Api.Tests.Data;

/// <summary>Migrations that change rows: no change tracker sees them, so they name their tags.</summary>
public sealed class MigrationInvalidationTests(ApiFixture fixture)
{
    private const string Rename = "UPDATE brands SET name = CONCAT(name, ' 2');\n";

    [Fact]
    public async Task Tags_of_a_migration_reach_the_caches_of_a_running_replica()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var running = new ApiFactory(database, redis.ConnectionString);
        await running.StartAsync();
        foreach (var (tenant, before) in ((string, string)[])[("acme", "Lumen"), ("globex", "Lumen")])
            Assert.Equal(before, await FirstBrandAsync(running, tenant));

        await using var newer = new ApiFactory(database, redis.ConnectionString)
        {
            Migrations = [MigrationScript.Parse("9001_brands", "-- invalidates: brands:{tenant}\n" + Rename)],
        };
        await newer.StartAsync();

        foreach (var tenant in (string[])["acme", "globex"])
        {
            await Eventually.TrueAsync(
                async () => await FirstBrandAsync(running, tenant) == "Lumen 2"
                    && await FirstBrandAsync(newer, tenant) == "Lumen 2", $"{tenant} sees the migrated brand");
        }
    }

    [Theory]
    [InlineData(Rename)]
    [InlineData("-- Brands get a suffix.\n" + Rename)]
    [InlineData("CREATE TABLE t (id INT); DELETE FROM `brands` WHERE id < 0;\n")]
    [InlineData("INSERT IGNORE INTO brands (tenant_id, name) SELECT tenant_id, name FROM categories;\n")]
    [InlineData("UPDATE sync_runs JOIN brands ON brands.id = sync_runs.id SET brands.name = '';\n")]
    public async Task Migration_that_changes_rows_of_an_entity_and_names_no_tags_stops_the_start(string script)
    {
        var exception = await StartAsync(MigrationScript.Parse("9002_brands", script));

        Assert.Contains("9002_brands.sql changes rows of brands", exception?.Message);
    }

    [Theory]
    [InlineData("brand:{tenant}")]
    [InlineData("brands:acme")]
    [InlineData("brands:{tenant}:*")]
    public async Task Migration_that_names_a_tag_which_no_entry_carries_stops_the_start(string tag)
    {
        var exception = await StartAsync(MigrationScript.Parse("9003_brands", $"-- invalidates: {tag}\n{Rename}"));

        Assert.Contains($"9003_brands.sql: no cached entry carries the tag '{tag}'", exception?.Message);
    }

    [Theory]
    [InlineData("INSERT INTO sync_runs (id) SELECT id FROM brands;\n")]
    [InlineData("UPDATE tenants SET name = '' WHERE id < 0;\n")]
    [InlineData("ALTER TABLE brands ADD COLUMN IF NOT EXISTS note TEXT NULL;\n")]
    public void Migration_that_changes_no_row_of_an_entity_needs_no_tags(string script) =>
        Assert.Empty(MigrationScript.Parse("9004_other", script).ChangedTables(["brands", "categories"]));

    [Fact]
    public void Tags_below_the_first_line_are_rejected()
    {
        var exception = Assert.Throws<FormatException>(
            () => MigrationScript.Parse("9005_brands", "-- Brands.\n-- invalidates: brands:{tenant}\n" + Rename));

        Assert.Contains("9005_brands.sql", exception.Message);
    }

    [Fact]
    public void Tags_of_a_table_of_tags_are_accepted() =>
        Assert.Equal(
            ["order:{tenant}:*", "orders:any:{tenant}", "*"],
            MigrationScript.Parse("9006_orders", "-- invalidates: order:{tenant}:*, orders:any:{tenant}, *\n")
                .Invalidates);

    private async Task<Exception?> StartAsync(MigrationScript script)
    {
        await using var api = new ApiFactory("Server=127.0.0.1;Port=1", fixture.Redis.ConnectionString)
        {
            Migrations = [script],
        };
        return Record.Exception(api.StartServer);
    }

    private static async Task<string?> FirstBrandAsync(ApiFactory api, string tenant)
    {
        using var client = api.With(api.Token(1, $"{tenant}.admin", tenant, Roles.Admin));
        return (await client.GetJsonAsync("/api/v1/brands"))["items"]![0]!["name"]!.GetValue<string>();
    }
}
