using System.Data.Common;
using System.Net;
using Dapper;
using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.Api.Tests.Data;

/// <summary>
/// The connection is lost while the server executes COMMIT: the client cannot know whether the write happened.
/// </summary>
public sealed class CommitOutcomeTests(ApiFixture fixture) : IAsyncLifetime
{
    private LocalMySql _mySql = null!;
    private TcpLink _link = null!;
    private UtcMySqlDataSource _server = null!;
    private ApiFactory _api = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mySql = await LocalMySql.StartNewAsync();
        var database = await _mySql.CreateDatabaseAsync();
        _server = new UtcMySqlDataSource(database);
        _link = new TcpLink(_mySql.Port);
        _api = new ApiFactory(_mySql.ThroughPort(database, _link.Port), fixture.Redis.ConnectionString);
        await _api.StartAsync();
        _admin = _api.With(fixture.TokenOf("acme.admin"));
    }

    [Fact]
    public async Task Commit_without_response_returns_503_outcome_unknown_without_retry_after()
    {
        var path = $"/api/v1/products/{(await _admin.ProductAsync())["id"]}";
        await _admin.GetJsonAsync(path);
        var name = Samples.Unique("unknown");

        using var response = await CutAtCommitAsync(
            () => _admin.CallAsync(HttpMethod.Put, path, Samples.Product(name)));

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "outcome_unknown");
        Assert.Null(response.Headers.RetryAfter);
        // The server completes the COMMIT that it received, and the change is not hidden by a cached value.
        await Eventually.TrueAsync(
            async () =>
                (await _admin.CallAsync(HttpMethod.Get, path)) is { IsSuccessStatusCode: true } read
                    && (string?)(await read.JsonAsync())["name"] == name,
            "the change is read");
    }

    [Fact]
    public async Task Idempotency_key_makes_a_commit_without_response_repeatable()
    {
        var name = Samples.Unique("repeat");
        Task<HttpResponseMessage> PostAsync() =>
            _admin.CallAsync(HttpMethod.Post, "/api/v1/products", Samples.Product(name), ("Idempotency-Key", name));

        using var response = await CutAtCommitAsync(PostAsync);

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "outcome_unknown");
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        HttpResponseMessage? repeated = null;
        await Eventually.TrueAsync(
            async () =>
                (repeated = await PostAsync()).StatusCode == HttpStatusCode.Created, "the repetition succeeds");
        Assert.Equal(1, (int)(await _admin.GetJsonAsync($"/api/v1/products?search={name}"))["total"]!);
        Assert.Equal(name, (string?)(await repeated!.JsonAsync())["name"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _server.DisposeAsync();
        await _link.DisposeAsync();
        await _mySql.DisposeAsync();
    }

    /// <summary>
    /// Sends a write of a product, cuts the connection once the server holds its COMMIT back, and then lets the server
    /// go on.
    /// </summary>
    private async Task<HttpResponseMessage> CutAtCommitAsync(Func<Task<HttpResponseMessage>> write)
    {
        await using var backup = await _server.OpenConnectionAsync(Ct);
        await backup.ExecuteAsync("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
        var before = await LastOutboxRowAsync(backup);
        await backup.ExecuteAsync("BACKUP STAGE START");
        await backup.ExecuteAsync("BACKUP STAGE BLOCK_COMMIT");
        try
        {
            var writing = write();
            // The row of the outbox and COMMIT are one message: where the row is there, the server has received both.
            // By its tags it is this write's, and not one of background work.
            await Eventually.TrueAsync(
                async () => await LastOutboxRowAsync(backup) > before, "the server holds the COMMIT back");
            _link.Cut();
            return await writing;
        }
        finally
        {
            await backup.ExecuteAsync("BACKUP STAGE END");
            _link.Mend();
        }
    }

    private static Task<long> LastOutboxRowAsync(DbConnection backup) => backup.ExecuteScalarAsync<long>(
        "SELECT COALESCE(MAX(id), 0) FROM cache_outbox WHERE tags LIKE '%product%'");
}
