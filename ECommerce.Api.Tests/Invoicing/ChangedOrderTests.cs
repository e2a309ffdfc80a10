using System.Text.Json.Nodes;
using ECommerce.Api.Tests.PrestaShop.Sync;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>
/// An order may change after its invoice was made: the order is changed and warns of it, the invoice stays as it is.
/// </summary>
public sealed class ChangedOrderTests(ApiFixture fixture)
{
    private const string Code = "changed_after_invoice";

    private readonly HttpClient _admin = fixture.As("acme.admin");

    [Fact]
    public async Task Invoiced_order_has_no_warning_and_changes_of_notes_bring_none()
    {
        var (order, _) = await InvoicedAsync();
        Assert.Empty(order["warnings"]!.AsArray());

        var patched = await _admin.JsonAsync(
            HttpMethod.Patch, $"/api/v1/orders/{order["id"]}", new { notes = "Consegnare di sera" });

        Assert.Empty(patched["warnings"]!.AsArray());
    }

    [Fact]
    public async Task PUT_of_other_lines_is_warned_of_until_they_are_as_before()
    {
        var (order, invoice) = await InvoicedAsync();
        var file = await FileAsync(invoice);

        var changed = await PutAsync(order, 12, quantity: 3);

        Assert.Equal(
            [$"The amounts and lines changed after invoice {invoice["reference"]} was made, which stays as it is."],
            Warnings(changed));
        Assert.Equal(Warnings(changed), Warnings(await _admin.GetJsonAsync($"/api/v1/orders/{order["id"]}")));
        Assert.Equal(file, await FileAsync(invoice));
        // The lines are other rows of the same content.
        Assert.Empty(Warnings(await PutAsync(order, 10, quantity: 1)));
    }

    [Fact]
    public async Task PUT_of_the_shipping_is_a_change_of_the_amounts_only()
    {
        var (order, _) = await InvoicedAsync();

        var changed = await PutAsync(order, 10, quantity: 1, shipping: 5);

        Assert.StartsWith("The amounts changed", Assert.Single(Warnings(changed)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_address_is_a_change_of_the_parties()
    {
        var (order, invoice) = await InvoicedAsync();
        var address = await _admin.GetJsonAsync($"/api/v1/addresses/{order["address_invoice_id"]}");
        address["dni"] = "BNCLRA85T50F839Z";
        var other = await _admin.PostJsonAsync("/api/v1/addresses", address);
        order["address_invoice_id"] = (long)other["id"]!;

        var changed = await PutAsync(order, 10, quantity: 1);

        Assert.StartsWith("The parties changed", Assert.Single(Warnings(changed)), StringComparison.Ordinal);
        Assert.Equal(
            "RSSDAA80A41L219A",
            (string?)(await _admin.GetJsonAsync($"/api/v1/invoices/{invoice["id"]}"))["buyer_tax_code"]);
    }

    [Fact]
    public async Task Order_without_an_invoice_is_not_warned_of()
    {
        var order = await _admin.InvoiceableOrderAsync();

        Assert.Empty(Warnings(await PutAsync(order, 99, quantity: 2)));
    }

    [Fact]
    public async Task Sync_warns_of_the_orders_that_it_changes()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        var order = (await shop.RowAsync("orders", 2))!;
        var other = (await shop.RowAsync("orders", 3))!;
        foreach (var one in new[] { order, other })
            await InvoiceAsync(one);
        var same = await shop.SucceedAsync();
        await shop.ChangeAsync("orders", 2, ("total_paid_tax_incl", "1234.56"), ("total_paid", "1234.56"));
        await shop.ChangeAsync("orders", 3, ("payment", "Satispay"));

        var run = await shop.SucceedAsync();

        Assert.Empty(Found(same, 2));
        Assert.StartsWith($"{Code}: The amounts changed", Assert.Single(Found(run, 2)), StringComparison.Ordinal);
        Assert.Empty(Found(run, 3));
        var changed = (await shop.RowAsync("orders", 2))!;
        Assert.Equal(1234.56m, (decimal)changed["total_paid"]!);
        Assert.Single(Warnings(changed));
        Assert.Empty(Found(await shop.SucceedAsync(), 2));
    }

    [Fact]
    public async Task Sync_warns_of_the_orders_whose_address_it_changes()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        var order = (await shop.RowAsync("orders", 2))!;
        await InvoiceAsync(order);
        var address = (await fixture.QueryAsync<int>(
            "SELECT origin_id FROM addresses WHERE id = @id",
            new { id = (long)order["address_invoice_id"]! })).Single();
        await shop.ChangeAsync("addresses", address, ("address1", "Via Nuova 1"));

        var run = await shop.SucceedAsync();

        Assert.StartsWith($"{Code}: The parties changed", Assert.Single(Found(run, 2)), StringComparison.Ordinal);
        Assert.Single(Warnings((await shop.RowAsync("orders", 2))!));
    }

    private async Task<(JsonNode Order, JsonNode Invoice)> InvoicedAsync()
    {
        var order = await _admin.InvoiceableOrderAsync();
        var invoice = await _admin.PostJsonAsync($"/api/v1/orders/{order["id"]}/invoice");
        return (await _admin.GetJsonAsync($"/api/v1/orders/{order["id"]}"), invoice);
    }

    // The buyers of the demo shop have no tax code, which an invoice needs.
    private async Task InvoiceAsync(JsonNode order)
    {
        await _admin.SellerAsync();
        await fixture.ExecuteAsync(
            "UPDATE addresses SET dni = 'BNCLRA85T50F839Z', vat_number = NULL WHERE id = @id",
            new { id = (long)order["address_invoice_id"]! });
        await _admin.PostJsonAsync($"/api/v1/orders/{order["id"]}/invoice");
    }

    private Task<JsonNode> PutAsync(JsonNode order, decimal price, int quantity, decimal shipping = 0) =>
        _admin.PutJsonAsync($"/api/v1/orders/{order["id"]}", new
        {
            customer_id = (long)order["customer_id"]!,
            address_invoice_id = (long?)order["address_invoice_id"],
            total_shipping = shipping,
            lines = new[]
            {
                new
                {
                    product_name = "Servizio",
                    product_quantity = quantity,
                    unit_price_tax_excl = price,
                    vat_rate = 22,
                },
            },
        });

    private async Task<string> FileAsync(JsonNode invoice)
    {
        using var response = await _admin.GetAnyAsync($"/api/v1/invoices/{invoice["id"]}/xml");
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static string[] Warnings(JsonNode order) =>
    [
        .. order["warnings"]!.AsArray().Where(warning => (string?)warning!["code"] == Code)
            .Select(warning => (string)warning!["detail"]!),
    ];

    private static string[] Found(JsonNode run, int order) =>
    [
        .. run.MessagesOn("warnings", "orders", order)
            .Where(message => message.StartsWith(Code, StringComparison.Ordinal)),
    ];
}
