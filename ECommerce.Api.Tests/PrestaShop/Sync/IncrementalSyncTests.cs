namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>An incremental run misses nothing, whatever the shop's clock and dates say.</summary>
public sealed class IncrementalSyncTests(ApiFixture fixture)
{
    [Fact]
    public async Task Order_dated_in_the_future_does_not_hide_later_ones()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("orders", 2, ("date_upd", "2035-06-01 00:00:00"));
        await shop.ChangeAsync("products", 2, ("date_upd", "2099-01-01 00:00:00"));
        await shop.SucceedAsync();
        using var added = await shop.Mock.ControlAsync(HttpMethod.Post, "orders", """{"count":2}""");
        await shop.ChangeAsync("products", 3, ("reference", "NUOVO"), ("date_upd", Now(shop)));

        var run = await shop.SucceedAsync("incremental");

        Assert.Equal(2, (int)run["created"]!);
        Assert.Equal(10, await shop.CountAsync("orders"));
        Assert.Equal("NUOVO", (string?)(await shop.RowAsync("products", 3))!["reference"]);
    }

    [Fact]
    public async Task Change_of_the_hour_before_the_last_run_is_read()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        // The hour that is repeated when summer time ends.
        await shop.ChangeAsync("customers", 3, ("company", "Ora solare"), ("date_upd", Now(shop, minutes: -60)));

        await shop.SucceedAsync("incremental");

        Assert.Equal("Ora solare", (string?)(await shop.RowAsync("customers", 3))!["company"]);
    }

    [Fact]
    public async Task Stock_is_read_although_the_date_of_its_product_stands_still()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("stock_availables", 3, ("quantity", "300"));
        await shop.SucceedAsync();
        var before = (await shop.RowAsync("products", 3))!;
        await shop.ChangeAsync("stock_availables", 3, ("quantity", "3"));

        var run = await shop.SucceedAsync("incremental");

        var after = (await shop.RowAsync("products", 3))!;
        Assert.Equal((300, 3), ((int)before["quantity"]!, (int)after["quantity"]!));
        Assert.Equal(1, (int)run["updated"]!);
        Assert.Equal((long)before["row_version"]! + 1, (long)after["row_version"]!);
    }

    [Fact]
    public async Task Run_with_nothing_new_changes_nothing()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();

        var run = await shop.SucceedAsync("incremental");
        var full = await shop.SucceedAsync();

        foreach (var counts in (System.Text.Json.Nodes.JsonNode[])[run, full])
            Assert.Equal(0, (int)counts["created"]! + (int)counts["updated"]! + (int)counts["deleted"]!);
    }

    [Fact]
    public async Task Rejected_row_is_asked_for_again_although_its_date_is_old()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("products", 4, ("weight", "pesante"));
        await shop.ChangeAsync("addresses", 5, ("id_customer", "999"));
        var first = await shop.SyncAsync();
        Assert.Equal(2, (int)first["failed"]!);
        var second = await shop.SyncAsync("incremental");
        Assert.Equal(2, (int)second["failed"]!);
        await shop.ChangeAsync("products", 4, ("weight", "0.500000"));
        await shop.ChangeAsync("addresses", 5, ("id_customer", "5"));

        var run = await shop.SucceedAsync("incremental");

        Assert.Equal(2, (int)run["created"]!);
        Assert.NotNull(await shop.RowAsync("products", 4));
        Assert.NotNull(await shop.RowAsync("addresses", 5));
        Assert.Equal(0, (int)(await shop.SucceedAsync("incremental"))["created"]!);
    }

    [Fact]
    public async Task Rejected_row_that_the_shop_deletes_is_forgotten()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("products", 4, ("weight", "pesante"));
        await shop.SyncAsync();
        await shop.RemoveAsync("products", 4);

        await shop.SucceedAsync("incremental");
    }

    [Theory]
    [InlineData("Europe/Rome", null, "2026-07-01T10:00:00Z")]
    [InlineData("America/New_York", null, "2026-07-01T16:00:00Z")]
    [InlineData("America/New_York", "Europe/London", "2026-07-01T11:00:00Z")]
    public async Task Times_are_of_the_shops_zone_unless_a_setting_says_otherwise(
        string shopZone, string? setting, string utc)
    {
        await using var shop = await SyncedShop.StartAsync(fixture, ("zone", shopZone));
        await shop.Client.PutJsonAsync($"/api/v1/shops/{shop.Id}", new
        {
            name = "Negozio",
            base_url = shop.Mock.Address.ToString().TrimEnd('/'),
            time_zone = setting,
        });
        await shop.ChangeAsync("products", 2, ("date_add", "2026-07-01 12:00:00"));

        await shop.SucceedAsync();

        Assert.Equal(DateTime.Parse(utc, null, System.Globalization.DateTimeStyles.AdjustToUniversal),
            (DateTime)(await shop.RowAsync("products", 2))!["date_add"]!);
    }

    [Fact]
    public async Task Another_zone_reads_all_times_again_and_days_stay_the_shops()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.ChangeAsync("orders", 2, ("date_add", "2015-03-01 00:30:00"));
        await shop.SucceedAsync();
        var before = (await shop.RowAsync("orders", 2))!;

        await shop.Client.PutJsonAsync($"/api/v1/shops/{shop.Id}", new
        {
            name = "Negozio",
            base_url = shop.Mock.Address.ToString().TrimEnd('/'),
            time_zone = "America/New_York",
        });
        await shop.SucceedAsync("incremental");
        var after = (await shop.RowAsync("orders", 2))!;
        var again = await shop.SucceedAsync("incremental");

        Assert.Equal(
            ("2015-02-28T23:30:00Z", "2015-03-01T05:30:00Z"),
            ((string?)before["date_add"], (string?)after["date_add"]));
        Assert.Equal(("2015-03-01", "2015-03-01"), ((string?)before["local_date"], (string?)after["local_date"]));
        Assert.Equal(0, (int)again["updated"]!);
    }

    private static string Now(SyncedShop shop, int minutes = 0) => TimeZoneInfo.ConvertTime(
            TimeProvider.System.GetUtcNow().AddMinutes(minutes), TimeZoneInfo.FindSystemTimeZoneById(shop.Mock.Zone))
        .ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
}
