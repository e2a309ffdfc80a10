using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Api.Tests.PrestaShop;

/// <summary>What shops write, and what is made of it.</summary>
public class ShopRowTests
{
    private static ShopRow Row(string json) => new(JsonDocument.Parse(json).RootElement);

    [Theory]
    [InlineData("""{"v":"12"}""", 12L)]
    [InlineData("""{"v":12}""", 12L)]
    [InlineData("""{"v":""}""", null)]
    [InlineData("""{"v":null}""", null)]
    [InlineData("""{}""", null)]
    [InlineData("""{"v":"2.000000"}""", 2L)]
    [InlineData("""{"v":"1.2E+1"}""", 12L)]
    [InlineData("""{"v":1.2e1}""", 12L)]
    public void Numbers_come_as_texts_numbers_or_nothing(string json, long? expected) =>
        Assert.Equal(expected, Row(json).Long("v"));

    [Theory]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("1,0")]
    [InlineData("3000000000")]
    [InlineData("1E40")]
    public void Text_that_is_no_whole_number_rejects_the_row_with_field_and_text(string text)
    {
        var rejection = Assert.Throws<RowRejectedException>(() => Row($$"""{"v":"{{text}}"}""").Int("v"));

        Assert.StartsWith($"v: \"{text}\" is not", rejection.Message);
    }

    [Theory]
    [InlineData("12,200000")]
    [InlineData("€ 12")]
    [InlineData("1E400")]
    public void Text_that_is_no_amount_rejects_the_row_with_field_and_text(string text)
    {
        var rejection = Assert.Throws<RowRejectedException>(() => Row($$"""{"v":"{{text}}"}""").Money("v"));

        Assert.Equal($"v: \"{text}\" is not a number.", rejection.Message);
    }

    [Theory]
    [InlineData("2026-13-01 00:00:00")]
    [InlineData("yesterday")]
    public void Text_that_is_no_time_rejects_the_row(string text) =>
        Assert.Throws<RowRejectedException>(() => Row($$"""{"v":"{{text}}"}""").Time("v"));

    [Theory]
    [InlineData("""{"v":"1"}""", true)]
    [InlineData("""{"v":1}""", true)]
    [InlineData("""{"v":true}""", true)]
    [InlineData("""{"v":"0"}""", false)]
    [InlineData("""{"v":null}""", false)]
    public void Flags_come_in_every_form(string json, bool expected) => Assert.Equal(expected, Row(json).Flag("v"));

    [Theory]
    [InlineData("40.983607", "40.98")]
    [InlineData("2.345000", "2.35")]
    [InlineData("-2.345", "-2.35")]
    [InlineData("0.000000", "0")]
    [InlineData("1.22E+1", "12.2")]
    public void Money_is_rounded_to_cents_away_from_zero(string text, string expected) =>
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), Row($$"""{"v":"{{text}}"}""").Money("v"));

    [Fact]
    public void A_text_in_several_languages_is_taken_in_the_wanted_one_or_in_any_that_is_not_empty()
    {
        var row = Row("""
            {"v":[{"id":"1","value":"Lampada"},{"id":2,"value":"Lamp"},{"id":"3","value":""}],"plain":"Lampada"}
            """);

        Assert.Equal("Lamp", row.Translated("v", 2, 100));
        Assert.Equal("Lampada", row.Translated("v", 3, 100));
        Assert.Equal("Lampada", row.Translated("v", 9, 100));
        Assert.Equal("Lampada", row.Translated("plain", 2, 100));
        Assert.Equal("La", row.Translated("v", 2, 2));
    }

    [Theory]
    [InlineData("2026-03-01 18:22:41", "2026-03-01T17:22:41Z")]
    [InlineData("2026-07-01 18:22:41", "2026-07-01T16:22:41Z")]
    [InlineData("2026-03-29 02:30:00", "2026-03-29T01:30:00Z")]
    [InlineData("0000-00-00 00:00:00", null)]
    [InlineData("", null)]
    public void Times_of_a_shop_are_Roman(string text, string? utc) =>
        Assert.Equal(
            utc,
            Row($$"""{"v":"{{text}}"}""").Time("v")?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));

    [Fact]
    public void Missing_associations_are_empty()
    {
        Assert.Empty(Row("{}").Association("order_rows"));
        Assert.Empty(Row("""{"associations":{}}""").Association("order_rows"));
        Assert.Single(Row("""{"associations":{"order_rows":[{"id":"1"}]}}""").Association("order_rows"));
    }

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("""{"orders":[{"id":1},{"id":"2"}]}""", 2)]
    [InlineData("\ufeff{\"orders\":[{\"id\":1}]}", 1)]
    [InlineData("<br />\n<b>Notice</b>: Undefined index [x] in {y}<br />{\"orders\":[{\"id\":1}]}", 1)]
    [InlineData("<br />\n<b>Deprecated</b>: each() in {y}<br />\n{ \"orders\" : [{\"id\":1}]}\n", 1)]
    [InlineData("<br />\n<b>Deprecated</b>: each() in {y}<br />\n[]", 0)]
    public async Task Rows_are_found_in_whatever_surrounds_them(string body, int rows) =>
        Assert.Equal(rows, (await RowsAsync(200, Encoding.UTF8.GetBytes(body))).Count);

    [Theory]
    [InlineData(3)]
    [InlineData(5000)]
    public async Task Rows_are_read_in_slices_whatever_stands_around_their_list(int count)
    {
        var rows = string.Join(',', Enumerable.Range(1, count).Select(
            id => $$$"""{"id":{{{id}}},"name":"{{{new string('x', 100)}}}","associations":{"rows":[{"id":"1"}]}}"""));
        var body = Encoding.UTF8.GetBytes($$"""{"before":{"orders":[1]},"orders":[{{rows}}],"after":[[]]}""");

        var read = await RowsAsync(200, body);

        Assert.Equal(Enumerable.Range(1, count).Select(id => (long)id), read.Select(row => row.Id));
        Assert.Single(read[^1].Association("rows"));
    }

    [Fact]
    public async Task Rows_behind_the_limit_are_not_read()
    {
        var rows = await PrestaShopBody.RowsAsync(
            "orders", HttpStatusCode.OK, """{"orders":[{"id":1},{"id":2},{"id":3}, no JSON"""u8.ToArray(), limit: 2);

        Assert.Equal([1L, 2L, 3L], rows.Select(row => row.Id));
    }

    [Fact]
    public async Task List_that_breaks_off_is_no_list()
    {
        var failure = await Assert.ThrowsAsync<PrestaShopException>(
            () => RowsAsync(200, """{"orders":[{"id":1},{"id":2}"""u8.ToArray()));

        Assert.Equal(ShopFault.Unreadable, failure.Fault);
    }

    private static async Task<IReadOnlyList<ShopRow>> RowsAsync(int status, byte[] body) =>
        await PrestaShopBody.RowsAsync("orders", (HttpStatusCode)status, body);

    [Theory]
    [InlineData(200, "", true, "empty body")]
    [InlineData(200, "<html>fatal</html>", true, "not JSON")]
    [InlineData(200, """{"customers":[]}""", false, "no list of orders")]
    [InlineData(500, """{"orders":[{"id":1}]}""", true, "returned 500")]
    [InlineData(401, """{"errors":[{"code":26,"message":"no right"}]}""", false, "returned 401 (error 26: no right)")]
    [InlineData(503, """{"errors":[{"code":22,"message":"disabled"}]}""", false, "returned 503 (error 22: disabled)")]
    [InlineData(403, """{"errors":[{"code":"132","message":"chiave non è valida"}]}""", false, "chiave non è")]
    [InlineData(200, """{"errors":[{"code":32,"message":"no filter"}]}""", false, "(error 32: no filter)")]
    [InlineData(500, "a secret: not allowed, fatal", true, "returned 500")]
    public async Task A_body_without_rows_is_refused_with_a_reason(
        int status, string body, bool mayBeTooMuch, string reason)
    {
        var refusal = await Assert.ThrowsAsync<PrestaShopException>(
            () => RowsAsync(status, Encoding.UTF8.GetBytes(body)));

        Assert.Equal(mayBeTooMuch, refusal.MayBeTooMuch);
        Assert.Contains(reason, refusal.Message);
        // Other roles read the message: SSRF must not show them the body of an internal server.
        Assert.DoesNotContain("not allowed", refusal.Message);
        Assert.DoesNotContain("fatal", refusal.Message);
    }

    [Fact]
    public async Task Invalid_bytes_and_lone_surrogates_are_replaced_with_a_warning()
    {
        byte[] body =
        [
            .. """{"orders":[{"id":1,"raw":"caff"""u8, 0xF2, .. "\""u8,
            .. """, "lone":"x\ud83d","low":"\ude00y","pair":"\ud83d\ude00","path":"a\\ud83d\/b"}]}"""u8,
        ];

        var row = (await RowsAsync(200, body)).Single();

        Assert.Equal("caff\uFFFD", row.Text("raw", 10));
        Assert.Equal("x\uFFFD", row.Text("lone", 10));
        Assert.Equal("\uFFFDy", row.Text("low", 10));
        Assert.Equal("😀", row.Text("pair", 10));
        Assert.Equal(@"a\ud83d/b", row.Text("path", 20));
        Assert.Equal(["raw", "lone", "low"], row.Warnings.Select(warning => warning.Split(':')[0]));
    }

    [Fact]
    public async Task Text_is_cut_with_a_warning_and_never_through_a_character()
    {
        var row = (await RowsAsync(200, """{"orders":[{"id":1,"v":"ab😀"}]}"""u8.ToArray())).Single();

        Assert.Equal("ab", row.Text("v", 3));
        Assert.Equal("ab😀", row.Text("v", 4));
        Assert.Equal("v: has 4 characters and is cut to 3.", Assert.Single(row.Warnings));
    }
}
