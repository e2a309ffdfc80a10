using System.Globalization;
using System.Text.Json.Nodes;
using ECommerce.Mocks.PrestaShop.Query;

namespace ECommerce.Api.Tests.Mocks;

public class PrestaShopGrammarTests(PrestaShopMock shop) : IClassFixture<PrestaShopMock>
{
    [Fact]
    public async Task Without_display_a_list_has_ids_only()
    {
        var response = await shop.GetAsync("/api/orders?limit=2");

        Assert.Equal("""{"orders":[{"id":1},{"id":2}]}""", response.ToJsonString());
    }

    [Fact]
    public async Task An_empty_list_is_a_bare_array()
    {
        Assert.Equal("[]", (await shop.GetAsync("/api/orders?filter[id]=[999999]&display=full")).ToJsonString());
        Assert.Equal("[]", (await shop.GetAsync("/api/carts")).ToJsonString());
    }

    [Theory]
    [InlineData("filter[id]=[1|5|9]", new[] { 1, 5, 9 })]
    [InlineData("filter[id]=[3,6]", new[] { 3, 4, 5, 6 })]
    [InlineData("filter[id]=[6,3]", new[] { 3, 4, 5, 6 })]
    [InlineData("filter[id]=[10,9]", new[] { 9, 10 })]
    [InlineData("filter[id]=[5]", new[] { 5 })]
    [InlineData("filter[id]=5", new[] { 5 })]
    [InlineData("filter[id]=>[197]", new[] { 198, 199, 200 })]
    [InlineData("filter[id]=<[3]", new[] { 1, 2 })]
    [InlineData("filter[id]=![2|3]&filter[id_cart]=<[5]", new[] { 1, 4 })]
    [InlineData("filter[id]=[19]%", new[] { 19, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199 })]
    [InlineData("filter%5Bid%5D=%5B7%5D", new[] { 7 })]
    public async Task Filters_find_what_they_find_in_a_shop(string query, int[] expected)
    {
        Assert.Equal(expected, await shop.IdsAsync("orders", $"{query}&sort=[id_ASC]"));
    }

    [Fact]
    public async Task An_open_interval_filter_is_an_equality_trap()
    {
        Assert.Equal(6, (await shop.IdsAsync("orders", "filter[id]=[6,]")).Single());
    }

    [Fact]
    public async Task An_unknown_operator_is_forgotten_and_the_whole_table_comes()
    {
        Assert.Equal(200, (await shop.IdsAsync("orders", "filter[id]=>=[150]")).Length);
    }

    [Fact]
    public async Task A_comparison_without_brackets_is_an_equality()
    {
        Assert.Empty(await shop.IdsAsync("orders", "filter[id]=>150"));
    }

    [Fact]
    public async Task Case_and_accents_make_no_difference()
    {
        var ids = await shop.IdsAsync("addresses", "filter[lastname]=[d'AMICO|pellicano|Nicolo]");
        var names = (await shop.ListAsync("addresses"))
            .Where(address => (string)address["lastname"]! is "D'Amico" or "Pellicanò" or "Nicolò")
            .Select(address => (int)address["id"]!);

        Assert.NotEmpty(ids);
        Assert.Equal(names, ids);
    }

    [Fact]
    public async Task A_contained_text_is_found_in_every_language()
    {
        var italian = await shop.IdsAsync("products", "filter[name]=%[della nonna]%");
        var english = await shop.IdsAsync("products", "filter[name]=%[grandma's]%");

        Assert.NotEmpty(italian);
        Assert.Equal(italian, english);
    }

    [Theory]
    [InlineData("filter[date_upd]=>[2026-01-01]", 32)]
    [InlineData("sort=[date_add_ASC]", 38)]
    [InlineData("filter[lastname]=[Rossi]", 32)]
    [InlineData("filter[id]=", 33)]
    [InlineData("filter[shipping_number]=[1]", 34)]
    [InlineData("filter[order_rows][id]=[1]", 31)]
    [InlineData("sort=id", 37)]
    [InlineData("sort=[nothing_ASC]", 38)]
    [InlineData("limit=1,2,3", 39)]
    [InlineData("display=[id,fattura]", 35)]
    [InlineData("display=[associations]", 35)]
    [InlineData("display=[id,order_rows]", 35)]
    [InlineData("display=[order_rows[nothing]]", 35)]
    [InlineData("display=id", 36)]
    [InlineData("schema=x", 28)]
    public async Task A_bad_parameter_has_its_code(string query, int code)
    {
        var error = await shop.ErrorAsync($"/api/orders?{query}");

        Assert.Equal((400, code), (error.Status, error.Codes.Single()));
    }

    [Fact]
    public async Task A_wrong_filter_returns_the_error_of_a_real_shop()
    {
        var error = await shop.ErrorAsync("/api/orders?filter[id_custome]=[1]");

        Assert.StartsWith(
            "This filter does not exist. Did you mean: \"id_customer\"? "
            + "The full list is: \"id\", \"id_address_delivery\", \"id_address_invoice\"",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dates_need_their_switch_and_no_letter_t()
    {
        var all = await shop.ListAsync("orders");
        var expected = all.Where(order => string.CompareOrdinal((string)order["date_upd"]!, "2026-01-01 00:00:00") >= 0
            && string.CompareOrdinal((string)order["date_upd"]!, "2026-03-01 00:00:00") <= 0).Select(
                order => (int)order["id"]!);

        Assert.NotEmpty(expected);
        Assert.Equal(
            expected, await shop.IdsAsync(
                "orders", "date=1&filter[date_upd]=[2026-01-01 00:00:00,2026-03-01]&sort=[id_ASC]"));
        Assert.Empty(
            await shop.IdsAsync("orders", "date=1&filter[date_upd]=[2026-01-01T00:00:00,2026-03-01T00:00:00]"));
        Assert.Equal(200, (await shop.IdsAsync("orders", "date=1&filter[date_upd]=>[2020-01-01]")).Length);
    }

    [Theory]
    [InlineData("limit=3", new[] { 1, 2, 3 })]
    [InlineData("limit=4,2", new[] { 5, 6 })]
    [InlineData("limit=[10,2]", new[] { 1, 2 })]
    [InlineData("limit=2&sort=[id_DESC]", new[] { 200, 199 })]
    [InlineData("limit=2&sort=id_DESC", new[] { 200, 199 })]
    [InlineData("limit=198,50", new[] { 199, 200 })]
    public async Task Limit_and_sort_make_pages(string query, int[] expected)
    {
        Assert.Equal(expected, await shop.IdsAsync("orders", query));
    }

    [Fact]
    public async Task Several_sort_fields_count_in_their_order()
    {
        var sorted = await shop.IdsAsync("addresses", "sort=[lastname_ASC,id_DESC]");
        var expected = (await shop.ListAsync("addresses"))
            .OrderBy(row => SqlText.Fold((string)row["lastname"]!), StringComparer.Ordinal)
            .ThenByDescending(row => (int)row["id"]!)
            .Select(row => (int)row["id"]!);

        Assert.Equal(expected, sorted);
    }

    [Fact]
    public async Task Keyset_pages_join_to_the_whole_table()
    {
        var ids = new List<int>();
        while (
            await shop.IdsAsync(
                "orders", $"display=full&filter[id]=>[{ids.LastOrDefault()}]&sort=[id_ASC]&limit=60") is [_, ..] page)
        {
            ids.AddRange(page);
        }

        Assert.Equal(Enumerable.Range(1, 200), ids);
    }

    [Fact]
    public async Task Display_chooses_fields_in_the_order_of_the_schema()
    {
        var response = await shop.GetAsync(
            "/api/orders?display=[reference,id,order_rows[product_quantity,product_id]]&filter[id]=[1]");

        var order = response["orders"]![0]!.AsObject();
        Assert.Equal(["id", "reference", "associations"], order.Select(member => member.Key));
        Assert.Equal(
            ["product_id", "product_quantity"], order["associations"]!["order_rows"]![0]!.AsObject()
                .Select(member => member.Key));
    }

    [Fact]
    public async Task The_list_of_resources_breaks_in_json_from_version_8_on()
    {
        await using var old = new PrestaShopMock(("profile", "1.7"));
        using var broken = await shop.SendAsync("/api/");

        Assert.Equal(500, (int)broken.StatusCode);
        Assert.Contains((await old.GetAsync("/api/")).AsArray(), name => (string)name! == "orders");
    }

    [Fact]
    public async Task A_bare_number_is_like_in_older_versions()
    {
        await using var old = new PrestaShopMock(("profile", "8.0"));
        var order = (await shop.ListAsync("orders", "limit=1")).Single();
        var total = decimal.Parse((string)order["total_paid"]!, CultureInfo.InvariantCulture)
            .ToString("0.##", CultureInfo.InvariantCulture);

        Assert.Empty(await old.IdsAsync("orders", $"filter[total_paid]={total}"));
        Assert.Contains(1, await shop.IdsAsync("orders", $"filter[total_paid]={total}"));
        Assert.Contains(1, await old.IdsAsync("orders", $"filter[total_paid]=[{total}]"));
    }

    [Fact]
    public async Task Minimum_is_ids_only_too()
    {
        var response = await shop.GetAsync("/api/orders?display=minimum&limit=1");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"orders":[{"id":1}]}"""), response));
    }
}
