using System.Net;

namespace ECommerce.Api.Tests.PrestaShop.Push;

/// <summary>A state that is set here on an order of a shop, and the shop.</summary>
public sealed class StatePushTests(PushNodes nodes) : IClassFixture<PushNodes>
{
    [Fact]
    public async Task State_set_here_reaches_the_shop_once_and_comes_back_as_the_same_entry_of_the_history()
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        var before = await shop.HistoryAsync(1);
        var entries = await StatesAsync(shop);

        var changed = await shop.SetStateAsync(1, 4);
        Assert.True((bool)changed["state_pending"]!);
        Assert.Equal("pending", (string?)changed["state_push"]!["status"]);
        var pushed = await shop.EndedAsync(1, "done");

        Assert.False((bool)pushed["state_pending"]!);
        Assert.NotNull(pushed["state_push"]!["pushed_at"]);
        Assert.Equal(0, (int)pushed["state_push"]!["refusals"]!);
        Assert.True((long)pushed["row_version"]! > (long)changed["row_version"]!);
        await shop.AssertAddedAsync(1, before, 4);
        Assert.Equal(4, await shop.CurrentStateAsync(1));
        await shop.Shop.SucceedAsync("incremental");
        var history = await shop.Client.GetJsonAsync($"{shop.Path(1)}/history");
        Assert.Equal(entries + 1, await StatesAsync(shop));
        Assert.Single(history["items"]!.AsArray(), entry => (string?)entry!["note"] == "da qui");
        Assert.Equal(shop.State(4), (int)(await shop.OrderAsync(1))["state_id"]!);
    }

    [Fact]
    public async Task Processing_an_order_of_a_shop_is_pushed_too()
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        await shop.SetShopStateAsync(2, 2);
        await shop.Shop.SucceedAsync("incremental");

        await shop.Client.PostJsonAsync($"{shop.Path(2)}/process");

        await shop.EndedAsync(2, "done");
        Assert.Equal(3, await shop.CurrentStateAsync(2));
    }

    [Fact]
    public async Task Three_nodes_push_each_state_once()
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        var before = await Task.WhenAll(Enumerable.Range(1, 8).Select(shop.HistoryAsync));
        HttpClient[] clients = [nodes.Client(), nodes.Client(1), nodes.Client(2)];

        await Task.WhenAll(Enumerable.Range(1, 8).Select(order => shop.SetStateAsync(order, 3, clients[order % 3])));

        foreach (var order in Enumerable.Range(1, 8))
        {
            await shop.EndedAsync(order, "done");
            await shop.AssertAddedAsync(order, before[order - 1], before[order - 1][^1] == 3 ? [] : [3]);
        }
    }

    [Fact]
    public async Task States_in_a_row_are_pushed_in_their_order()
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        var before = await shop.HistoryAsync(1);
        await shop.Shop.FailAsync("""{"kind":"unavailable","times":2,"resource":"order_histories","on":"POST"}""");

        foreach (var state in (int[])[3, 4, 5, 3])
            await shop.SetStateAsync(1, state);

        await Eventually.TrueAsync(
            async () => (await shop.HistoryAsync(1)).Length == before.Length + 4, "all four are pushed",
            TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(200));
        await shop.AssertAddedAsync(1, before, 3, 4, 5, 3);
        Assert.False((bool)(await shop.EndedAsync(1, "done"))["state_pending"]!);
    }

    [Fact]
    public async Task State_that_the_shop_is_in_already_is_not_pushed_again()
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        await shop.SetShopStateAsync(1, 5);
        var before = await shop.HistoryAsync(1);

        await shop.SetStateAsync(1, 5);

        await shop.EndedAsync(1, "done");
        Assert.Equal(0, await shop.PostsAsync());
        Assert.Equal(before, await shop.HistoryAsync(1));
    }

    [Fact]
    public async Task Sync_leaves_a_state_that_waits_and_takes_the_other_fields_of_the_shop()
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        await shop.Shop.FailAsync("""{"kind":"unavailable","times":0,"resource":"order_histories","on":"POST"}""");
        await shop.SetStateAsync(1, 4);
        await shop.SetShopStateAsync(1, 6);
        await shop.Shop.ChangeAsync("orders", 1, ("payment", "Contanti alla consegna"));

        foreach (var mode in (string[])["incremental", "full"])
        {
            await shop.Shop.SucceedAsync(mode);
            var order = await shop.OrderAsync(1);
            Assert.Equal((shop.State(4), true), ((int)order["state_id"]!, (bool)order["state_pending"]!));
            Assert.Equal("Contanti alla consegna", (string?)order["payment"]);
        }

        await shop.Shop.HealAsync();
        await shop.EndedAsync(1, "done");
        await shop.Shop.SucceedAsync("incremental");
        Assert.Equal(shop.State(4), (int)(await shop.OrderAsync(1))["state_id"]!);
        Assert.Equal(4, await shop.CurrentStateAsync(1));
    }

    [Fact]
    public async Task State_of_another_shop_and_a_state_of_no_shop_are_refused()
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        await using var other = await PushedShop.StartAsync(nodes);
        var own = (await nodes.QueryAsync<int>(
            "SELECT MIN(id) FROM order_states WHERE tenant_id = 'acme' AND shop_id IS NULL"))[0];

        foreach (var state in (int[])[other.State(4), own])
        {
            using var response = await shop.Client.CallAsync(
                HttpMethod.Patch, $"{shop.Path(1)}/status", new { state_id = state });
            await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "state_id");
        }
        Assert.Null((await shop.OrderAsync(1))["state_push"]);
    }

    private static async Task<int> StatesAsync(PushedShop shop) =>
        (await shop.Client.GetJsonAsync($"{shop.Path(1)}/history"))["items"]!.AsArray()
            .Count(entry => (string?)entry!["type"] == "state");
}
