using System.Data.Common;
using Dapper;
using ECommerce.Features.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Retention;

public sealed class RetentionSweepTests(ApiFixture fixture) : IAsyncLifetime
{
    private ApiFactory _api = null!;
    private DbConnection _connection = null!;

    // Rows of every age, in days, in every table.
    private const string Insert = """
        INSERT INTO sync_runs (tenant_id, shop_id, mode, status, started_at, finished_at)
        VALUES ('acme', 1, 'full', 'succeeded', @at, @at), ('globex', 2, 'full', 'succeeded', @at, @at),
               ('acme', 1, 'full', 'running', @at, NULL);
        INSERT INTO change_audit (tenant_id, changed_at, user_id, action, entity, entity_key)
        VALUES ('acme', @at, 1, 'update', 'brands', '1');
        INSERT INTO account_audit (changed_at, action, tenant_id) VALUES (@at, 'x', 'acme'), (@at, 'x', NULL);
        INSERT INTO cache_audit (username, role, tenant_id, action, subject, begun_at)
        VALUES ('a', 'ADMIN', 'acme', 'delete', '*', @at), ('a', 'SUPERADMIN', NULL, 'reset', '*', @at);
        INSERT INTO idempotency_keys (tenant_id, idempotency_key, body_hash, expires_at)
        VALUES ('acme', @key, REPEAT('x', 32), @at);
        INSERT INTO refresh_tokens (token_hash, family, user_id, created_at, expires_at)
        VALUES (UNHEX(SHA2(@key, 256)), REPEAT('x', 16), 1, @at, @at);
        INSERT INTO login_attempts (username, address, changed_at) VALUES (@key, '::1', @at);
        INSERT INTO login_addresses (user_id, address, last_at) VALUES (1, @key, @at);
        INSERT INTO locks (name, owner, fence, expires_at)
        VALUES (CONCAT('lock:order:process:acme:', @key), 'a', 1, @at),
               (CONCAT('lock:prestashop:sync:acme:', @key), 'a', 1, @at)
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = new ApiFactory(await fixture.MySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString);
        await _api.StartAsync();
        _connection = await _api.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Rows_past_the_retention_of_their_table_are_deleted_and_younger_ones_stay()
    {
        foreach (var days in new[] { 0.5, 2, 29, 36, 91, 400, 800 })
            await AddAsync(days);

        var deleted = await SweepAsync();

        Assert.Equal(RetainedTable.All.Select(table => table.Name), deleted.Keys);
        Assert.Equal([0.5, 2, 29], await AgesAsync("sync_runs", "started_at", "tenant_id = 'globex'"));
        // A run without an end stays a week longer.
        Assert.Equal([0.5, 2, 29, 36], await AgesAsync("sync_runs", "started_at", "finished_at IS NULL"));
        Assert.Equal([0.5, 2, 29, 36, 91, 400], await AgesAsync("change_audit", "changed_at"));
        Assert.Equal([0.5, 2, 29, 36, 91, 400], await AgesAsync("account_audit", "changed_at", "tenant_id IS NULL"));
        Assert.Equal([0.5, 2, 29, 36], await AgesAsync("cache_audit", "begun_at", "tenant_id = 'acme'"));
        Assert.Equal([0.5, 2, 29, 36], await AgesAsync("cache_audit", "begun_at", "tenant_id IS NULL"));
        Assert.Empty(await AgesAsync("idempotency_keys", "expires_at"));
        Assert.Empty(await AgesAsync("refresh_tokens", "expires_at"));
        Assert.Equal([0.5], await AgesAsync("login_attempts", "changed_at"));
        Assert.Equal([0.5, 2, 29, 36, 91], await AgesAsync("login_addresses", "last_at"));
        Assert.Equal([0.5, 2, 29], await AgesAsync("locks", "expires_at", "name LIKE 'lock:order:%'"));
        Assert.Equal(7, (await AgesAsync("locks", "expires_at", "name LIKE 'lock:prestashop:%'")).Count);
    }

    [Fact]
    public async Task The_setting_of_a_tenant_rules_its_rows()
    {
        await AddAsync(10);
        await _api.With(_api.Token(1, "acme.admin", "acme", Roles.Admin))
            .PutJsonAsync("/api/v1/config/retention.sync_runs_days", new { value = 5 });

        await SweepAsync();

        Assert.Empty(await AgesAsync("sync_runs", "started_at", "tenant_id = 'acme' AND finished_at IS NOT NULL"));
        Assert.Equal([10], await AgesAsync("sync_runs", "started_at", "tenant_id = 'globex'"));
    }

    [Fact]
    public async Task More_rows_than_a_batch_are_deleted()
    {
        const int rows = RetentionSweep.BatchSize + 5;
        await _connection.ExecuteAsync(
            """
            INSERT INTO change_audit (tenant_id, changed_at, user_id, action, entity, entity_key)
            VALUES ('acme', '2000-01-01', 1, 'update', 'brands', @key)
            """, Enumerable.Range(1, rows).Select(key => new { key = $"{key}" }));

        Assert.Equal(rows, (await SweepAsync())["change_audit"]);
    }

    [Fact]
    public async Task A_second_node_leaves_the_sweep_to_the_first()
    {
        await AddAsync(800);
        await using var held = await _api.Services.GetRequiredService<BusinessLocks>()
            .TryAcquireAsync(RetentionSweep.LockName, TimeSpan.FromMinutes(1), "other", Ct);
        Assert.NotNull(held);

        Assert.Null(await _api.Services.GetRequiredService<RetentionSweep>().RunAsync(Ct));
        Assert.Single(await AgesAsync("change_audit", "changed_at"));
    }

    private async Task<IReadOnlyDictionary<string, int>> SweepAsync() =>
        (await _api.Services.GetRequiredService<RetentionSweep>().RunAsync(Ct))!;

    private Task<int> AddAsync(double days) => _connection.ExecuteAsync(
        Insert, new { at = DateTime.UtcNow.AddDays(-days), key = $"{days}" });

    private async Task<IReadOnlyList<double>> AgesAsync(string table, string column, string condition = "1 = 1") =>
    [
        .. (await _connection.QueryAsync<double>(
            $"""
            SELECT TIMESTAMPDIFF(HOUR, {column}, UTC_TIMESTAMP(6)) / 24e0 FROM {table}
            WHERE {condition} AND {column} < UTC_TIMESTAMP(6) - INTERVAL 11 HOUR
            """)).Order(),
    ];
}
