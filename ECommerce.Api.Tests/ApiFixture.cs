using System.Data.Common;
using Dapper;
using ECommerce.Api.Tests.Mocks.FatturaPa;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(ECommerce.Api.Tests.ApiFixture))]

namespace ECommerce.Api.Tests;

/// <summary>
/// One API over a private MariaDB and Redis, for all tests that do not need their own. Tests share its data: each makes
/// what it looks at.
/// </summary>
public sealed class ApiFixture : IAsyncLifetime
{
    /// <summary>The key of acme's account at the provider, where a test has set it.</summary>
    public const string ProviderKey = "SECRET-8f14e45fceea167a";

    private readonly Dictionary<string, User> _users = [];
    private readonly FatturaPaMock _provider = new(null, ("otherKeys", $"{FatturaPaMock.OtherKey},{ProviderKey}"));
    private LocalMySql? _mySql;
    private LocalRedis? _redis;
    private ApiFactory? _api;

    internal ApiFactory Api => _api!;

    internal string Database { get; private set; } = "";

    internal LocalMySql MySql => _mySql!;

    internal LocalRedis Redis => _redis!;

    internal IServiceProvider Services => Api.Services;

    public async ValueTask InitializeAsync()
    {
        var redis = LocalRedis.StartNewAsync();
        _mySql = await LocalMySql.StartNewAsync(logsStatements: true);
        _redis = await redis;
        Database = await _mySql.CreateDatabaseAsync();
        _api = new ApiFactory(Database, _redis.ConnectionString, settings: _provider.ApiSettings);
        await _api.StartAsync();
        foreach (var user in await QueryAsync<User>("SELECT id, username, tenant_id, role FROM users"))
            _users[user.Username] = user;
    }

    /// <summary>
    /// A client of one of the seeded users: <c>acme.admin</c>, <c>acme.ordini</c>, <c>globex.admin</c>,
    /// <c>super.admin</c>.
    /// </summary>
    internal HttpClient As(string username) => Api.With(TokenOf(username));

    internal string TokenOf(string username)
    {
        var user = _users[username];
        return Api.Token(user.Id, user.Username, user.TenantId, user.Role);
    }

    internal int IdOf(string username) => _users[username].Id;

    internal async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    internal async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.ExecuteAsync(sql, parameters);
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        await _provider.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        if (_mySql is not null)
        {
            var unbound = UnboundParameters.Find(_mySql.StatementLog);
            await _mySql.DisposeAsync();
            if (unbound.Count > 0)
            {
                throw new InvalidOperationException(
                    $"Parameters of these statements have no value: {string.Join("; ", unbound)}");
            }
        }
    }

    private sealed record User(int Id, string Username, string? TenantId, string Role);
}
