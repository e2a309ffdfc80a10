using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>What of the catalogue and of customers is imported beside the plain fields.</summary>
public sealed class CatalogueSyncTests(ApiFixture fixture)
{
    [Fact]
    public async Task Combinations_have_a_price_a_code_and_a_stock_of_their_own()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("products", 6, ("price", "20.000000"), ("weight", "1.000000"));
        await shop.ChangeAsync(
            "combinations", 2, ("price", "-0.500000"), ("reference", "ROSSO"), ("ean13", "18012345000014"));
        await shop.ChangeAsync("stock_availables", 1_000_002, ("quantity", "7"));

        await shop.SucceedAsync();

        var product = (await shop.RowAsync("products", 6))!;
        var red = Combination(product, 2);
        Assert.Equal(3, product["combinations"]!.AsArray().Count);
        Assert.Equal("combinations", (string?)product["product_type"]);
        Assert.Equal(
            ("ROSSO", "18012345000014", 19.5m, 1.1m, 7, false),
            ((string?)red["reference"], (string?)red["ean13"], (decimal)red["price"]!, (decimal)red["weight"]!,
                (int)red["quantity"]!, (bool)red["is_default"]!));
        Assert.Empty((await shop.RowAsync("products", 5))!["combinations"]!.AsArray());
    }

    [Fact]
    public async Task Change_of_a_combination_shows_in_its_product_with_a_new_version()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        var first = (await shop.RowAsync("products", 6))!;
        await shop.ChangeAsync("combinations", 1, ("reference", "NUOVO"));
        await shop.ChangeAsync("stock_availables", 1_000_003, ("quantity", "777"));

        await shop.SucceedAsync("incremental");
        var second = (await shop.RowAsync("products", 6))!;
        await shop.RemoveAsync("combinations", 2);
        await shop.SucceedAsync();
        var third = (await shop.RowAsync("products", 6))!;

        Assert.Equal("NUOVO", (string?)Combination(second, 1)["reference"]);
        Assert.Equal(777, (int)Combination(second, 3)["quantity"]!);
        Assert.Equal(2, third["combinations"]!.AsArray().Count);
        Assert.True((long)first["row_version"]! < (long)second["row_version"]!);
        Assert.True((long)second["row_version"]! < (long)third["row_version"]!);
    }

    [Theory]
    [InlineData("id_state", "181", "23041", "23041")]
    [InlineData("id_state", "0", "20100", "20199")]
    [InlineData("id_state", "207", "0", "0")]
    public async Task Rule_for_a_state_or_postcodes_decides_no_products_rate(
        string field, string state, string from, string to)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        for (var group = 1; group <= 4; group++)
        {
            await shop.ChangeAsync(
                "tax_rules", 100 + group, ("id_tax_rules_group", $"{group}"), ("id_country", "10"), (field, state),
                ("zipcode_from", from), ("zipcode_to", to), ("id_tax", "5"));
        }

        await shop.SucceedAsync();

        var products = (await shop.Client.GetJsonAsync($"/api/v1/products?shop_id={shop.Id}&limit=500"))["items"]!;
        Assert.All(products.AsArray(), product => Assert.NotEqual(0m, (decimal)product!["vat_rate"]!));
    }

    [Theory]
    [InlineData("181", "10", "MI")]
    [InlineData("5", "10", "")]
    [InlineData("0", "10", "")]
    public async Task Province_is_the_code_of_the_state_of_the_addresss_country(
        string state, string country, string province)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("addresses", 3, ("id_state", state), ("id_country", country));

        await shop.SucceedAsync();

        Assert.Equal(province, (string?)(await shop.RowAsync("addresses", 3))!["state"]);
    }

    [Fact]
    public async Task Draft_is_skipped_and_texts_are_in_the_shops_default_language()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("products", 4, ("state", "0"));
        await shop.ChangeAsync("products", 5, ("active", "0"));
        await shop.ChangeAsync("configurations", 1, ("value", "2"));

        await shop.SucceedAsync();

        Assert.Null(await shop.RowAsync("products", 4));
        Assert.False((bool)(await shop.RowAsync("products", 5))!["active"]!);
        var categories = (await shop.Client.GetJsonAsync("/api/v1/categories"))["items"]!.AsArray();
        Assert.Contains(categories, row => (int?)row!["shop_id"] == shop.Id && (string?)row["name"] == "Root");
    }

    [Fact]
    public async Task Customer_has_the_name_of_its_group()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);

        await shop.SucceedAsync();

        Assert.Equal("Clienti", (string?)(await shop.RowAsync("customers", 2))!["customer_group"]);
    }

    [Fact]
    public async Task Key_without_the_right_to_what_is_new_still_imports_the_rest()
    {
        await using var shop = await SyncedShop.StartAsync(
            fixture, ("deny", "combinations,states,groups,configurations"));

        var run = await shop.SucceedAsync();

        Assert.Equal(["combinations", "groups", "states"], run["warnings"]!.AsArray()
            .Select(warning => (string)warning!["entity"]!).Order());
        Assert.Equal((12, 8), (await shop.CountAsync("products"), await shop.CountAsync("orders")));
    }

    [Fact]
    public async Task Rate_that_cannot_be_read_costs_its_tax_only()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("taxes", 3, ("rate", "5,000"));

        var run = await shop.SyncAsync();

        Assert.StartsWith("rate: \"5,000\"", Assert.Single(run.MessagesOn("errors", "taxes", 3)));
        Assert.Equal(12, await shop.CountAsync("products"));
    }

    [Fact]
    public async Task Six_shops_of_one_tenant_are_imported_at_once()
    {
        var shops = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SyncedShop.StartAsync(fixture)));

        await Task.WhenAll(shops.Select(shop => shop.SucceedAsync()));

        foreach (var shop in shops)
        {
            Assert.Equal((12, 8), (await shop.CountAsync("products"), await shop.CountAsync("orders")));
            await shop.DisposeAsync();
        }
    }

    private static JsonNode Combination(JsonNode product, int originId) =>
        product["combinations"]!.AsArray().Single(row => (int)row!["origin_id"]! == originId)!;
}
