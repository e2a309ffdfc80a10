using System.Net;

namespace ECommerce.Api.Tests.Orders;

public sealed class OrderStatusTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");
    private readonly HttpClient _writer = fixture.As("acme.ordini");

    [Fact]
    public async Task A_change_of_state_is_seen_by_the_next_read_and_recorded_with_its_note()
    {
        var order = await _writer.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        await _writer.GetJsonAsync(path);
        await _writer.GetJsonAsync($"{path}/history");

        var changed = await _writer.JsonAsync(
            HttpMethod.Patch, $"{path}/status", new { state_id = 4, note = "Partito" });

        Assert.Equal(
            ("Spedito", true, 2), (
                (string)changed["state"]!["name"]!, (bool)changed["is_paid"]!, (int)changed["row_version"]!));
        Assert.Equal(changed.ToJsonString(), (await _writer.GetJsonAsync(path)).ToJsonString());
        var history = (await _writer.GetJsonAsync($"{path}/history"))["items"]!.AsArray()
            .Where(step => (string?)step!["type"] == "state").ToArray();
        Assert.Equal(["Spedito", "In attesa"], history.Select(entry => (string?)entry!["state_name"]));
        Assert.Equal(("Partito", "acme.ordini"), ((string)history[0]!["note"]!, (string)history[0]!["username"]!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999_999_999)]
    [InlineData(101)]
    public async Task A_state_that_the_tenant_does_not_have_is_refused(int state)
    {
        var order = await _writer.OrderAsync();

        using var response = await _writer.CallAsync(
            HttpMethod.Patch, $"/api/v1/orders/{order["id"]}/status", new { state_id = state });

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "state_id");
    }

    [Fact]
    public async Task A_state_waits_to_be_pushed_only_where_there_is_a_shop_to_push_it_to()
    {
        var own = await _writer.OrderAsync();
        var imported = await _writer.OrderAsync();
        await fixture.ExecuteAsync(
            "UPDATE orders SET shop_id = 1, origin_id = id WHERE id = @id", new { id = (long)imported["id"]! });

        var ownChanged = await _writer.JsonAsync(
            HttpMethod.Patch, $"/api/v1/orders/{own["id"]}/status", new { state_id = 3 });
        var state = (await fixture.QueryAsync<int>(
            """
            INSERT INTO order_states (tenant_id, shop_id, origin_id, name) VALUES ('acme', 1, 900001, 'Spedito');
            SELECT LAST_INSERT_ID()
            """))[0];
        var importedChanged = await _writer.JsonAsync(
            HttpMethod.Patch, $"/api/v1/orders/{imported["id"]}/status", new { state_id = state });

        Assert.False((bool)ownChanged["state_pending"]!);
        Assert.True((bool)importedChanged["state_pending"]!);
    }

    [Fact]
    public async Task Stock_is_taken_once_whatever_states_follow()
    {
        var product = await _admin.ProductAsync(quantity: 10);
        var order = await _writer.OrderAsync(product);
        var path = $"/api/v1/orders/{order["id"]}";
        await _writer.PostJsonAsync($"{path}/process");
        await _writer.JsonAsync(HttpMethod.Patch, $"{path}/status", new { state_id = 1 });

        using var again = await _writer.CallAsync(HttpMethod.Post, $"{path}/process");

        await again.ProblemAsync(HttpStatusCode.Conflict, "order_already_processed");
        Assert.Equal(9, (int)(await _writer.GetJsonAsync($"/api/v1/products/{product["id"]}"))["quantity"]!);
    }

    [Fact]
    public async Task Processing_takes_the_stock_and_moves_the_order_to_the_state_of_preparation()
    {
        var product = await _admin.ProductAsync(quantity: 10);
        var order = await _writer.PostJsonAsync(
            "/api/v1/orders", Samples.Order(await _writer.CustomerAsync(), (product, 3), (product, 1)));
        var productPath = $"/api/v1/products/{product["id"]}";
        var productList = $"/api/v1/products?search={product["name"]}";
        var orderList = $"/api/v1/orders?customer_id={order["customer_id"]}";
        foreach (var path in new[] { productPath, productList, orderList })
            await _writer.GetJsonAsync(path);

        var processed = await _writer.PostJsonAsync($"/api/v1/orders/{order["id"]}/process");
        using var again = await _writer.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/process");

        Assert.Equal((3, false), ((int)processed["state"]!["number"]!, (bool)processed["is_paid"]!));
        Assert.NotNull(processed["processed_at"]);
        Assert.Equal(6, (int)(await _writer.GetJsonAsync(productPath))["quantity"]!);
        Assert.Equal(6, (int)(await _writer.GetJsonAsync(productList))["items"]![0]!["quantity"]!);
        Assert.Equal(
            (string?)processed["state"]!["name"], (string?)(
                await _writer.GetJsonAsync(orderList))["items"]![0]!["state_name"]);
        await again.ProblemAsync(HttpStatusCode.Conflict, "order_already_processed");
    }

    [Fact]
    public async Task Processing_at_once_takes_the_stock_once()
    {
        var product = await _admin.ProductAsync(quantity: 100);
        var order = await _writer.PostJsonAsync(
            "/api/v1/orders", Samples.Order(await _writer.CustomerAsync(), (product, 7)));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var response = await _writer.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/process");
            return response.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(9, statuses.Count(status => status == HttpStatusCode.Conflict));
        Assert.Equal(
            [93], await fixture.QueryAsync<int>(
                "SELECT quantity FROM products WHERE id = @id", new { id = (long)product["id"]! }));
    }

    [Fact]
    public async Task Orders_for_the_same_stock_get_no_more_than_there_is()
    {
        var product = await _admin.ProductAsync(quantity: 10);
        var customer = await _writer.CustomerAsync();
        var orders = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            orders.Add(
                (long)(await _writer.PostJsonAsync("/api/v1/orders", Samples.Order(customer, (product, 3))))["id"]!);
        }

        var statuses = await Task.WhenAll(orders.Select(async order =>
        {
            using var response = await _writer.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order}/process");
            return response.StatusCode;
        }));

        Assert.Equal(3, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(
            [1], await fixture.QueryAsync<int>(
                "SELECT quantity FROM products WHERE id = @id", new { id = (long)product["id"]! }));
    }

    [Fact]
    public async Task Without_enough_stock_nothing_is_taken_and_the_product_is_named()
    {
        var enough = await _admin.ProductAsync(quantity: 10);
        var scarce = await _admin.ProductAsync(quantity: 1);
        var order = await _writer.PostJsonAsync(
            "/api/v1/orders", Samples.Order(await _writer.CustomerAsync(), (enough, 2), (scarce, 2)));

        using var response = await _writer.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/process");

        var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "not_enough_stock");
        Assert.Contains((string)scarce["name"]!, (string?)problem["detail"]);
        Assert.Equal(
            [10], await fixture.QueryAsync<int>(
                "SELECT quantity FROM products WHERE id = @id", new { id = (long)enough["id"]! }));
        Assert.Equal(1, (int)(await _writer.GetJsonAsync($"/api/v1/orders/{order["id"]}"))["state"]!["number"]!);
    }

    [Fact]
    public async Task A_processed_order_keeps_its_quantities_and_may_change_otherwise()
    {
        var product = await _admin.ProductAsync(quantity: 10);
        var order = await _writer.PostJsonAsync(
            "/api/v1/orders", Samples.Order(await _writer.CustomerAsync(), (product, 2)));
        var path = $"/api/v1/orders/{order["id"]}";
        await _writer.PostJsonAsync($"{path}/process");

        using (var refused = await _writer.CallAsync(
            HttpMethod.Put, path, Samples.Order(order["customer"]!, (product, 3))))
        {
            await refused.ProblemAsync(HttpStatusCode.Conflict, "order_already_processed");
        }

        await _writer.PutJsonAsync(path, Samples.Order(order["customer"]!, (product, 1), (product, 1)));
    }
}
