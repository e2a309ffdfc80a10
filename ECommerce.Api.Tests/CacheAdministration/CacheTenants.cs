using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ECommerce.Api.Tests.CacheAdministration;

/// <summary>Two API processes on one database and one Redis of their own, and what they have in their caches.</summary>
public sealed class CacheTenants(ApiFixture fixture) : IAsyncLifetime
{
    private LocalRedis? _redis;
    private ApiFactory? _one, _two;

    internal LocalRedis Redis => _redis!;

    internal string Database { get; private set; } = "";

    internal ApiFactory One => _one!;

    internal ApiFactory Two => _two!;

    public async ValueTask InitializeAsync()
    {
        _redis = await LocalRedis.StartNewAsync();
        Database = await fixture.MySql.CreateDatabaseAsync();
        _one = new ApiFactory(Database, _redis.ConnectionString);
        _two = new ApiFactory(Database, _redis.ConnectionString);
        await _one.StartAsync();
        await _two.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (IAsyncDisposable?[])[_one, _two, _redis])
        {
            if (part is not null)
                await part.DisposeAsync();
        }
    }

    /// <summary>A client of one of the processes, as a seeded user.</summary>
    internal HttpClient As(string user, ApiFactory? of = null) => (of ?? One).With(fixture.TokenOf(user));

    internal static async Task<IConnectionMultiplexer> ConnectAsync(LocalRedis redis) =>
        await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);

    /// <summary>Fills and reads an entry on one process, and returns what the other one reads.</summary>
    internal static async Task<string> ReadAsync(ApiFactory api, string key, string value)
    {
        var cache = api.Services.GetRequiredService<HybridCache>();
        var name = key.Split(':')[0];
        var policy = FeatureRegistration.CachePolicies
            .First(policy => policy.Pattern.StartsWith($"{name}:{{tenant}}:", StringComparison.Ordinal));
        return await cache.GetOrCreateAsync(
            key, value, static (value, _) => ValueTask.FromResult(value), policy.Options,
            cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>All keys of a listing by its steps.</summary>
    internal static async Task<List<string>> KeysAsync(HttpClient client, string pattern, int limit = 100)
    {
        var keys = new List<string>();
        JsonNode? cursor = null;
        do
        {
            var next = cursor is null ? "" : $"&cursor={Uri.EscapeDataString((string)cursor!)}";
            var page = await client.GetJsonAsync(
                $"/api/v1/cache/keys?pattern={Uri.EscapeDataString(pattern)}&limit={limit}{next}");
            keys.AddRange(page["items"]!.AsArray().Select(key => (string)key!["key"]!));
            cursor = page["next_cursor"];
        }
        while (cursor is not null);
        return keys;
    }

    /// <summary>The audited changes, oldest first.</summary>
    internal async Task<List<AuditRow>> AuditAsync()
    {
        await using var connection = await One.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(
            TestContext.Current.CancellationToken);
        return
        [
            .. await connection.QueryAsync<AuditRow>(
                """
                SELECT username, role, tenant_id AS tenant, action, subject, outcome, entries
                FROM cache_audit
                ORDER BY id
                """),
        ];
    }

    /// <summary>The tags of the rows of the outbox.</summary>
    internal async Task<List<string>> OutboxAsync()
    {
        await using var connection = await One.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(
            TestContext.Current.CancellationToken);
        return [.. await connection.QueryAsync<string>("SELECT tags FROM cache_outbox")];
    }

    internal sealed record AuditRow(
        string Username, string Role, string? Tenant, string Action, string Subject, string? Outcome, long? Entries);
}
