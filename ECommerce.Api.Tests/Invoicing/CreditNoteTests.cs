using System.Net;
using System.Xml.Linq;

namespace ECommerce.Api.Tests.Invoicing;

public sealed class CreditNoteTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");
    private readonly HttpClient _billing = fixture.As("acme.fatturazione");

    [Fact]
    public async Task Empty_draft_takes_the_whole_invoice_back()
    {
        var invoice = await _admin.InvoiceAsync(price: 10, quantity: 3, shipping: 6.10m);

        var note = await _billing.PostJsonAsync(Path(invoice), new { reason = "Reso" });
        using var xml = await _billing.GetAnyAsync($"/api/v1/invoices/{note["id"]}/xml");
        var document = XDocument.Parse(await xml.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(("TD04", 42.70m), ((string)note["document_type"]!, (decimal)note["total"]!));
        Assert.Equal((long)invoice["id"]!, (long)note["invoice_id"]!);
        Assert.Equal(
            (string)invoice["reference"]!,
            document.Descendants("DatiFattureCollegate").Single().Element("IdDocumento")!.Value);
        Assert.Equal("Reso", document.Descendants("Causale").Single().Value);
        var shown = await _billing.GetJsonAsync($"/api/v1/invoices/{invoice["id"]}");
        Assert.Equal((long)note["id"]!, (long)Assert.Single(shown["credit_notes"]!.AsArray())!["id"]!);
    }

    [Fact]
    public async Task Parts_come_to_the_whole_and_more_is_409()
    {
        var invoice = await _admin.InvoiceAsync(price: 3.3333m, quantity: 3, shipping: 6.10m);
        var line = (await fixture.QueryAsync<long>(
            $"SELECT order_line_id FROM invoice_items WHERE invoice_id = {invoice["id"]}")).Single();

        var first = await _billing.PostJsonAsync(
            Path(invoice), new { lines = new[] { new { order_line_id = line, quantity = 1 } }, shipping = 2 });
        using var tooMany = await _billing.CallAsync(
            HttpMethod.Post, Path(invoice), new { lines = new[] { new { order_line_id = line, quantity = 3 } } });
        using var tooMuch = await _billing.CallAsync(HttpMethod.Post, Path(invoice), new { shipping = 4.11m });
        var rest = await _billing.PostJsonAsync(Path(invoice), new { });
        using var nothing = await _billing.CallAsync(HttpMethod.Post, Path(invoice), new { });

        await tooMany.ProblemAsync(HttpStatusCode.Conflict, "beyond_invoice");
        await tooMuch.ProblemAsync(HttpStatusCode.Conflict, "beyond_invoice");
        await nothing.ProblemAsync(HttpStatusCode.Conflict, "beyond_invoice");
        Assert.Equal((decimal)invoice["total"]!, (decimal)first["total"]! + (decimal)rest["total"]!);
    }

    [Fact]
    public async Task Parallel_credit_notes_take_back_no_more_than_was_invoiced()
    {
        var invoice = await _admin.InvoiceAsync(quantity: 3);
        var line = (await fixture.QueryAsync<long>(
            $"SELECT order_line_id FROM invoice_items WHERE invoice_id = {invoice["id"]}")).Single();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var response = await Quotes.Repeatedly.CallAsync(
                _billing, HttpMethod.Post, Path(invoice),
                new { lines = new[] { new { order_line_id = line, quantity = 1 } } });
            return response.StatusCode;
        }));

        Assert.Equal(3, statuses.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(3, statuses.Count(status => status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Credit_note_follows_the_invoice_and_not_the_order_that_was_changed_since()
    {
        var invoice = await _admin.InvoiceAsync(price: 10);
        await _admin.PutJsonAsync($"/api/v1/orders/{invoice["order_id"]}", new
        {
            customer_id = (long)invoice["customer_id"]!,
            lines = new[] { new { product_name = "Altro", product_quantity = 1, unit_price_tax_excl = 99 } },
        });

        var note = await _billing.PostJsonAsync(Path(invoice), new { });

        Assert.Equal(12.20m, (decimal)note["total"]!);
        Assert.Equal("Servizio", (string?)note["lines"]![0]!["description"]);
    }

    [Fact]
    public async Task Bad_drafts_are_refused_by_field()
    {
        var invoice = await _admin.InvoiceAsync();

        using var unknown = await _billing.CallAsync(
            HttpMethod.Post, Path(invoice), new { lines = new[] { new { order_line_id = 1, quantity = 1 } } });
        using var negative = await _billing.CallAsync(HttpMethod.Post, Path(invoice), new { shipping = -1 });
        using var twice = await _billing.CallAsync(HttpMethod.Post, Path(invoice), new
        {
            lines = new[] { new { order_line_id = 7, quantity = 1 }, new { order_line_id = 7, quantity = 1 } },
        });
        var note = await _billing.PostJsonAsync(Path(invoice), new { });
        using var ofNote = await _billing.CallAsync(HttpMethod.Post, Path(note), new { });

        await unknown.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "lines[0].order_line_id");
        await negative.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "shipping");
        await twice.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "lines");
        await ofNote.ProblemAsync(HttpStatusCode.Conflict, "not_an_invoice");
    }

    private static string Path(System.Text.Json.Nodes.JsonNode invoice) =>
        $"/api/v1/invoices/{invoice["id"]}/credit-note";
}
