using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ECommerce.Api.Tests.ServiceDefaults;

namespace ECommerce.Api.Tests.Statistics;

/// <summary>Sales of months that no other test has orders in: each test takes years of its own.</summary>
public sealed class SalesTests(ApiFixture fixture)
{
    private readonly HttpClient _user = fixture.As("acme.user");
    private readonly HttpClient _writer = fixture.As("acme.ordini");

    [Theory]
    [InlineData("day", "DATE_FORMAT(local_date, '%Y-%m-%d')", 3)]
    [InlineData("month", "DATE_FORMAT(local_date, '%Y-%m')", 2)]
    [InlineData("state", "state_id", 2)]
    [InlineData("shop", "COALESCE(CAST(shop_id AS CHAR), 'none')", 2)]
    public async Task Values_are_the_sums_of_the_orders(string groupBy, string column, int groups)
    {
        await MakeAsync(2001);

        var sales = await _user.GetJsonAsync(
            $"/api/v1/statistics/sales?from=2001-01-01&to=2001-12-31&group_by={groupBy}");

        var expected = await fixture.QueryAsync<Expected>($"""
            SELECT CAST({column} AS CHAR) AS name, CAST(SUM(valid) AS SIGNED) AS orders,
                CAST(SUM(valid AND is_paid) AS SIGNED) AS paid_orders,
                SUM(IF(valid, total_paid, 0)) AS total_paid,
                SUM(IF(valid, total_paid_tax_excl, 0)) AS total_paid_tax_excl,
                CAST(SUM(NOT valid) AS SIGNED) AS cancelled_orders, SUM(IF(valid, 0, total_paid)) AS total_cancelled
            FROM orders
            WHERE tenant_id = 'acme' AND deleted_at IS NULL AND YEAR(local_date) = 2001
            GROUP BY {column}
            """);
        Assert.Equal(groups, expected.Count);
        Assert.Equal(expected.OrderBy(group => group.Name, StringComparer.Ordinal), Items(sales));
        Assert.Equal(new Expected("", expected.Sum(group => group.Orders), expected.Sum(group => group.PaidOrders),
            expected.Sum(group => group.TotalPaid), expected.Sum(group => group.TotalPaidTaxExcl),
            expected.Sum(group => group.CancelledOrders), expected.Sum(group => group.TotalCancelled)),
            Group("", Assert.Single(sales["totals"]!.AsArray())!));
        Assert.Equal(
            (groupBy, "2001-01-01", "2001-12-31"), (
                (string)sales["group_by"]!, (string)sales["from"]!, (string)sales["to"]!));
    }

    [Fact]
    public async Task States_and_shops_have_their_names()
    {
        await MakeAsync(2002);

        var states = await _user.GetJsonAsync("/api/v1/statistics/sales?from=2002-01-01&to=2002-12-31&group_by=state");
        var shops = await _user.GetJsonAsync("/api/v1/statistics/sales?from=2002-01-01&to=2002-12-31&group_by=shop");

        Assert.Equal(["In attesa", "Spedito"], states["items"]!.AsArray().Select(item => (string?)item!["name"]));
        Assert.Equal([null, "Acme S.r.l. shop"], shops["items"]!.AsArray().Select(item => (string?)item!["name"]));
    }

    [Fact]
    public async Task A_range_without_orders_has_neither_items_nor_totals() =>
        Assert.Equal(
            """{"from":"1999-01-01","to":"1999-01-31","group_by":"day","currency":null,"items":[],"totals":[]}""",
            await _user.TextAsync("/api/v1/statistics/sales?from=1999-01-01&to=1999-01-31"));

    [Fact]
    public async Task The_last_thirty_days_by_day_are_the_default()
    {
        var sales = await _user.GetJsonAsync("/api/v1/statistics/sales?page=2&unknown=x");

        var from = DateOnly.Parse((string)sales["from"]!, CultureInfo.InvariantCulture);
        var to = DateOnly.Parse((string)sales["to"]!, CultureInfo.InvariantCulture);
        Assert.Equal(29, to.DayNumber - from.DayNumber);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        Assert.InRange(to, today, today.AddDays(1));
        Assert.Equal("day", (string?)sales["group_by"]);
    }

    [Fact]
    public async Task Currencies_are_never_added_and_one_can_be_asked_for()
    {
        await MakeAsync(2006);
        await fixture.ExecuteAsync(
            "UPDATE orders SET currency = 'CHF', conversion_rate = 0.94 WHERE YEAR(local_date) = 2006 AND is_paid");
        const string path = "/api/v1/statistics/sales?from=2006-01-01&to=2006-12-31&group_by=month";

        var all = await _user.GetJsonAsync($"{path}&unknown=1");
        var francs = await _user.GetJsonAsync($"{path}&currency=chf");

        Assert.Equal(["CHF", "EUR"], all["totals"]!.AsArray().Select(total => (string)total!["currency"]!));
        var total = Assert.Single(francs["totals"]!.AsArray())!;
        Assert.Equal(("CHF", 20.25m), ((string)total["currency"]!, (decimal)total["total_paid"]!));
        Assert.All(francs["items"]!.AsArray(), item => Assert.Equal("CHF", (string)item!["currency"]!));
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-13-01", "to")]
    [InlineData("from=2026-01-01&from=2026-01-02", "from")]
    [InlineData("group_by=week", "group_by")]
    [InlineData("from=2026-02-01&to=2026-01-01", "from")]
    [InlineData("from=2999-01-01", "from")]
    [InlineData("from=1900-01-01", "from")]
    [InlineData("to=0001-01-01", "to")]
    [InlineData("from=2026-01-01T00:00:00Z", "from")]
    [InlineData("currency=EURO", "currency")]
    public async Task A_wrong_parameter_is_named(string query, string parameter)
    {
        using var response = await _user.GetAnyAsync($"/api/v1/statistics/sales?{query}");

        await response.AssertWrongAsync(HttpStatusCode.BadRequest, parameter);
    }

    [Fact]
    public async Task Another_tenant_sees_none_of_it()
    {
        const string path = "/api/v1/statistics/sales?from=2003-01-01&to=2003-12-31&group_by=month";
        await MakeAsync(2003);

        Assert.Equal(4, Orders(await _user.GetJsonAsync(path)));
        Assert.Equal(0, Orders(await fixture.As("globex.admin").GetJsonAsync(path)));
        Assert.Equal(0, Orders(await fixture.As("globex.admin").GetJsonAsync($"{path}&tenant=acme")));
    }

    [Fact]
    public async Task An_order_write_is_seen_by_the_next_read()
    {
        const string path = "/api/v1/statistics/sales?group_by=state";
        var before = Orders(await _user.GetJsonAsync(path), 5);

        var order = await _writer.OrderAsync();
        await _writer.JsonAsync(HttpMethod.Patch, $"/api/v1/orders/{order["id"]}/status", new { state_id = 5 });
        var moved = Orders(await _user.GetJsonAsync(path), 5);
        (await _writer.CallAsync(HttpMethod.Delete, $"/api/v1/orders/{order["id"]}")).Dispose();
        var deleted = Orders(await _user.GetJsonAsync(path), 5);

        Assert.Equal((before + 1, before), (moved, deleted));

        static long Orders(JsonNode sales, int state) =>
            sales["items"]!.AsArray().Where(item => (string)item!["key"]! == $"{state}")
                .Select(item => (long)item!["orders"]!).SingleOrDefault();
    }

    [Fact]
    public async Task A_shop_that_is_renamed_has_its_new_name()
    {
        const string path = "/api/v1/statistics/sales?from=2004-01-01&to=2004-12-31&group_by=shop";
        var admin = fixture.As("acme.admin");
        var shop = await admin.PostJsonAsync(
            "/api/v1/shops",
            new { name = "Before", base_url = "https://shop.example", api_key = "KEY0KEY1KEY2KEY3KEY4KEY5KEY6KEY7" });
        await MakeAsync(2004, (int)shop["id"]!);
        Assert.Contains("Before", await _user.TextAsync(path));

        await admin.PutJsonAsync(
            $"/api/v1/shops/{shop["id"]}", new { name = "After", base_url = "https://shop.example", is_active = true });

        Assert.Contains("After", await _user.TextAsync(path));
    }

    [Fact]
    public async Task A_response_is_stored_with_its_entity_tag_and_its_data_counts_for_the_application()
    {
        const string path = "/api/v1/statistics/sales?from=2005-01-01&to=2005-12-31";
        const string pattern = "key_pattern=\"statistics:{tenant}:{name}:{qhash}\"";
        const string application = "cache_layer=\"application\"";
        var anonymous = fixture.Api.Anonymous();
        var before = PrometheusReader.Read(await anonymous.TextAsync("/metrics"));

        using var first = await _user.GetAnyAsync(path);
        using var second = await _user.HitAsync(path, ("If-None-Match", first.Headers.ETag!.Tag));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (first.StatusCode, second.StatusCode));
        var after = PrometheusReader.Read(await anonymous.TextAsync("/metrics"));
        Assert.True(
            after.Sum("cache_miss_total", application, pattern) > before.Sum("cache_miss_total", application, pattern));
        Assert.True(
            after.Sum("cache_hit_total", "cache_layer=\"output\"", pattern) > before.Sum(
                "cache_hit_total", "cache_layer=\"output\"", pattern));
        Assert.Equal(0, after.Sum("cache_miss_total", "cache_layer=\"memory\"", pattern));
    }

    /// <summary>
    /// Three orders on three days of two months, in two states, one of them of a shop; one more on one of the days, and
    /// a deleted one.
    /// </summary>
    private async Task MakeAsync(int year, int shop = 1)
    {
        if ((
            await fixture.QueryAsync<long>(
                "SELECT COUNT(*) FROM orders WHERE YEAR(date_add) = @year", new { year }))[0] > 0)
        {
            return;
        }

        var customer = (long)(await _writer.CustomerAsync())["id"]!;
        foreach (var (date, state, of, paid, deleted) in new (string, int, int?, decimal, bool)[]
                 {
                     ("01-01T00:00:00", 1, null, 10.10m, false), ("01-31T23:59:59", 4, null, 20.20m, false), (
                         "12-31T23:59:59", 4, shop, 0.05m, false),
                     ("12-31T12:00:00", 1, null, 7m, false), ("06-01T12:00:00", 2, null, 1000m, true),
                 })
        {
            var time = $"{year}-{date}";
            await fixture.ExecuteAsync(
                """
                INSERT INTO orders (
                    tenant_id, customer_id, state_id, shop_id, reference,
                    total_paid, total_paid_tax_excl, is_paid, valid, date_add, date_upd, local_date, deleted_at)
                VALUES ('acme', @customer, @state, @of, 'SALES', @paid, @paid / 2, @isPaid, @isPaid, @time, @time,
                        DATE(@time), @deletedAt)
                """,
                new { customer, state, of, paid, isPaid = state == 4, time, deletedAt = deleted ? time : null });
        }
    }

    private static IEnumerable<Expected> Items(JsonNode sales) =>
        sales["items"]!.AsArray().Select(item => Group((string)item!["key"]!, item))
            .OrderBy(group => group.Name, StringComparer.Ordinal);

    private static Expected Group(string name, JsonNode figures) =>
        new(name, (long)figures["orders"]!, (long)figures["paid_orders"]!, (decimal)figures["total_paid"]!,
            (decimal)figures["total_paid_tax_excl"]!, (long)figures["cancelled_orders"]!,
            (decimal)figures["total_cancelled"]!);

    private static long Orders(JsonNode sales) =>
        sales["totals"]!.AsArray().Sum(total => (long)total!["orders"]! + (long)total["cancelled_orders"]!);

    private sealed record Expected(
        string Name, long Orders, long PaidOrders, decimal TotalPaid, decimal TotalPaidTaxExcl, long CancelledOrders,
        decimal TotalCancelled);
}
