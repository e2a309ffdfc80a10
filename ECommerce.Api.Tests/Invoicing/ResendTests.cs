using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Lifecycle;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>Invoices that were refused or discarded are corrected and sent again with their number and date.</summary>
public sealed class ResendTests(SilentNodes nodes) : IClassFixture<SilentNodes>
{
    private readonly HttpClient _admin = nodes.As("acme.admin");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task File_that_the_provider_refuses_is_corrected_and_sent_under_the_same_name()
    {
        var invoice = await _admin.InvoiceAsync();
        await nodes.Mock.ControlAsync("outcomes", new { kind = "ko", file = (string)invoice["file_name"]! });

        using var refused = await nodes.SendAsync(invoice);
        var problem = await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "provider_refused_file");
        Assert.Contains("Il file non è stato inviato", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Equal(["refused_by_provider"], await nodes.OutcomesAsync(invoice));
        Assert.Equal("generated", (string?)(await ShownAsync(invoice))["state"]);

        await CorrectAsync(invoice, city: "Ivrea");
        using var sent = await nodes.SendAsync(invoice, node: 1);
        var shown = await sent.JsonAsync();

        Assert.Equal(("sent", (string)invoice["file_name"]!), ((string)shown["state"]!, (string)shown["file_name"]!));
        Assert.Equal(["sent"], await nodes.OutcomesAsync(invoice));
        var files = await FilesAsync(invoice);
        Assert.Equal("Ivrea", Text(Assert.Single(files).Xml, "CessionarioCommittente", "Comune"));
        Assert.Empty(await nodes.Mock.CodesAsync(Stem((string)shown["file_name"]!)));
    }

    [Fact]
    public async Task Discarded_invoice_is_sent_again_under_a_new_name_with_its_number_and_date()
    {
        var invoice = await _admin.InvoiceAsync();
        using var first = await nodes.SendAsync(invoice);
        await nodes.NotifyAsync(invoice, NotificationKind.Rejection, codes: "00305");
        Assert.Equal("rejected", (string?)(await ShownAsync(invoice))["state"]);
        var before = Assert.Single(await FilesAsync(invoice));

        await CorrectAsync(invoice, taxCode: "BNCLRA85T50F839Z");
        using var sent = await nodes.SendAsync(invoice);
        var shown = await sent.JsonAsync();

        Assert.Equal((HttpStatusCode.OK, "sent"), (sent.StatusCode, (string?)shown["state"]));
        Assert.NotEqual((string)invoice["file_name"]!, (string)shown["file_name"]!);
        Assert.Equal("BNCLRA85T50F839Z", (string?)shown["buyer_tax_code"]);
        foreach (var member in new[] { "reference", "local_date", "total", "total_tax" })
            Assert.Equal(invoice[member]!.ToJsonString(), shown[member]!.ToJsonString());
        Assert.Equal(["rejected", "sent"], await nodes.OutcomesAsync(invoice));
        var files = await FilesAsync(invoice);
        Assert.Equal(before.Xml, files[0].Xml);
        Assert.Equal("RSSDAA80A41L219A", Text(files[0].Xml, "CessionarioCommittente", "CodiceFiscale"));
        Assert.Equal("BNCLRA85T50F839Z", Text(files[1].Xml, "CessionarioCommittente", "CodiceFiscale"));
        Assert.Equal((string)invoice["reference"]!, Text(files[1].Xml, "DatiGeneraliDocumento", "Numero"));
        Assert.Equal((string)invoice["local_date"]!, Text(files[1].Xml, "DatiGeneraliDocumento", "Data"));
        Assert.Equal(
            Stem(files[1].Name).Split('_')[1], Text(files[1].Xml, "DatiTrasmissione", "ProgressivoInvio"));
        using var xml = await nodes.As("acme.admin", 1).GetAnyAsync($"/api/v1/invoices/{invoice["id"]}/xml");
        Assert.Equal(files[1].Xml, await xml.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Correction_that_the_SDI_would_refuse_is_422_with_its_code_and_makes_no_file()
    {
        var invoice = await _admin.InvoiceAsync();
        using var first = await nodes.SendAsync(invoice);
        await nodes.NotifyAsync(invoice, NotificationKind.Rejection, codes: "00306");
        await CorrectAsync(invoice, taxCode: "RSSDAA80A41L219B");

        using var response = await nodes.SendAsync(invoice);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invoice_not_valid");
        Assert.NotEmpty(problem["faults"]!.AsArray());
        Assert.Equal(["rejected"], await nodes.OutcomesAsync(invoice));
        Assert.Equal("rejected", (string?)(await ShownAsync(invoice))["state"]);
    }

    [Fact]
    public async Task Resend_that_does_not_reach_the_provider_keeps_its_name_for_the_next_one()
    {
        var invoice = await _admin.InvoiceAsync();
        using var first = await nodes.SendAsync(invoice);
        await nodes.NotifyAsync(invoice, NotificationKind.Rejection, codes: "00305");
        await nodes.Mock.FaultAsync("unavailable", "uploadstart1", times: 3);
        using var away = await nodes.SendAsync(invoice);
        var between = await FilesAsync(invoice);
        await CorrectAsync(invoice, city: "Ivrea");

        using var sent = await nodes.SendAsync(invoice);

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (away.StatusCode, sent.StatusCode));
        var files = await FilesAsync(invoice);
        Assert.Equal(between.Select(file => file.Name), files.Select(file => file.Name));
        Assert.Equal(["rejected", "sent"], await nodes.OutcomesAsync(invoice));
        Assert.Equal("Ivrea", Text(files[1].Xml, "CessionarioCommittente", "Comune"));
    }

    [Theory]
    [InlineData(NotificationKind.Delivery, "invoice_issued")]
    [InlineData(NotificationKind.DeliveryFailure, "invoice_issued")]
    [InlineData(NotificationKind.Rejection, "invoice_number_used", "00404")]
    public async Task Invoice_that_the_SDI_has_is_not_sent_again(object kind, string problem, params string[] codes)
    {
        var invoice = await _admin.InvoiceAsync();
        using var first = await nodes.SendAsync(invoice);
        await nodes.NotifyAsync(invoice, (NotificationKind)kind, codes: codes);
        var before = await nodes.SentAsync();

        using var again = await nodes.SendAsync(invoice);

        await again.ProblemAsync(HttpStatusCode.Conflict, problem);
        Assert.Equal(before, await nodes.SentAsync());
    }

    [Fact]
    public async Task Name_that_another_program_has_used_is_replaced_by_a_new_one()
    {
        var invoice = await _admin.InvoiceAsync();
        var file = (string)invoice["file_name"]!;
        await nodes.Mock.SendAsync(file, SampleInvoice.Create(4711));
        using var first = await nodes.SendAsync(invoice);
        await NotifyDuplicateAsync(invoice);

        using var sent = await nodes.SendAsync(invoice);

        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.NotEqual(file, (string)(await sent.JsonAsync())["file_name"]!);
        Assert.Equal(["rejected", "sent"], await nodes.OutcomesAsync(invoice));
    }

    [Fact]
    public async Task File_that_was_handed_over_twice_waits_for_the_receipt_of_the_first_one()
    {
        var invoice = await _admin.InvoiceAsync();
        var file = Assert.Single(await FilesAsync(invoice));
        await nodes.Mock.SendAsync(file.Name, Encoding.UTF8.GetBytes(file.Xml));
        using var first = await nodes.SendAsync(invoice);
        await NotifyDuplicateAsync(invoice);
        var before = await nodes.SentAsync();

        using var again = await nodes.SendAsync(invoice);

        await again.ProblemAsync(HttpStatusCode.Conflict, "invoice_awaits_answer");
        Assert.Equal(before, await nodes.SentAsync());
    }

    [Fact]
    public async Task Repeated_notification_writes_nothing()
    {
        var invoice = await _admin.InvoiceAsync();
        using var first = await nodes.SendAsync(invoice);
        await nodes.NotifyAsync(invoice, NotificationKind.DeliveryFailure);
        var before = await ShownAsync(invoice);

        await nodes.NotifyAsync(invoice, NotificationKind.DeliveryFailure);

        var after = await nodes.QueryAsync<(long Version, DateTime Changed)>(
            "SELECT row_version, date_upd FROM invoices WHERE id = @id", new { id = (long)invoice["id"]! });
        Assert.Equal("undeliverable", (string?)before["state"]);
        Assert.Equal((long)before["row_version"]!, after[0].Version);
        using var hit = await _admin.HitAsync($"/api/v1/invoices/{invoice["id"]}");
        Assert.Equal(before.ToJsonString(), (await hit.JsonAsync()).ToJsonString());
    }

    // With the number that the SDI has given to the last file of that name.
    private async Task NotifyDuplicateAsync(JsonNode invoice)
    {
        var last = (await nodes.Mock.PoolAsync()).Last(entry => entry["NomeFile"] == (string)invoice["file_name"]!);
        await nodes.NotifyAsync(invoice, NotificationKind.Rejection, last["IdentificativoSdI"], "00002");
    }

    private Task<JsonNode> ShownAsync(JsonNode invoice) => _admin.GetJsonAsync($"/api/v1/invoices/{invoice["id"]}");

    // The order keeps the address that it was made with, so the merchant names another one.
    private async Task CorrectAsync(JsonNode invoice, string city = "Torino", string taxCode = "RSSDAA80A41L219A")
    {
        var order = await _admin.GetJsonAsync($"/api/v1/orders/{invoice["order_id"]}");
        var customer = (long)order["customer_id"]!;
        var before = order["address_invoice"]!;
        var address = await _admin.PostJsonAsync("/api/v1/addresses", new
        {
            customer_id = customer,
            country_id = (int)before["country_id"]!,
            firstname = (string)before["firstname"]!,
            lastname = (string)before["lastname"]!,
            dni = taxCode,
            address1 = "Via Roma 1",
            postcode = "10121",
            city,
            state = "TO",
        });
        await _admin.PutJsonAsync($"/api/v1/orders/{invoice["order_id"]}", new
        {
            customer_id = customer,
            address_invoice_id = (long)address["id"]!,
            // The lines of an invoice stay, whatever becomes of those of its order.
            lines = new[] { new { product_name = "Altro", product_quantity = 7, unit_price_tax_excl = 3 } },
        });
    }

    private async Task<(string Name, string Xml)[]> FilesAsync(JsonNode invoice) =>
    [
        .. (await nodes.QueryAsync<(string Name, byte[] Content)>(
            "SELECT name, content FROM invoice_files WHERE invoice_id = @id ORDER BY id",
            new { id = (long)invoice["id"]! })).Select(
                static row => (row.Name, Encoding.UTF8.GetString(row.Content))),
    ];

    private static string Stem(string file) => file.Split('.')[0];

    private static string Text(string xml, string parent, string element) => XDocument.Parse(xml)
        .Descendants(parent).Single().Descendants(element).First().Value;
}
