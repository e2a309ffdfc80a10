using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ECommerce.Benchmarks.Http;

namespace ECommerce.Benchmarks.Sync;

/// <summary>The API as a merchant uses it to import a shop of the mock.</summary>
internal sealed class SyncClient : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _api;
    private readonly HttpClient _shop;
    private int _id;

    private SyncClient(Uri api, Uri shop)
    {
        _api = new HttpClient { BaseAddress = api };
        _api.DefaultRequestHeaders.Authorization = ApiProcess.Token();
        _shop = new HttpClient { BaseAddress = shop };
    }

    /// <summary>Registers the shop.</summary>
    public static async Task<SyncClient> StartAsync(ApiProcess api, ShopProcess shop)
    {
        var client = new SyncClient(api.Address, shop.Address);
        var created = await PostAsync(
            client._api, "/api/v1/shops",
            new { name = "Negozio", base_url = shop.Address.ToString(), api_key = ShopProcess.Key });
        client._id = (int)created["id"]!;
        return client;
    }

    /// <summary>A whole run, whatever its end, and how long it took.</summary>
    public async Task<(JsonNode Run, TimeSpan Time)> SyncAsync(string mode)
    {
        var started = Stopwatch.GetTimestamp();
        var run = (await PostAsync(_api, $"/api/v1/shops/{_id}/sync", new { mode }))["id"]!;
        while (true)
        {
            var state = await ReadAsync(_api, $"/api/v1/sync/{run}");
            if ((string)state["status"]! != "running")
                return (state, Stopwatch.GetElapsedTime(started));
            await Task.Delay(Poll);
        }
    }

    /// <summary>From now on the shop fails so for the resource, and no other way.</summary>
    public async Task FailAsync(string kind, string resource)
    {
        using var cleared = await _shop.DeleteAsync(new Uri("/__mock/faults", UriKind.Relative));
        cleared.EnsureSuccessStatusCode();
        await PostAsync(_shop, "/__mock/faults", new { kind, times = 0, resource });
    }

    public Task<JsonNode> TotalsAsync() => ReadAsync(_shop, "/__mock/totals");

    public void Dispose()
    {
        _api.Dispose();
        _shop.Dispose();
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, object body)
    {
        using var response = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static async Task<JsonNode> ReadAsync(HttpClient client, string path) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative)))!;
}
