using System.Net;

namespace ECommerce.Api.Tests.PrestaShop.Push;

/// <summary>What becomes of a push when the shop, its host or a node of the API fails.</summary>
public sealed class PushFaultTests(PushNodes nodes) : IClassFixture<PushNodes>
{
    [Theory]
    [InlineData("drop", 1)]
    [InlineData("drop_after", 0)]
    [InlineData("mute", 0)]
    [InlineData("late", 0)]
    public async Task Lost_response_leads_to_one_row_in_the_shop(string kind, int repeated)
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        var before = await shop.HistoryAsync(1);
        // Late: after the client's time-out of two seconds, and before the shop's own limit is over.
        await shop.Shop.FailAsync($$"""
            {"kind":"{{kind}}","times":1,"resource":"order_histories","on":"POST","delay_ms":3000}
            """);

        await shop.SetStateAsync(1, 4);
        var order = await shop.EndedAsync(1, "done");

        await shop.AssertAddedAsync(1, before, 4);
        Assert.Equal(1 + repeated, await shop.PostsAsync());
        Assert.Null(order["state_push"]!["error"]);
        // The row was made by this push: it is its entry of the history.
        await shop.Shop.SucceedAsync("incremental");
        Assert.Single(
            (await shop.Client.GetJsonAsync($"{shop.Path(1)}/history"))["items"]!.AsArray(),
            entry => (int?)entry!["state_id"] == shop.State(4) && (string?)entry["note"] == "da qui");
    }

    [Theory]
    [InlineData("drop_after")]
    [InlineData("mute")]
    public async Task History_is_read_again_when_the_shop_cannot_be_working_any_more(string kind)
    {
        await using var shop = await PushedShop.StartAsync(nodes, maxExecutionSeconds: 3);
        await shop.Shop.FailAsync(
            $$"""{"kind":"{{kind}}","times":1,"resource":"order_histories","on":"POST"}""");

        await shop.SetStateAsync(1, 4);
        await shop.EndedAsync(1, "done");

        var requests = await shop.RequestsAsync();
        var post = Assert.Single(requests, request => request.Method == "POST").At;
        var next = requests.First(request => request.Method == "GET" && request.At > post).At;
        Assert.True(next - post >= TimeSpan.FromSeconds(3), $"{next - post}");
    }

    [Theory]
    [InlineData("html500", 2)]
    [InlineData("unavailable", 0)]
    [InlineData("too_many", 0)]
    public async Task Shop_that_is_overloaded_is_asked_again_later(string kind, int refusals)
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        var before = await shop.HistoryAsync(1);
        await shop.Shop.FailAsync(
            $$"""{"kind":"{{kind}}","times":2,"resource":"order_histories","on":"POST"}""");

        await shop.SetStateAsync(1, 4);
        var order = await shop.EndedAsync(1, "done");

        await shop.AssertAddedAsync(1, before, 4);
        Assert.Equal(refusals, (int)order["state_push"]!["refusals"]!);
        var posts = (await shop.RequestsAsync()).Where(request => request.Method == "POST").ToArray();
        Assert.Equal(3, posts.Length);
        Assert.All(posts.Zip(posts.Skip(1)), pair =>
            Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromSeconds(0.9), $"{pair}"));
    }

    [Fact]
    public async Task Push_has_failed_after_five_refusals_and_is_made_again_on_demand()
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        var before = await shop.HistoryAsync(1);
        await shop.Shop.FailAsync("""{"kind":"method","times":0,"resource":"order_histories","on":"POST"}""");
        await shop.SetStateAsync(1, 4);

        var failed = await shop.EndedAsync(1, "failed");
        Assert.Equal(5, (int)failed["state_push"]!["refusals"]!);
        Assert.Contains("405 (error 25:", (string?)failed["state_push"]!["error"]);
        Assert.True((bool)failed["state_pending"]!);
        Assert.Equal(5, await shop.PostsAsync());
        Assert.Equal(before, await shop.HistoryAsync(1));

        await shop.Shop.HealAsync();
        var key = ("Idempotency-Key", Guid.NewGuid().ToString("N"));
        using var late = await shop.Client.CallAsync(
            HttpMethod.Post, $"{shop.Path(1)}/push-state", new { cancel = false }, ("If-Match", "\"999999-x\""));
        await late.ProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        using var first = await shop.Client.CallAsync(
            HttpMethod.Post, $"{shop.Path(1)}/push-state", new { cancel = false }, key);
        await shop.EndedAsync(1, "done");
        using var again = await shop.Client.CallAsync(
            HttpMethod.Post, $"{shop.Path(1)}/push-state", new { cancel = false }, key);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, again.StatusCode));
        Assert.Equal((await first.JsonAsync()).ToJsonString(), (await again.JsonAsync()).ToJsonString());
        await shop.AssertAddedAsync(1, before, 4);
        Assert.Equal(6, await shop.PostsAsync());
        Assert.Equal([2], await nodes.QueryAsync<int>(
            "SELECT COUNT(*) FROM order_state_pushes WHERE order_id = @id", new { id = shop.Id(1) }));
    }

    [Theory]
    [InlineData("incremental")]
    [InlineData("full")]
    public async Task Cancelled_push_lets_the_shops_state_win_at_the_next_sync(string mode)
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        var (before, state) = (await shop.HistoryAsync(1), await shop.CurrentStateAsync(1));
        await shop.Shop.FailAsync("""{"kind":"unavailable","times":0,"resource":"order_histories","on":"POST"}""");
        var other = state == 4 ? 5 : 4;
        await shop.SetStateAsync(1, other);
        await shop.Shop.SucceedAsync("incremental");

        var cancelled = await shop.Client.PostJsonAsync($"{shop.Path(1)}/push-state", new { cancel = true });
        Assert.False((bool)cancelled["state_pending"]!);
        Assert.Null(cancelled["state_push"]);
        await shop.Shop.HealAsync();
        await shop.Shop.SucceedAsync(mode);

        Assert.Equal(shop.State(state), (int)(await shop.OrderAsync(1))["state_id"]!);
        Assert.Equal(before, await shop.HistoryAsync(1));
        using var again = await shop.Client.CallAsync(
            HttpMethod.Post, $"{shop.Path(1)}/push-state", new { cancel = true });
        await again.ProblemAsync(HttpStatusCode.Conflict, "no_state_push");
    }

    [Fact]
    public async Task Order_of_no_shop_has_nothing_to_push_it_to()
    {
        using var client = nodes.Client();
        var order = await client.OrderAsync();

        foreach (var cancel in (bool[])[false, true])
        {
            using var response = await client.CallAsync(
                HttpMethod.Post, $"/api/v1/orders/{order["id"]}/push-state", new { cancel });
            await response.ProblemAsync(HttpStatusCode.Conflict, "order_has_no_shop");
        }
        using var unknown = await client.CallAsync(
            HttpMethod.Post, "/api/v1/orders/999999999/push-state", new { cancel = true });
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Lease_of_a_killed_node_is_taken_over_when_it_ends()
    {
        await using var shop = await PushedShop.StartAsync(nodes);
        var before = await shop.HistoryAsync(1);
        await shop.Shop.FailAsync("""{"kind":"unavailable","times":1,"resource":"order_histories","on":"POST"}""");
        await shop.SetStateAsync(1, 4);
        await Eventually.TrueAsync(
            async () => (string?)(await shop.OrderAsync(1))["state_push"]!["error"] is not null, "one attempt failed");

        // As a node leaves it that was killed after it had read the history.
        await nodes.QueryAsync<int>(
            """
            UPDATE order_state_pushes
            SET lease_token = 'gone', lease_until = UTC_TIMESTAMP(6) + INTERVAL 4 SECOND,
                next_attempt_at = UTC_TIMESTAMP(6)
            WHERE order_id = @id
            """, new { id = shop.Id(1) });
        var killed = TimeProvider.System.GetTimestamp();
        await shop.EndedAsync(1, "done");

        Assert.True(TimeProvider.System.GetElapsedTime(killed) > TimeSpan.FromSeconds(3.5));
        await shop.AssertAddedAsync(1, before, 4);
    }
}
