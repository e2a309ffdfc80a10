using System.Data.Common;
using Dapper;
using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.Api.Tests.Soak;

/// <summary>Nodes in processes of their own over one Redis and one database of theirs.</summary>
internal sealed class NodeCluster : IAsyncDisposable
{
    private readonly UtcMySqlDataSource _source;

    private NodeCluster(LocalRedis redis, string database, NodeProcess[] nodes)
    {
        Redis = redis;
        Nodes = nodes;
        _source = new UtcMySqlDataSource(database);
    }

    public LocalRedis Redis { get; }

    public IReadOnlyList<NodeProcess> Nodes { get; }

    public static async Task<NodeCluster> StartAsync(
        ApiFixture fixture, int nodes, string planted = "none", params (string Name, string Value)[] settings)
    {
        var redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        var token = fixture.TokenOf("acme.admin");
        var cluster = new NodeCluster(
            redis, database,
            [.. Enumerable.Range(0, nodes).Select(
                _ => new NodeProcess(fixture.MySql, database, redis, token, planted, settings))]);
        try
        {
            await Task.WhenAll(cluster.Nodes.Select(node => node.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<DbConnection> ConnectAsync() => await _source.OpenConnectionAsync();

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await _source.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        await _source.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
