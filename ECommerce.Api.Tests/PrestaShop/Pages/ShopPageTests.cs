using System.Net;
using System.Text.Json.Nodes;
using ECommerce.Api.Tests.Mocks;
using ECommerce.Api.Tests.PrestaShop.Sync;

namespace ECommerce.Api.Tests.PrestaShop.Pages;

/// <summary>Pages of a shop through the caches: what is asked of the shop, and what is not.</summary>
public sealed class ShopPageTests(ApiFixture fixture)
{
    [Fact]
    public async Task Orders_of_the_shop_are_listed_newest_first()
    {
        await using var shop = await SyncedShop.StartAsync(fixture, ("orders", "120"));

        var first = await shop.Client.GetJsonAsync(Path(shop, "orders"));
        var last = await shop.Client.GetJsonAsync(Path(shop, "orders?page=3"));

        Assert.Equal(Enumerable.Range(71, 50).Reverse().Select(id => (long)id), Ids(first));
        Assert.Equal(Enumerable.Range(1, 20).Reverse().Select(id => (long)id), Ids(last));
        Assert.Equal((true, false), ((bool)first["has_more"]!, (bool)last["has_more"]!));
        var own = (await shop.Mock.GetAsync("/api/orders?filter[id]=[20]&display=full&output_format=JSON"))
            ["orders"]![0]!;
        var shown = last["items"]![0]!;
        Assert.Equal((string?)own["reference"], (string?)shown["reference"]);
        Assert.Equal(
            decimal.Parse((string)own["total_paid_tax_incl"]!, null), (decimal)shown["total_paid_tax_incl"]!);
    }

    [Fact]
    public async Task Orders_are_filtered_by_the_shop()
    {
        await using var shop = await SyncedShop.StartAsync(fixture, ("orders", "60"));
        var all = (await shop.Client.GetJsonAsync(Path(shop, "orders")))["items"]!.AsArray();
        var customer = (long)all[0]!["id_customer"]!;

        var filtered = await shop.Client.GetJsonAsync(Path(shop, $"orders?id_customer={customer}&unknown=1"));

        Assert.NotEmpty(filtered["items"]!.AsArray());
        Assert.All(filtered["items"]!.AsArray(), order => Assert.Equal(customer, (long)order!["id_customer"]!));
        var asked = (await shop.RequestsAsync("orders"))[^1];
        Assert.Contains($"filter[id_customer]=[{customer}]", Uri.UnescapeDataString(asked));
    }

    [Fact]
    public async Task Customers_have_no_secrets_of_the_shop()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);

        var page = await shop.Client.GetJsonAsync(Path(shop, "customers"));

        Assert.Equal(10, page["items"]!.AsArray().Count);
        Assert.Equal(
            ["active", "company", "date_add", "date_upd", "email", "firstname", "id", "lastname"],
            page["items"]![0]!.AsObject().Select(field => field.Key).Order());
        var asked = Uri.UnescapeDataString(Assert.Single(await shop.RequestsAsync("customers")));
        Assert.DoesNotContain("passwd", asked);
        Assert.DoesNotContain("full", asked);
    }

    [Fact]
    public async Task Many_callers_of_one_page_ask_the_shop_once()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.FailAsync("""{"kind":"slow","times":0,"delayMs":300}""");

        var pages = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(_ => shop.Client.GetJsonAsync(Path(shop, "products"))));

        Assert.All(pages, page => Assert.Equal(12, page["items"]!.AsArray().Count));
        Assert.Single(await shop.RequestsAsync("products"));
        using var hit = await shop.Client.HitAsync(Path(shop, "products"));
        Assert.Single(await shop.RequestsAsync("products"));
        using var same = await shop.Client.CallAsync(
            HttpMethod.Get, Path(shop, "products"), null, ("If-None-Match", hit.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Theory]
    [InlineData("8.2", 304)]
    // A shop of before version 8 does not know the header, and sends the page again.
    [InlineData("1.7", 200)]
    public async Task Page_that_is_read_again_is_not_sent_again_where_the_shop_can_tell(string profile, int status)
    {
        await using var shop = await SyncedShop.StartAsync(fixture, ("profile", profile));
        var before = await shop.Client.GetJsonAsync(Path(shop, "products"));
        await TouchSettingsAsync(shop);

        var after = await shop.Client.GetJsonAsync(Path(shop, "products"));

        Assert.Equal(before.ToJsonString(), after.ToJsonString());
        Assert.Equal((int[])[200, status], await StatusesAsync(shop, "products"));
    }

    [Fact]
    public async Task Page_that_changed_in_the_shop_is_sent_again()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.Client.GetJsonAsync(Path(shop, "products"));
        await shop.ChangeAsync("products", 5, ("reference", "CAMBIATO"));
        await TouchSettingsAsync(shop);

        var after = await shop.Client.GetJsonAsync(Path(shop, "products"));

        Assert.Contains(after["items"]!.AsArray(), row => (string?)row!["reference"] == "CAMBIATO");
        Assert.Equal((int[])[200, 200], await StatusesAsync(shop, "products"));
    }

    [Fact]
    public async Task Sync_that_finds_changes_drops_the_pages()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        await shop.Client.GetJsonAsync(Path(shop, "orders"));
        using var hit = await shop.Client.HitAsync(Path(shop, "orders"));
        using var added = await shop.Mock.ControlAsync(HttpMethod.Post, "orders", """{"count":1}""");
        await shop.SucceedAsync("incremental");

        var page = await shop.Client.GetJsonAsync(Path(shop, "orders"));

        Assert.Equal(9, Ids(page).First());
    }

    [Theory]
    [InlineData("unavailable", HttpStatusCode.ServiceUnavailable, "shop_unavailable")]
    [InlineData("html500", HttpStatusCode.ServiceUnavailable, "shop_unavailable")]
    [InlineData("drop", HttpStatusCode.ServiceUnavailable, "shop_unavailable")]
    [InlineData("forbidden", HttpStatusCode.BadGateway, "shop_refused")]
    [InlineData("redirect", HttpStatusCode.BadGateway, "shop_refused")]
    [InlineData("ignoreQuery", HttpStatusCode.BadGateway, "shop_refused")]
    public async Task Shop_that_fails_is_named_and_the_failure_is_not_kept(
        string kind, HttpStatusCode status, string code)
    {
        await using var shop = await SyncedShop.StartAsync(fixture, ("products", "80"));
        await shop.FailAsync($$"""{"kind":"{{kind}}","times":0}""");

        using var failed = await shop.Client.GetAnyAsync(Path(shop, "products"));

        var problem = await failed.ProblemAsync(status, code);
        Assert.StartsWith("products: the shop ", (string?)problem["detail"]);
        Assert.DoesNotContain(PrestaShopMock.Key, problem.ToJsonString());
        await shop.HealAsync();
        // The failure is shared for a moment by those who ask right after it: a failing shop is not asked by each.
        await Eventually.TrueAsync(
            async () => (await shop.Client.GetAnyAsync(Path(shop, "products"))).IsSuccessStatusCode,
            "the page is read again");
        Assert.Equal(50, Ids(await shop.Client.GetJsonAsync(Path(shop, "products"))).Count());
    }

    [Fact]
    public async Task Empty_first_page_is_not_kept()
    {
        await using var shop = await SyncedShop.StartAsync(fixture, ("orders", "0"));
        Assert.Empty(Ids(await shop.Client.GetJsonAsync(Path(shop, "orders"))));
        using var added = await shop.Mock.ControlAsync(HttpMethod.Post, "orders", """{"count":2}""");

        Assert.Equal([2, 1], Ids(await shop.Client.GetJsonAsync(Path(shop, "orders"))));
    }

    [Fact]
    public async Task Row_that_cannot_be_read_costs_itself()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("products", 7, ("price", "12,50"));

        var page = await shop.Client.GetJsonAsync(Path(shop, "products"));

        Assert.Equal(11, page["items"]!.AsArray().Count);
        var rejected = Assert.Single(page["rejected"]!.AsArray())!;
        Assert.Equal(7, (long)rejected["id"]!);
        Assert.Contains("12,50", (string?)rejected["message"]);
    }

    [Theory]
    [InlineData("orders?page=0", "page")]
    [InlineData("customers?page=10001", "page")]
    [InlineData("orders?id_customer=x", "id_customer")]
    [InlineData("orders?reference=%5B1%7C2%5D", "reference")]
    public async Task Wrong_parameter_is_named(string query, string parameter)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);

        using var refused = await shop.Client.GetAnyAsync(Path(shop, query));

        var problem = await refused.ProblemAsync(HttpStatusCode.BadRequest, "bad_query");
        Assert.NotNull(problem["errors"]![parameter]);
        Assert.Empty(await shop.RequestsAsync("orders"));
    }

    [Fact]
    public async Task Shop_of_another_tenant_is_not_found()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.Client.GetJsonAsync(Path(shop, "orders"));
        using var globex = fixture.As("globex.admin");
        using var anonymous = fixture.Api.Anonymous();

        using var other = await globex.GetAnyAsync(Path(shop, "orders"));
        using var unknown = await anonymous.GetAnyAsync(Path(shop, "orders"));

        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
    }

    [Fact]
    public async Task Without_the_flag_each_read_asks_the_shop()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await using var api = new ApiFactory(
            fixture.Database, fixture.Redis.ConnectionString, settings: [("CACHE_EXTERNAL_APIS_ENABLED", "false")]);
        await api.StartAsync();
        using var client = api.With(fixture.TokenOf("acme.admin"));

        for (var read = 0; read < 3; read++)
            await client.GetJsonAsync(Path(shop, "customers"));

        Assert.Equal((int[])[200, 200, 200], await StatusesAsync(shop, "customers"));
    }

    [Fact]
    public async Task Stale_page_is_served_while_the_shop_fails()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await using var api = new ApiFactory(
            fixture.Database, fixture.Redis.ConnectionString, settings:
            [("Cache:Policies:prestashop.products.{tenant}.{shop_id}.{page}:Fresh", "00:00:00.001"),
                ("CACHE_KEY_PREFIX", Samples.Unique("stale"))]);
        await api.StartAsync();
        using var client = api.With(fixture.TokenOf("acme.admin"));
        var before = await client.GetJsonAsync(Path(shop, "products"));
        await shop.FailAsync("""{"kind":"unavailable","times":0}""");

        var after = await client.GetJsonAsync(Path(shop, "products"));

        Assert.Equal(before.ToJsonString(), after.ToJsonString());
    }

    private static string Path(SyncedShop shop, string page) => $"/api/v1/shops/{shop.Id}/prestashop/{page}";

    private static IEnumerable<long> Ids(JsonNode page) => page["items"]!.AsArray().Select(row => (long)row!["id"]!);

    private static async Task<int[]> StatusesAsync(SyncedShop shop, string resource)
    {
        using var response = await shop.Mock.ControlAsync(HttpMethod.Get, "requests");
        return [.. (await PrestaShopMock.JsonAsync(response)).AsArray()
            .Where(request => (string?)request!["path"] == $"/api/{resource}")
            .Select(request => (int)request!["status"]!)];
    }

    /// <summary>Drops the pages of the shop, and changes nothing that the shop responds with.</summary>
    private static async Task TouchSettingsAsync(SyncedShop shop)
    {
        var settings = await shop.Client.GetJsonAsync($"/api/v1/shops/{shop.Id}");
        await shop.Client.PutJsonAsync(
            $"/api/v1/shops/{shop.Id}",
            new { name = Samples.Unique("Negozio"), base_url = (string?)settings["base_url"] });
    }
}
