using System.Text.Json.Nodes;
using ECommerce.Api.Tests.Mocks;

namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>A small shop of the mock, registered as a shop of acme and synced through the API.</summary>
internal sealed class SyncedShop : IAsyncDisposable
{
    private static readonly (string, string)[] Sizes =
        [("products", "12"), ("customers", "10"), ("addresses", "12"), ("orders", "8")];

    private readonly ApiFixture? _fixture;

    private SyncedShop(ApiFixture? fixture, PrestaShopMock mock, HttpClient client, int id) =>
        (_fixture, Mock, Client, Id) = (fixture, mock, client, id);

    public PrestaShopMock Mock { get; }

    /// <summary>The API as acme's administrator.</summary>
    public HttpClient Client { get; }

    public int Id { get; }

    public static Task<SyncedShop> StartAsync(ApiFixture fixture, params (string Name, string Value)[] settings) =>
        StartAsync(fixture, fixture.As("acme.admin"), maxExecutionSeconds: null, settings);

    /// <summary>A shop of another API than the fixture's.</summary>
    public static Task<SyncedShop> StartAsync(
        HttpClient client, int maxExecutionSeconds, params (string Name, string Value)[] settings) =>
        StartAsync(null, client, maxExecutionSeconds, settings);

    private static async Task<SyncedShop> StartAsync(
        ApiFixture? fixture, HttpClient client, int? maxExecutionSeconds, (string Name, string Value)[] settings)
    {
        var mock = new PrestaShopMock([.. Sizes, .. settings]);
        var shop = await client.PostJsonAsync("/api/v1/shops", new
        {
            name = Samples.Unique("Negozio"),
            base_url = mock.Address.ToString(),
            api_key = PrestaShopMock.Key,
            max_execution_seconds = maxExecutionSeconds,
        });
        return new SyncedShop(fixture, mock, client, (int)shop["id"]!);
    }

    /// <summary>A whole run; its last state, whatever that is.</summary>
    public async Task<JsonNode> SyncAsync(string mode = "full", bool confirmDeletions = false)
    {
        using var response = await Client.CallAsync(
            HttpMethod.Post, $"/api/v1/shops/{Id}/sync", new { mode, confirm_deletions = confirmDeletions });
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
        var run = (long)(await response.JsonAsync())["id"]!;
        return await FinishedAsync(run);
    }

    /// <summary>A whole run that succeeds.</summary>
    public async Task<JsonNode> SucceedAsync(string mode = "full", bool confirmDeletions = false)
    {
        var run = await SyncAsync(mode, confirmDeletions);
        Assert.True((string?)run["status"] == "succeeded", run.ToJsonString());
        return run;
    }

    public async Task<JsonNode> FinishedAsync(long run)
    {
        await new EndToEnd.SyncFollower(Client).EventsAsync(run);
        var finished = await Client.GetJsonAsync($"/api/v1/sync/{run}");
        Assert.NotNull(finished["finished_at"]);
        return finished;
    }

    public Task ChangeAsync(string resource, int id, params (string Field, string Value)[] values) =>
        ControlAsync(
            HttpMethod.Put, $"rows/{resource}/{id}",
            JsonNode.Parse("{}")!.AsObject().With(values).ToJsonString());

    public Task RemoveAsync(string resource, int id) => ControlAsync(HttpMethod.Delete, $"rows/{resource}/{id}");

    public Task RestoreAsync(string resource, int id) =>
        ControlAsync(HttpMethod.Post, $"rows/{resource}/{id}/restore");

    /// <summary>From now on, as often as given: 0 without end.</summary>
    public Task FailAsync(string json) => ControlAsync(HttpMethod.Post, "faults", json);

    public Task HealAsync() => ControlAsync(HttpMethod.Delete, "faults");

    public async Task<string[]> RequestsAsync(string resource)
    {
        using var response = await Mock.ControlAsync(HttpMethod.Get, "requests");
        return [.. (await PrestaShopMock.JsonAsync(response)).AsArray()
            .Where(request => (string?)request!["path"] == $"/api/{resource}")
            .Select(request => (string)request!["query"]!)];
    }

    /// <summary>The row that was imported of a row of the shop; null when none is listed.</summary>
    public async Task<JsonNode?> RowAsync(string kind, int originId)
    {
        // Addresses have no list of their own.
        if (kind == "addresses")
        {
            var found = await _fixture!.QueryAsync<string?>(
                "SELECT COALESCE(state, '') FROM addresses WHERE shop_id = @Id AND origin_id = @originId",
                new { Id, originId });
            return found is [var state] ? new JsonObject { ["state"] = state } : null;
        }
        var listed = (await Client.GetJsonAsync($"/api/v1/{kind}?shop_id={Id}&limit=500"))["items"]!.AsArray()
            .SingleOrDefault(row => (long?)row!["origin_id"] == originId);
        return listed is null ? null : await Client.GetJsonAsync($"/api/v1/{kind}/{listed["id"]}");
    }

    public async Task<int> CountAsync(string kind) =>
        (int)(await Client.GetJsonAsync($"/api/v1/{kind}?shop_id={Id}&limit=1"))["total"]!;

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return Mock.DisposeAsync();
    }

    private async Task ControlAsync(HttpMethod method, string path, string? json = null)
    {
        using var response = await Mock.ControlAsync(method, path, json);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {response.StatusCode}");
    }
}

internal static class SyncRunExtensions
{
    public static JsonObject With(this JsonObject json, (string Field, string Value)[] values)
    {
        foreach (var (field, value) in values)
            json[field] = value;
        return json;
    }

    /// <summary>The messages about a row, or with the id 0 about the run.</summary>
    public static string[] MessagesOn(this JsonNode run, string list, string entity, int originId) =>
        [.. run[list]!.AsArray()
            .Where(entry => (string?)entry!["entity"] == entity && (int)entry["origin_id"]! == originId)
            .Select(entry => (string)entry!["message"]!)];
}
