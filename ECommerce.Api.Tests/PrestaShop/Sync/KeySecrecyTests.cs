using ECommerce.Api.Tests.Mocks;
using ECommerce.Api.Tests.ServiceDefaults;

namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>The key of a shop that is sent as a part of addresses.</summary>
public sealed class KeySecrecyTests(ApiFixture fixture)
{
    private static readonly string[] Signals = ["traces", "logs", "metrics"];

    [Fact]
    public async Task Key_in_the_query_is_in_no_span_log_line_or_error()
    {
        await using var collector = await OtlpCollector.StartAsync("http/protobuf");
        await using var redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using (var api = new ApiFactory(
            database, redis.ConnectionString,
            settings: [.. collector.Settings, ("Logging:LogLevel:Default", "Debug")]))
        {
            await api.StartAsync();
            using var client = api.With(fixture.TokenOf("acme.admin"));
            await using var shop = await SyncedShop.StartAsync(client, maxExecutionSeconds: 1);
            await shop.FailAsync("""{"kind":"strip_authorization","times":0}""");
            await client.PutJsonAsync($"/api/v1/shops/{shop.Id}", new
            {
                name = "Negozio",
                base_url = shop.Mock.Address.ToString().TrimEnd('/'),
                auth_mode = "query_key",
                max_execution_seconds = 1,
            });
            await shop.SucceedAsync();

            var texts = new List<string>();
            foreach (var kind in (string[])["disabled", "forbidden", "redirect", "drop", "huge", "html500", "method"])
            {
                await shop.HealAsync();
                await shop.FailAsync($$"""{"kind":"{{kind}}","times":0,"resource":"orders"}""");
                texts.Add((await shop.SyncAsync()).ToJsonString());
            }
            texts.Add(await PushedTextAsync(shop));

            Assert.All(texts, text => Assert.DoesNotContain(PrestaShopMock.Key, text, StringComparison.Ordinal));
        }

        await Eventually.TrueAsync(
            () => Signals.All(signal => collector.Received(signal).Length > 0), "the telemetry is exported");
        // The requests to the shop are among the spans, by their resource.
        Assert.Contains("/api/orders", collector.Received("traces"), StringComparison.Ordinal);
        Assert.All(Signals, signal => Assert.DoesNotContain(
            PrestaShopMock.Key, collector.Received(signal), StringComparison.Ordinal));
    }

    private static async Task<string> PushedTextAsync(SyncedShop shop)
    {
        await shop.HealAsync();
        await shop.FailAsync("""{"kind":"drop","times":0,"resource":"order_histories","on":"POST"}""");
        var order = (await shop.RowAsync("orders", 1))!;
        var states = (await shop.Client.GetJsonAsync("/api/v1/order_states"))["items"]!.AsArray();
        var state = states.First(row => (int?)row!["shop_id"] == shop.Id
            && (int)row["id"]! != (int)order["state_id"]! && (long?)row["origin_id"] == 6)!;
        await shop.Client.JsonAsync(
            HttpMethod.Patch, $"/api/v1/orders/{order["id"]}/status", new { state_id = (int)state["id"]! });
        var text = "";
        await Eventually.TrueAsync(
            async () => (text = await shop.Client.TextAsync($"/api/v1/orders/{order["id"]}"))
                .Contains("the connection broke", StringComparison.Ordinal),
            "the push has failed once");
        return text;
    }
}
