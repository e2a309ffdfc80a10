using System.Data.Common;
using Dapper;
using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Channel;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>
/// Two nodes of the API over a database of their own, and the provider that they send to. Acme's account has
/// <see cref="FatturaPaMock.Key"/>, that of globex the other one.
/// </summary>
public class ChannelNodes : IAsyncLifetime
{
    private readonly ApiFixture _fixture;
    private readonly List<ApiFactory> _nodes = [];
    private LocalRedis? _redis;

    public ChannelNodes(ApiFixture fixture)
        : this(fixture, new FatturaPaMock())
    {
    }

    protected ChannelNodes(ApiFixture fixture, FatturaPaMock mock) => (_fixture, Mock) = (fixture, mock);

    public FatturaPaMock Mock { get; }

    internal IServiceProvider Services => _nodes[0].Services;

    public async ValueTask InitializeAsync()
    {
        _redis = await LocalRedis.StartNewAsync();
        var database = await _fixture.MySql.CreateDatabaseAsync();
        for (var i = 0; i < 2; i++)
        {
            _nodes.Add(new ApiFactory(database, _redis.ConnectionString, settings: Mock.ApiSettings)
            {
                // A test does not wait as long as a merchant.
                Replacements = services => services.AddSingleton(
                    new ChannelSettings(new Uri(Mock.ApiSettings[0].Value))
                    {
                        CallTimeout = TimeSpan.FromSeconds(5),
                        TransferTimeout = TimeSpan.FromSeconds(5),
                        Pause = TimeSpan.FromMilliseconds(20),
                    }),
            });
        }
        foreach (var node in _nodes)
            await node.StartAsync();
        foreach (var (tenant, key) in new[] { ("acme", FatturaPaMock.Key), ("globex", FatturaPaMock.OtherKey) })
            await SetKeyAsync($"{tenant}.admin", key);
    }

    /// <summary>A client of a node as a seeded user.</summary>
    internal HttpClient As(string username, int node = 0) => _nodes[node].With(_fixture.TokenOf(username));

    internal Task SetKeyAsync(string admin, string key) =>
        As(admin).PutJsonAsync("/api/v1/config/fatturapa.api_key", new { value = key });

    internal async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await OpenAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    internal async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await OpenAsync();
        return await connection.ExecuteAsync(sql, parameters);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        await Mock.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<DbConnection> OpenAsync() => await Services.GetRequiredService<DbDataSource>()
        .OpenConnectionAsync(TestContext.Current.CancellationToken);
}
