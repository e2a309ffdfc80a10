using System.Diagnostics;
using ECommerce.Api.Tests.Mocks;

namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>What hosts and broken shops do to requests, and what the run reports of it.</summary>
public sealed class ShopHostTests(ApiFixture fixture)
{
    [Theory]
    [InlineData("disabled", null, "taxes", "returned 503 (error 22: The PrestaShop webservice is disabled.")]
    [InlineData("disabled", "orders", "orders", "orders: the shop returned 503 (error 22: ")]
    [InlineData("forbidden", "customers", "customers", "error 132: Accesso negato: la chiave non è valida")]
    [InlineData("forbidden", "countries", "lookups", "countries: the shop returned 403 (error 132: ")]
    [InlineData("redirect", "addresses", "addresses", "redirects (302) to https://www.shop.example/api/addresses;")]
    [InlineData("unavailable", "products", "products", "products: the shop returned 503")]
    public async Task Failed_run_names_its_phase_and_the_shops_own_words(
        string kind, string? resource, string phase, string message)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.FailAsync(
            resource is null
                ? $$"""{"kind":"{{kind}}","times":0}"""
                : $$"""{"kind":"{{kind}}","times":0,"resource":"{{resource}}"}""");

        var run = await shop.SyncAsync();

        Assert.Equal("failed", (string?)run["status"]);
        var error = Assert.Single(run["errors"]!.AsArray())!;
        Assert.Contains(message, (string?)error["message"]);
        // Counting comes before the lookups and the entities, and asks for their ids.
        Assert.Contains((string?)error["entity"], (string[])[phase, "counting", "starting"]);
        Assert.Equal((string?)error["entity"], (string?)run["phase"]);
        Assert.DoesNotContain(PrestaShopMock.Key, run.ToJsonString());
    }

    [Fact]
    public async Task Failure_in_a_late_phase_is_reported_as_of_this_phase()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.FailAsync("""{"kind":"disabled","times":0,"resource":"order_histories"}""");

        var run = await shop.SyncAsync();

        Assert.Equal(("failed", "orders"), ((string?)run["status"], (string?)run["phase"]));
        Assert.Contains("order_histories", Assert.Single(run.MessagesOn("errors", "orders", 0)));
    }

    [Fact]
    public async Task Host_that_removes_the_header_is_read_by_the_query_key()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.FailAsync("""{"kind":"strip_authorization","times":0}""");

        var refused = await shop.SyncAsync();
        Assert.Contains("auth_mode", (string?)refused["errors"]![0]!["message"]);
        await shop.Client.PutJsonAsync($"/api/v1/shops/{shop.Id}", new
        {
            name = "Negozio",
            base_url = shop.Mock.Address.ToString().TrimEnd('/'),
            auth_mode = "query_key",
        });

        await shop.SucceedAsync();
        Assert.Equal(8, await shop.CountAsync("orders"));
    }

    [Fact]
    public async Task Rate_limit_slows_the_run_down_and_does_not_fail_it()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.FailAsync("""{"kind":"rate","times":0,"delay_ms":150}""");

        await shop.SucceedAsync();

        Assert.Equal(8, await shop.CountAsync("orders"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Host_that_caps_pages_is_read_to_its_end(int cap)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.FailAsync($$"""{"kind":"cap","times":0,"row":{{cap}}}""");

        var run = await shop.SucceedAsync();

        Assert.Equal((12, 8), (await shop.CountAsync("products"), await shop.CountAsync("orders")));
        Assert.Equal((int)run["total"]!, (int)run["done"]!);
        Assert.Equal(0, (int)(await shop.SucceedAsync())["deleted"]!);
    }

    [Theory]
    [InlineData("huge", "more than 16 MB")]
    [InlineData("endless", "more than 16 MB")]
    [InlineData("ignore_query", "ignores the limit")]
    [InlineData("drip", "was not complete after 1")]
    public async Task Hostile_shop_ends_the_run_with_a_clear_error(string kind, string message)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        await shop.FailAsync($$"""{"kind":"{{kind}}","times":0,"resource":"products"}""");
        var started = Stopwatch.GetTimestamp();

        var run = await shop.SyncAsync();

        Assert.Equal("failed", (string?)run["status"]);
        Assert.Contains(message, (string?)run["errors"]![0]!["message"]);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.Equal(12, await shop.CountAsync("products"));
    }

    [Fact]
    public async Task Shop_that_fails_every_tenth_request_is_imported_as_a_whole()
    {
        await using var healthy = await SyncedShop.StartAsync(fixture);
        await using var shop = await SyncedShop.StartAsync(fixture);
        foreach (var kind in (string[])["empty", "html500", "drop", "notice"])
            await shop.FailAsync($$"""{"kind":"{{kind}}","times":0,"every":10}""");

        await healthy.SucceedAsync();
        await shop.SucceedAsync();

        foreach (var kind in (string[])["products", "customers", "orders"])
            Assert.Equal(await TextAsync(healthy, kind), await TextAsync(shop, kind));
    }

    // Without what differs from shop to shop: the ids here, and how often a row was written.
    private static async Task<string> TextAsync(SyncedShop shop, string kind)
    {
        var rows = (await shop.Client.GetJsonAsync($"/api/v1/{kind}?shop_id={shop.Id}&limit=500"))["items"]!.AsArray();
        return string.Join('\n', rows.OrderBy(row => (long)row!["origin_id"]!).Select(row => string.Join(
            ' ', row!.AsObject().Where(field => !IsLocal(field.Key)).Select(field => $"{field.Key}={field.Value}"))));
    }

    private static bool IsLocal(string field) =>
        field is "row_version" or "id" || (field != "origin_id" && field.EndsWith("_id", StringComparison.Ordinal));
}
