using System.Net;

namespace ECommerce.Api.Tests.Products;

public sealed class ProductsTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");

    [Fact]
    public async Task A_created_product_is_read_back_with_all_its_fields()
    {
        using var response = await _admin.CallAsync(HttpMethod.Post, "/api/v1/products", new
        {
            name = "Lampada",
            reference = "LMP-1",
            ean13 = "8001234567890",
            price = 12.5m,
            vat_rate = 10,
            wholesale_price = 7.25m,
            weight = 1.234567m,
            quantity = 5,
            active = false,
            category_id = 1,
            brand_id = 2,
            description_short = "Da tavolo",
        });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var created = await response.JsonAsync();
        Assert.Equal($"/api/v1/products/{created["id"]}", response.Headers.Location!.ToString());
        var read = await _admin.GetJsonAsync(response.Headers.Location.ToString());
        Assert.Equal(created.ToJsonString(), read.ToJsonString());
        Assert.Equal("Illuminazione", (string?)read["category_name"]);
        Assert.Equal("Casa Nostra", (string?)read["brand_name"]);
        Assert.Equal(1, (int)read["row_version"]!);
        Assert.False((bool)read["active"]!);
        Assert.EndsWith("Z", (string?)read["date_add"]);
    }

    [Fact]
    public async Task Amounts_have_two_digits_and_weights_as_many_as_they_need()
    {
        var created = await _admin.PostJsonAsync(
            "/api/v1/products", new { name = "Lampada", price = 12.5m, weight = 0.125m });

        var text = await _admin.TextAsync($"/api/v1/products/{created["id"]}");

        Assert.Contains("\"price\":12.50", text);
        Assert.Contains("\"wholesale_price\":0.00", text);
        Assert.Contains("\"weight\":0.125", text);
    }

    [Fact]
    public async Task A_price_change_is_seen_by_the_next_read()
    {
        var product = await _admin.ProductAsync(price: 10);
        var path = $"/api/v1/products/{product["id"]}";
        await _admin.GetJsonAsync(path);

        var changed = await _admin.PutJsonAsync(path, Samples.Product((string?)product["name"], price: 11));
        var read = await _admin.GetJsonAsync(path);
        var listed = await _admin.GetJsonAsync($"/api/v1/products?search={product["name"]}");

        Assert.Equal(11m, (decimal)changed["price"]!);
        Assert.Equal(2, (int)changed["row_version"]!);
        Assert.Equal(changed.ToJsonString(), read.ToJsonString());
        Assert.Equal(11m, (decimal)listed["items"]![0]!["price"]!);
    }

    [Fact]
    public async Task A_product_that_was_asked_for_too_early_is_found_once_it_is_there()
    {
        // Well ahead of what other tests create meanwhile.
        var next = 30 + (long)(await _admin.ProductAsync())["id"]!;
        using (var early = await _admin.GetAnyAsync($"/api/v1/products/{next}"))
            await early.ProblemAsync(HttpStatusCode.NotFound, "not_found");

        long id;
        do
            id = (long)(await _admin.ProductAsync())["id"]!;
        while (id < next);

        Assert.Equal(next, (long)(await _admin.GetJsonAsync($"/api/v1/products/{next}"))["id"]!);
    }

    [Fact]
    public async Task A_deleted_product_is_gone_from_reads_and_lists()
    {
        var product = await _admin.ProductAsync();
        var path = $"/api/v1/products/{product["id"]}";
        await _admin.GetJsonAsync(path);
        Assert.Equal(1, (int)(await _admin.GetJsonAsync($"/api/v1/products?search={product["name"]}"))["total"]!);

        using (var deleted = await _admin.CallAsync(HttpMethod.Delete, path))
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        using (var read = await _admin.GetAnyAsync(path))
            await read.ProblemAsync(HttpStatusCode.NotFound);
        using (var again = await _admin.CallAsync(HttpMethod.Delete, path))
            await again.ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, (int)(await _admin.GetJsonAsync($"/api/v1/products?search={product["name"]}"))["total"]!);
        Assert.Single(
            await fixture.QueryAsync<long>(
                "SELECT id FROM products WHERE id = @id AND deleted_at IS NOT NULL",
                new { id = (long)product["id"]! }));
    }

    [Fact]
    public async Task A_product_of_an_order_cannot_be_deleted()
    {
        var order = await _admin.OrderAsync(await _admin.ProductAsync());

        using var response = await _admin.CallAsync(
            HttpMethod.Delete, $"/api/v1/products/{order["lines"]![0]!["product_id"]}");

        var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "product_in_use");
        Assert.Contains($"{order["id"]}", (string?)problem["detail"]);
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("price", -1)]
    [InlineData("price", 1.2345678)]
    [InlineData("price", null)]
    [InlineData("vat_rate", 101)]
    [InlineData("ean13", "12")]
    [InlineData("ean13", "12345678\n")]
    [InlineData("ean13", "1234567890123\n")]
    [InlineData("category_id", 999_999)]
    [InlineData("brand_id", 101)]
    [InlineData("quantity", "many")]
    public async Task A_wrong_field_is_named(string field, object? value)
    {
        var body = new Dictionary<string, object?> { ["name"] = "Lampada", ["price"] = 1, [field] = value };

        using var response = await _admin.CallAsync(HttpMethod.Post, "/api/v1/products", body);

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, field);
    }

    [Fact]
    public async Task Lists_filter_order_and_page()
    {
        var name = Samples.Unique("lista");
        foreach (var price in new[] { 3m, 1m, 2m })
            await _admin.ProductAsync($"{name} {price}", price);

        var first = await _admin.GetJsonAsync(
            $"/api/v1/products?search={name}&order_by=price&order_direction=asc&limit=2");
        var second = await _admin.GetJsonAsync(
            $"/api/v1/products?search={name}&order_by=price&order_direction=asc&limit=2&page=2");
        var none = await _admin.GetJsonAsync($"/api/v1/products?search={name}&active=false");

        Assert.Equal([1m, 2m], first["items"]!.AsArray().Select(item => (decimal)item!["price"]!));
        Assert.Equal([3m], second["items"]!.AsArray().Select(item => (decimal)item!["price"]!));
        Assert.Equal((3, 2, 2), ((int)second["total"]!, (int)second["page"]!, (int)second["limit"]!));
        Assert.Equal("""{"items":[],"total":0,"page":1,"limit":10}""", none.ToJsonString());
    }

    [Fact]
    public async Task A_search_takes_wildcards_literally()
    {
        var name = Samples.Unique("jolly");
        await _admin.ProductAsync($"{name} 100%_x");
        await _admin.ProductAsync($"{name} 1000 yx");

        var found = await _admin.GetJsonAsync($"/api/v1/products?search={Uri.EscapeDataString($"{name} 100%_")}");

        Assert.Equal(1, (int)found["total"]!);
    }
}
