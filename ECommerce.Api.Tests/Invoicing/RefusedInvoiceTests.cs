using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>Orders that no invoice can be made of: 422 with code of the SDI, field, and what is wrong.</summary>
public sealed class RefusedInvoiceTests(ApiFixture fixture)
{
    private const string Buyer = "CessionarioCommittente/";

    private readonly HttpClient _admin = fixture.As("acme.admin");

    [Fact]
    public async Task Missing_address_is_named()
    {
        await _admin.SellerAsync();
        var order = await _admin.OrderAsync();

        Assert.Equal(
            ["00200 address_invoice_id: The order has no address for its invoice."], await FaultsAsync(order));
    }

    [Theory]
    [InlineData("", null, "00417 CessionarioCommittente/DatiAnagrafici: The buyer has neither a VAT number nor a tax "
        + "code.")]
    [InlineData("BNCLRA85T50F839A", null, "00306 CessionarioCommittente/CodiceFiscale: The tax code is not valid.")]
    [InlineData("", "IT12345678904", "00305 CessionarioCommittente/IdFiscaleIVA: The VAT number is not valid.")]
    public async Task Missing_or_wrong_number_of_the_buyer_is_named(string taxCode, string? vat, string fault)
    {
        var order = await _admin.InvoiceableOrderAsync();
        await fixture.ExecuteAsync(
            "UPDATE addresses SET dni = @taxCode, vat_number = @vat WHERE id = @id",
            new { taxCode, vat, id = (long)order["address_invoice_id"]! });

        Assert.Equal([fault], await FaultsAsync(order));
    }

    [Fact]
    public async Task Name_that_cannot_be_written_is_named()
    {
        var order = await _admin.InvoiceableOrderAsync();
        await fixture.ExecuteAsync(
            "UPDATE addresses SET city = '北京' WHERE id = @id", new { id = (long)order["address_invoice_id"]! });

        Assert.StartsWith(
            $"00200 {Buyer}Comune: ", Assert.Single(await FaultsAsync(order)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_of_a_public_office_is_named()
    {
        var order = await _admin.InvoiceableOrderAsync();
        await fixture.ExecuteAsync(
            "UPDATE addresses SET sdi = 'UFABCD' WHERE id = @id", new { id = (long)order["address_invoice_id"]! });

        Assert.Equal(
            ["00427 DatiTrasmissione/CodiceDestinatario: Codes of six characters are for FPA12 only."],
            await FaultsAsync(order));
    }

    [Fact]
    public async Task Line_at_rate_0_without_a_Natura_is_named()
    {
        var order = await _admin.InvoiceableOrderAsync(vatRate: 0);

        Assert.Equal(
            [
                "00400 DettaglioLinee[1]/Natura: Rate 0 needs a nature.",
                "00429 DatiRiepilogo[0.00]/Natura: Rate 0 needs a nature.",
            ],
            await FaultsAsync(order));
    }

    [Fact]
    public async Task Rate_that_Italy_does_not_have_is_named()
    {
        var order = await _admin.InvoiceableOrderAsync(vatRate: 19);

        Assert.Equal(
            ["vat_rate DettaglioLinee/AliquotaIVA: A rate is an average, or not Italian."], await FaultsAsync(order));
    }

    [Fact]
    public async Task Amounts_that_do_not_add_up_are_named()
    {
        var order = await _admin.InvoiceableOrderAsync();
        await fixture.ExecuteAsync(
            "UPDATE orders SET total_paid = total_paid - 1 WHERE id = @id", new { id = (long)order["id"]! });

        Assert.StartsWith("order_total ", Assert.Single(await FaultsAsync(order)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credit_note_over_what_is_left_is_409_with_what_is_left()
    {
        var invoice = await _admin.InvoiceAsync(quantity: 3, shipping: 6.10m);
        var line = (await fixture.QueryAsync<long>(
            "SELECT order_line_id FROM invoice_items WHERE invoice_id = @id",
            new { id = (long)invoice["id"]! })).Single();
        await _admin.PostJsonAsync(Credit(invoice), Part(line, 2, 4m));

        Assert.Equal($"Of line {line} 1 pieces are left.", await BeyondAsync(invoice, Part(line, 2, 0)));
        Assert.Equal("Of the shipping 2.10 are left.", await BeyondAsync(invoice, Part(line, 1, 2.11m)));
        Assert.Equal("Of the wrapping 0.00 are left.", await BeyondAsync(invoice, new { wrapping = 0.01m }));
        var rest = await _admin.PostJsonAsync(Credit(invoice), Part(line, 1, 2.10m));
        Assert.Equal(14.30m, (decimal)rest["total"]!);
        Assert.Equal("Nothing is left of the invoice.", await BeyondAsync(invoice, new { }));
    }

    // Code, field and message, and each of them under its field among the errors, too.
    private async Task<string[]> FaultsAsync(JsonNode order)
    {
        using var response = await _admin.CallAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/invoice");
        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invoice_not_valid");
        var faults = problem["faults"]!.AsArray();
        Assert.All(faults, fault => Assert.Contains(
            $"{fault!["code"]}: {fault["message"]}",
            problem["errors"]![(string)fault["field"]!]!.AsArray().Select(error => (string)error!)));
        return [.. faults.Select(fault => $"{fault!["code"]} {fault["field"]}: {fault["message"]}")];
    }

    private async Task<string?> BeyondAsync(JsonNode invoice, object draft)
    {
        using var response = await _admin.CallAsync(HttpMethod.Post, Credit(invoice), draft);
        return (string?)(await response.ProblemAsync(HttpStatusCode.Conflict, "beyond_invoice"))["detail"];
    }

    private static object Part(long line, int quantity, decimal shipping) =>
        new { lines = new[] { new { order_line_id = line, quantity } }, shipping };

    private static string Credit(JsonNode invoice) => $"/api/v1/invoices/{invoice["id"]}/credit-note";
}
