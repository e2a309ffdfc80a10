namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>A key without the right to one resource: the run leaves it out with a warning and goes on.</summary>
public sealed class MissingRightTests(ApiFixture fixture)
{
    [Theory]
    [InlineData("products", "products")]
    [InlineData("customers", "customers,addresses")]
    [InlineData("addresses", "addresses")]
    [InlineData("orders", "orders")]
    [InlineData("stock_availables", "stock_availables")]
    [InlineData("combinations", "combinations")]
    [InlineData("order_states", "order_states")]
    [InlineData("order_histories", "order_histories")]
    [InlineData("order_details", "order_details")]
    [InlineData("order_carriers", "order_carriers")]
    [InlineData("customer_threads", "customer_threads")]
    [InlineData("customer_messages", "customer_messages")]
    [InlineData("order_payments", "order_payments")]
    [InlineData("countries", "countries")]
    [InlineData("carriers", "carriers")]
    [InlineData("manufacturers", "manufacturers")]
    [InlineData("categories", "categories")]
    [InlineData("languages", "languages")]
    [InlineData("taxes", "products,taxes")]
    [InlineData("tax_rules", "products")]
    public async Task Resource_is_left_out_with_a_warning_and_the_rest_is_imported(string denied, string warned)
    {
        await using var shop = await SyncedShop.StartAsync(fixture, ("deny", denied));

        var run = await shop.SucceedAsync();

        var warnings = run["warnings"]!.AsArray().Where(warning => (long)warning!["origin_id"]! == 0).ToArray();
        Assert.Equal(warned.Split(',').Order(), warnings.Select(warning => (string)warning!["entity"]!).Order());
        Assert.Contains(
            warnings, warning => ((string)warning!["message"]!).Contains("(error 26: ", StringComparison.Ordinal));
        foreach (var (kind, count) in ((string, int)[])[("products", 12), ("orders", 8)])
            Assert.Equal(warned.Contains(kind, StringComparison.Ordinal) ? 0 : count, await shop.CountAsync(kind));
        // What is missing because of the key is no oddity of each order.
        Assert.DoesNotContain(
            run["warnings"]!.AsArray(),
            warning => ((string)warning!["message"]!).Contains("_unknown", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Right_that_is_taken_away_deletes_nothing_and_one_that_is_given_back_reads_all()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        await shop.FailAsync("""{"kind":"method","times":0,"resource":"products"}""");

        var without = await shop.SucceedAsync();
        Assert.Contains("(error 25", Assert.Single(without.MessagesOn("warnings", "products", 0)));
        Assert.Equal(12, await shop.CountAsync("products"));

        await shop.HealAsync();
        await shop.ChangeAsync("products", 2, ("reference", "DOPO"));
        await shop.SucceedAsync();
        Assert.Equal("DOPO", (string?)(await shop.RowAsync("products", 2))!["reference"]);
    }
}
