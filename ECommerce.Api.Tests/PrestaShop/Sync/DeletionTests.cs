using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>What a shop no longer has, a full run finds.</summary>
public sealed class DeletionTests(ApiFixture fixture)
{
    [Fact]
    public async Task Rows_that_the_shop_no_longer_has_are_deleted_and_restored_when_they_return()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        await shop.RemoveAsync("products", 3);
        await shop.RemoveAsync("orders", 2);

        Assert.Equal(0, (int)(await shop.SucceedAsync("incremental"))["deleted"]!);
        Assert.NotNull(await shop.RowAsync("products", 3));
        var run = await shop.SucceedAsync();

        Assert.Equal(2, (int)run["deleted"]!);
        Assert.Null(await shop.RowAsync("products", 3));
        Assert.Null(await shop.RowAsync("orders", 2));
        Assert.Equal(0, (int)(await shop.SucceedAsync())["deleted"]!);

        await shop.RestoreAsync("products", 3);
        await shop.RestoreAsync("orders", 2);
        await shop.SucceedAsync();
        Assert.NotNull(await shop.RowAsync("products", 3));
        Assert.NotNull(await shop.RowAsync("orders", 2));
    }

    [Fact]
    public async Task Customer_with_orders_is_marked_and_kept()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        var orders = (await shop.Client.GetJsonAsync($"/api/v1/orders?shop_id={shop.Id}&limit=1"))["items"]!;
        var customer = await shop.Client.GetJsonAsync($"/api/v1/customers/{orders[0]!["customer_id"]}");
        var origin = (int)customer["origin_id"]!;
        await shop.RemoveAsync("customers", origin);

        await shop.SucceedAsync();

        Assert.True((bool)(await shop.RowAsync("customers", origin))!["gone_in_shop"]!);
        await shop.RestoreAsync("customers", origin);
        await shop.SucceedAsync();
        Assert.False((bool)(await shop.RowAsync("customers", origin))!["gone_in_shop"]!);
    }

    [Fact]
    public async Task Order_with_an_invoice_is_marked_and_kept()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        var order = (await shop.RowAsync("orders", 2))!;
        var invoice = await shop.Client.InvoiceAsync();
        await fixture.ExecuteAsync(
            "UPDATE invoices SET order_id = @order, invoiced_order_id = @order WHERE id = @invoice",
            new { order = (long)order["id"]!, invoice = (long)invoice["id"]! });
        await shop.RemoveAsync("orders", 2);
        await shop.RemoveAsync("orders", 3);

        await shop.SucceedAsync();

        Assert.True((bool)(await shop.RowAsync("orders", 2))!["gone_in_shop"]!);
        Assert.Null(await shop.RowAsync("orders", 3));
        await shop.RestoreAsync("orders", 2);
        await shop.SucceedAsync();
        Assert.False((bool)(await shop.RowAsync("orders", 2))!["gone_in_shop"]!);
    }

    [Fact]
    public async Task Customer_with_a_quote_is_marked_and_kept()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        JsonNode? free = null;
        foreach (var customer in (await shop.Client.GetJsonAsync(
            $"/api/v1/customers?shop_id={shop.Id}&limit=50"))["items"]!.AsArray())
        {
            var orders = await shop.Client.GetJsonAsync($"/api/v1/orders?customer_id={customer!["id"]}");
            free ??= (int)orders["total"]! == 0 ? customer : null;
        }
        Assert.NotNull(free);
        await shop.Client.QuoteAsync(free);
        await shop.RemoveAsync("customers", (int)free["origin_id"]!);

        await shop.SucceedAsync();

        Assert.True((bool)(await shop.RowAsync("customers", (int)free["origin_id"]!))!["gone_in_shop"]!);
    }

    [Fact]
    public async Task Too_many_missing_rows_are_refused_until_they_are_confirmed()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        for (var id = 1; id <= 6; id++)
            await shop.RemoveAsync("products", id);

        var refused = await shop.SyncAsync();

        Assert.Equal("partial", (string?)refused["status"]);
        var message = Assert.Single(refused.MessagesOn("errors", "products", 0));
        Assert.Contains("6 of 12", message);
        Assert.Contains("1, 2, 3, 4, 5, 6", message);
        Assert.Equal(12, await shop.CountAsync("products"));

        var confirmed = await shop.SucceedAsync(confirmDeletions: true);
        Assert.Equal(6, (int)confirmed["deleted"]!);
        Assert.Equal(6, await shop.CountAsync("products"));
    }

    [Fact]
    public async Task Rejected_and_draft_rows_count_as_seen()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        await shop.ChangeAsync("products", 3, ("price", "molto"));
        await shop.ChangeAsync("products", 4, ("state", "0"));
        await shop.FailAsync("""{"kind":"empty_row","times":0,"resource":"products","row":5}""");

        var run = await shop.SyncAsync();

        Assert.Equal((2, 0), ((int)run["failed"]!, (int)run["deleted"]!));
        Assert.Equal(12, await shop.CountAsync("products"));
    }

    [Fact]
    public async Task Row_that_was_deleted_here_stays_deleted_while_the_shop_has_it()
    {
        await using var shop = await SyncedShop.StartAsync(fixture, ("products", "40"));
        await shop.SucceedAsync();
        var products = (await shop.Client.GetJsonAsync($"/api/v1/products?shop_id={shop.Id}&limit=500"))["items"]!;
        var deleted = new List<int>();
        foreach (var product in products.AsArray())
        {
            // One that an order names cannot be deleted.
            using var response = await shop.Client.CallAsync(HttpMethod.Delete, $"/api/v1/products/{product!["id"]}");
            if (response.IsSuccessStatusCode)
                deleted.Add((int)product["origin_id"]!);
        }
        Assert.NotEmpty(deleted);
        await shop.ChangeAsync("products", deleted[0], ("reference", "NUOVO"));

        await shop.SucceedAsync();

        Assert.Null(await shop.RowAsync("products", deleted[0]));
        Assert.Equal(40 - deleted.Count, await shop.CountAsync("products"));
    }
}
