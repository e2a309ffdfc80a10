using System.Data.Common;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Incoming.Polling;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>
/// Two replicas and a process without caches over one database, and the provider whose pools they read. Acme's account
/// has <see cref="FatturaPaMock.Key"/>, that of globex the other one. Nothing is polled but by tests.
/// </summary>
public class PoolNodes(ApiFixture fixture) : IAsyncLifetime
{
    public const string Acme = "acme";
    public const string Globex = "globex";

    // Without it personal data would stay out of Redis, and replicas would share nothing.
    private static readonly (string, string) EncryptionKey =
        ("CACHE_ENCRYPTION_KEY", $"k1:{Convert.ToBase64String(new byte[32])}");

    private readonly List<ApiFactory> _nodes = [];
    private LocalRedis? _redis;
    private int _number;

    public FatturaPaMock Mock { get; } = new(null, ("pageSize", "250"));

    protected virtual (string Name, string Value)[] Settings => [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        for (var i = 0; i < 3; i++)
        {
            (string, string)[] own = i == 2 ? [("CACHE_ENABLED", "false")] : [];
            _nodes.Add(new ApiFactory(
                database, _redis.ConnectionString, settings:
                [.. Mock.ApiSettings, EncryptionKey, .. Settings, .. own])
            {
                // A test does not wait as long as a merchant.
                Replacements = services => services.AddSingleton(
                    new ChannelSettings(new Uri(Mock.ApiSettings[0].Value))
                    {
                        CallTimeout = TimeSpan.FromSeconds(5),
                        TransferTimeout = TimeSpan.FromSeconds(5),
                        Pause = TimeSpan.FromMilliseconds(5),
                    }),
            });
        }
        await Task.WhenAll(_nodes.Select(node => node.StartAsync()));
        await SetKeyAsync(Acme, FatturaPaMock.Key);
        await SetKeyAsync(Globex, FatturaPaMock.OtherKey);
    }

    /// <summary>A client as a seeded user; node 2 has no caches.</summary>
    internal HttpClient As(string username, int node = 0) => _nodes[node].With(fixture.TokenOf(username));

    internal IServiceProvider Services(int node = 0) => _nodes[node].Services;

    internal Task<PollReport?> PollAsync(string tenant = Acme, int node = 0) =>
        Services(node).GetRequiredService<PoolPoll>().RunAsync(new Tenant(tenant), Ct);

    internal Task SetKeyAsync(string tenant, string key) =>
        As($"{tenant}.admin").PutJsonAsync("/api/v1/config/fatturapa.api_key", new { value = key });

    /// <summary>An invoice of acme whose file has the outcome; nothing is sent.</summary>
    internal async Task<PooledInvoice> InvoiceAsync(string outcome = "sent")
    {
        var invoice = await As("acme.admin").InvoiceAsync();
        var (id, name) = ((long)invoice["id"]!, (string)invoice["file_name"]!);
        await ExecuteAsync("UPDATE invoice_files SET outcome = @outcome WHERE invoice_id = @id", new { id, outcome });
        await ExecuteAsync(
            "UPDATE invoices SET state = 'sent' WHERE id = @id AND @outcome IN ('sent', 'uncertain')",
            new { id, outcome });
        return new PooledInvoice(id, name);
    }

    /// <summary>The mock sends the file of an invoice, as another program would.</summary>
    internal async Task SendAsync(PooledInvoice invoice)
    {
        var content = await QueryAsync<byte[]>(
            "SELECT content FROM invoice_files WHERE name = @FileName", new { invoice.FileName });
        Assert.Equal("Sent", await Mock.SendAsync(invoice.FileName, content.Single()));
    }

    /// <summary>An event of the pool, as it is given.</summary>
    internal Task PlaceAsync(
        string fileName, byte[] content, string sdiId, string direction = "Acquisto", string kind = "Ricezione",
        int account = 1) =>
        Mock.ControlAsync("entries", new { fileName, content, sdiId, direction, kind, account });

    internal Task PlaceNotificationAsync(string fileName, string content, string sdiId, string kind = "Notifica") =>
        PlaceAsync(fileName, Encoding.UTF8.GetBytes(content), sdiId, "Vendita", kind);

    /// <summary>An IdentificativoSdI that no other test has.</summary>
    internal string NewSdiId() => $"7{Interlocked.Increment(ref _number):D7}";

    internal async Task<JsonNode> EventAsync(string sdiId, string fileName) => JsonNode.Parse((await QueryAsync<string>(
        """
        SELECT JSON_OBJECT('outcome', outcome, 'reason', reason, 'attempts', attempts, 'size', size,
                           'waits', next_attempt_at IS NOT NULL)
        FROM pool_events WHERE tenant_id = 'acme' AND sdi_id = @sdiId AND file_name = @fileName
        """, new { sdiId, fileName })).Single())!;

    /// <summary>The time of all that waits has come.</summary>
    internal Task MakeDueAsync() => ExecuteAsync(
        "UPDATE pool_events SET next_attempt_at = '2026-01-01' WHERE next_attempt_at IS NOT NULL");

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

    private async Task<DbConnection> OpenAsync() =>
        await Services().GetRequiredService<DbDataSource>().OpenConnectionAsync(Ct);
}

/// <summary>An invoice and its file.</summary>
internal sealed record PooledInvoice(long Id, string FileName)
{
    public string Path => $"/api/v1/invoices/{Id}";

    public string Stem => FileName[..FileName.IndexOf('.', StringComparison.Ordinal)];
}
