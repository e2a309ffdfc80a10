using System.Text.Json.Nodes;
using ECommerce.Api.Tests.Mocks;
using ECommerce.Api.Tests.PrestaShop.Sync;

namespace ECommerce.Api.Tests.PrestaShop.Push;

/// <summary>A shop of the mock whose orders are imported, and what pushes do to it.</summary>
internal sealed class PushedShop : IAsyncDisposable
{
    private Dictionary<int, int> _states = [];
    private Dictionary<int, long> _orders = [];

    private PushedShop(SyncedShop shop) => Shop = shop;

    public SyncedShop Shop { get; }

    public HttpClient Client => Shop.Client;

    public static async Task<PushedShop> StartAsync(PushNodes nodes, int maxExecutionSeconds = 2)
    {
        var pushed = new PushedShop(await SyncedShop.StartAsync(nodes.Client(), maxExecutionSeconds));
        await pushed.Shop.SucceedAsync();
        var id = pushed.Shop.Id;
        pushed._states = (await nodes.QueryAsync<(int Origin, int Id)>(
            "SELECT CAST(origin_id AS SIGNED), id FROM order_states WHERE shop_id = @id", new { id }))
            .ToDictionary(row => row.Origin, row => row.Id);
        pushed._orders = (await nodes.QueryAsync<(int Origin, long Id)>(
            "SELECT CAST(origin_id AS SIGNED), id FROM orders WHERE shop_id = @id", new { id }))
            .ToDictionary(row => row.Origin, row => row.Id);
        return pushed;
    }

    /// <summary>The id here of a state of the shop.</summary>
    public int State(int origin) => _states[origin];

    /// <summary>The path of an order of the shop.</summary>
    public string Path(int origin) => $"/api/v1/orders/{_orders[origin]}";

    public long Id(int origin) => _orders[origin];

    public Task<JsonNode> SetStateAsync(int order, int state, HttpClient? client = null) =>
        (client ?? Client).JsonAsync(
            HttpMethod.Patch, $"{Path(order)}/status", new { state_id = State(state), note = "da qui" });

    public Task<JsonNode> OrderAsync(int order) => Client.GetJsonAsync(Path(order));

    /// <summary>Waits for the end of the push of an order.</summary>
    public async Task<JsonNode> EndedAsync(int order, string status)
    {
        JsonNode last = new JsonObject();
        await Eventually.TrueAsync(
            async () => (string?)(last = await OrderAsync(order))["state_push"]?["status"] == status,
            $"the push of order {order} is {status}", TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(50));
        return last;
    }

    /// <summary>The states that the shop's history of an order has, the oldest first.</summary>
    public async Task<int[]> HistoryAsync(int order) =>
        [.. (await Shop.Mock.ListAsync("order_histories", $"filter[id_order]=[{order}]"))
            .Select(row => (int)ulong.Parse((string)row["id_order_state"]!, null))];

    /// <summary>What was added to the shop's history since.</summary>
    public async Task AssertAddedAsync(int order, int[] before, params int[] added)
    {
        int[] expected = [.. before, .. added];
        Assert.Equal(expected, await HistoryAsync(order));
    }

    public async Task<int> CurrentStateAsync(int order) =>
        int.Parse((string)(await Shop.Mock.ListAsync("orders", $"filter[id]=[{order}]"))[0]["current_state"]!, null);

    /// <summary>The requests for histories, the first one first: when, and with which method.</summary>
    public async Task<(string Method, DateTimeOffset At)[]> RequestsAsync()
    {
        using var response = await Shop.Mock.ControlAsync(HttpMethod.Get, "requests");
        return [.. (await PrestaShopMock.JsonAsync(response)).AsArray()
            .Where(request => (string?)request!["path"] == "/api/order_histories")
            .Select(request => ((string)request!["method"]!, (DateTimeOffset)request["at"]!))
            .OrderBy(request => request.Item2)];
    }

    public async Task<int> PostsAsync() => (await RequestsAsync()).Count(request => request.Method == "POST");

    public async Task SetShopStateAsync(int order, int state)
    {
        using var response = await Shop.Mock.ControlAsync(
            HttpMethod.Post, $"orders/{order}/state", $$"""{"state_id":{{state}}}""");
        Assert.True(response.IsSuccessStatusCode);
    }

    public ValueTask DisposeAsync() => Shop.DisposeAsync();
}
