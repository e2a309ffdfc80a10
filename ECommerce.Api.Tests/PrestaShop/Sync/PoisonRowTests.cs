namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>One bad row costs one row, which the run names.</summary>
public sealed class PoisonRowTests(ApiFixture fixture)
{
    [Theory]
    [InlineData("products", "price", "12,200000", "is not a number")]
    [InlineData("products", "weight", "1.2.3", "is not a number")]
    [InlineData("products", "active", "si", "is not a flag")]
    [InlineData("products", "date_upd", "2026-02-30 10:00:00", "is not a time")]
    [InlineData("products", "price", "1234567890123456789012.00", "cannot be stored")]
    [InlineData("customers", "newsletter", "2", "is not a flag")]
    [InlineData("addresses", "id_country", "10.5", "is not a whole number")]
    public async Task Field_that_cannot_be_read_rejects_its_row_by_name(
        string resource, string field, string text, string reason)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync(resource, 3, (field, text));

        var run = await shop.SyncAsync();

        Assert.Equal("partial", (string?)run["status"]);
        var message = Assert.Single(run.MessagesOn("errors", resource, 3));
        Assert.StartsWith($"{field}: \"{text}\" ", message);
        Assert.Contains(reason, message);
        Assert.Null(await shop.RowAsync(resource, 3));
        Assert.NotNull(await shop.RowAsync(resource, 2));
        Assert.NotNull(await shop.RowAsync(resource, 4));
    }

    [Fact]
    public async Task Line_whose_prices_make_no_rate_is_imported_with_a_warning_run_after_run()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        var detail = (await shop.Mock.IdsAsync("order_details", "filter[id_order]=[3]&sort=[id_ASC]"))[0];
        await shop.ChangeAsync(
            "order_details", detail, ("unit_price_tax_excl", "0.010000"), ("unit_price_tax_incl", "12.200000"),
            ("taxes", "[]"));

        await shop.SucceedAsync();
        var again = await shop.SucceedAsync();

        var order = (await shop.RowAsync("orders", 3))!;
        var line = order["lines"]!.AsArray().Single(row => (int)row!["origin_id"]! == detail)!;
        Assert.Equal(
            (0.01m, 12.2m), ((decimal)line["unit_price_tax_excl"]!, (decimal)line["unit_price_tax_incl"]!));
        Assert.Contains(order["warnings"]!.AsArray(), warning => (string)warning!["code"]! == "vat_rate_computed");
        Assert.Equal(0, (int)again["failed"]!);
    }

    [Theory]
    [InlineData("1.5", "is not a whole number")]
    [InlineData("3000000000", "is not between")]
    public async Task Quantity_that_cannot_be_read_leaves_one_stock_unchanged(string quantity, string reason)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        var before = (int)(await shop.RowAsync("products", 3))!["quantity"]!;
        await shop.ChangeAsync("stock_availables", 3, ("quantity", quantity));
        await shop.ChangeAsync("stock_availables", 4, ("quantity", "2.000000"));
        await shop.ChangeAsync("stock_availables", 5, ("quantity", "1.2E+1"));

        var run = await shop.SyncAsync("incremental");

        Assert.Contains(reason, Assert.Single(run.MessagesOn("errors", "stock_availables", 3)));
        Assert.Equal(before, (int)(await shop.RowAsync("products", 3))!["quantity"]!);
        Assert.Equal(2, (int)(await shop.RowAsync("products", 4))!["quantity"]!);
        Assert.Equal(12, (int)(await shop.RowAsync("products", 5))!["quantity"]!);
    }

    [Theory]
    [InlineData("caff\uF8F2", "caff\uFFFD")]
    [InlineData("\uF8D8 rosso", "\uFFFD rosso")]
    public async Task Text_that_is_no_Unicode_is_replaced_with_a_warning(string stored, string shown)
    {
        await using var shop = await SyncedShop.StartAsync(fixture, ("languages", "1"));
        await shop.ChangeAsync("customers", 2, ("company", stored));
        await shop.ChangeAsync("products", 3, ("reference", stored));

        var run = await shop.SucceedAsync();

        Assert.Equal(2, (int)run["warned"]!);
        Assert.StartsWith("company: ", Assert.Single(run.MessagesOn("warnings", "customers", 2)));
        Assert.Equal(shown, (string?)(await shop.RowAsync("products", 3))!["reference"]);
    }

    [Theory]
    [InlineData("products", 7)]
    [InlineData("customers", 1)]
    [InlineData("addresses", 12)]
    public async Task Row_that_empties_each_page_with_it_is_left_out(string resource, int row)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.FailAsync($$"""{"kind":"empty_row","times":0,"resource":"{{resource}}","row":{{row}}}""");

        var run = await shop.SyncAsync();

        Assert.Equal("partial", (string?)run["status"]);
        Assert.Contains("empty body", Assert.Single(run.MessagesOn("errors", resource, row)));
        Assert.Null(await shop.RowAsync(resource, row));
        Assert.NotNull(await shop.RowAsync(resource, row == 1 ? 2 : row - 1));

        await shop.HealAsync();
        await shop.SucceedAsync("incremental");
        Assert.NotNull(await shop.RowAsync(resource, row));
    }

    [Theory]
    [InlineData("products")]
    [InlineData("manufacturers")]
    public async Task Notice_before_the_data_is_skipped(string resource)
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.FailAsync($$"""{"kind":"notice","times":0,"resource":"{{resource}}"}""");

        await shop.SucceedAsync();

        Assert.Equal(12, await shop.CountAsync("products"));
    }

    [Fact]
    public async Task GTIN_of_14_digits_is_kept_and_longer_text_is_cut_with_a_warning()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("products", 2, ("ean13", "18012345000014"), ("reference", $"{new string('x', 63)}😀"));

        var run = await shop.SucceedAsync();

        var product = (await shop.RowAsync("products", 2))!;
        Assert.Equal("18012345000014", (string?)product["ean13"]);
        Assert.Equal(new string('x', 63), (string?)product["reference"]);
        Assert.StartsWith("reference: ", Assert.Single(run.MessagesOn("warnings", "products", 2)));
    }
}
