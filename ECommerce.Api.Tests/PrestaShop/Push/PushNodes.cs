using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.PrestaShop.Push;

/// <summary>Three nodes of the API over a database of their own, each with its worker.</summary>
public sealed class PushNodes(ApiFixture fixture) : IAsyncLifetime
{
    private readonly List<ApiFactory> _nodes = [];
    private LocalRedis? _redis;
    private int _userId;

    public async ValueTask InitializeAsync()
    {
        _redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        for (var i = 0; i < 3; i++)
            _nodes.Add(new ApiFactory(database, _redis.ConnectionString));
        foreach (var node in _nodes)
            await node.StartAsync();
        _userId = (await QueryAsync<int>("SELECT id FROM users WHERE username = 'acme.admin'"))[0];
    }

    /// <summary>The API of a node as acme's administrator.</summary>
    internal HttpClient Client(int node = 0) =>
        _nodes[node].With(_nodes[node].Token(_userId, "acme.admin", "acme", "ADMIN"));

    internal async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await _nodes[0].Services.GetRequiredService<DbDataSource>()
            .OpenConnectionAsync(TestContext.Current.CancellationToken);
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }
}
