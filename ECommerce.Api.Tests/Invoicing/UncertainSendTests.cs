using System.Net;
using System.Text.Json.Nodes;
using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Lifecycle;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>Attempts whose outcome is not known: the file is looked up, and never sent twice.</summary>
public sealed class UncertainSendTests(SilentNodes nodes) : IClassFixture<SilentNodes>
{
    private readonly HttpClient _admin = nodes.As("acme.admin");

    [Fact]
    public async Task Lost_response_of_the_last_call_is_found_in_the_pool()
    {
        var invoice = await _admin.InvoiceAsync();
        var before = await nodes.SentAsync();
        await nodes.Mock.FaultAsync("drop_after", "uploadstop");

        using var response = await nodes.SendAsync(invoice);

        Assert.Equal(
            (HttpStatusCode.OK, "sent"), (response.StatusCode, (string?)(await response.JsonAsync())["state"]));
        Assert.Equal(["sent"], await nodes.OutcomesAsync(invoice));
        Assert.Equal(before + 1, await nodes.SentAsync());
    }

    [Fact]
    public async Task File_that_arrives_late_is_202_then_found_and_sent_once()
    {
        var invoice = await _admin.InvoiceAsync();
        var before = await nodes.SentAsync();
        await nodes.Mock.FaultAsync("late", "uploadstop", delayMs: 8000);

        using var uncertain = await nodes.SendAsync(invoice);
        using var again = await nodes.SendAsync(invoice, node: 1);

        Assert.Equal(
            (HttpStatusCode.Accepted, "sent"), (uncertain.StatusCode, (string?)(await uncertain.JsonAsync())["state"]));
        Assert.Equal($"/api/v1/invoices/{invoice["id"]}", uncertain.Headers.Location?.ToString());
        await again.ProblemAsync(HttpStatusCode.Conflict, "sending_in_progress");
        Assert.InRange(again.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        await BecomesAsync(invoice, "sent");
        Assert.Equal(before + 1, await nodes.SentAsync());
        Assert.NotNull(Assert.Single(await nodes.QueryAsync<string?>(
            "SELECT sdi_id FROM invoice_files WHERE invoice_id = @id", new { id = (long)invoice["id"]! })));
    }

    [Fact]
    public async Task Crash_after_the_file_was_handed_over_sends_nothing_again()
    {
        var invoice = await _admin.InvoiceAsync();
        var before = await nodes.SentAsync();
        using var sent = await nodes.SendAsync(invoice);
        await nodes.LeaveUncertainAsync(invoice);

        using var again = await nodes.SendAsync(invoice, node: 1);

        // The look-up of the request, or the worker before it.
        Assert.Contains(again.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Conflict });
        await BecomesAsync(invoice, "sent");
        Assert.Equal(before + 1, await nodes.SentAsync());
    }

    [Fact]
    public async Task Crash_before_the_file_was_handed_over_allows_to_send_it()
    {
        var invoice = await _admin.InvoiceAsync();
        var before = await nodes.SentAsync();
        await nodes.LeaveUncertainAsync(invoice);

        await BecomesAsync(invoice, "generated");
        var shown = await _admin.GetJsonAsync($"/api/v1/invoices/{invoice["id"]}");
        using var sent = await nodes.SendAsync(invoice);

        Assert.Equal("generated", (string?)shown["state"]);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.Equal((string)invoice["file_name"]!, (string?)(await sent.JsonAsync())["file_name"]);
        Assert.Equal(before + 1, await nodes.SentAsync());
    }

    [Fact]
    public async Task Parallel_requests_after_a_crash_send_once()
    {
        var invoice = await _admin.InvoiceAsync();
        var before = await nodes.SentAsync();
        await nodes.LeaveUncertainAsync(invoice);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 6).Select(async index =>
        {
            using var response = await nodes.SendAsync(invoice, index % 2);
            return response.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(before + 1, await nodes.SentAsync());
        await BecomesAsync(invoice, "sent");
    }

    [Fact]
    public async Task File_is_not_looked_up_in_the_pool_of_another_tenant()
    {
        var invoice = await nodes.As("globex.admin").InvoiceAsync();
        var file = (string)invoice["file_name"]!;
        await nodes.Mock.SendAsync(file, SampleInvoice.Create(1), FatturaPaMock.Key);
        await nodes.LeaveUncertainAsync(invoice);

        await BecomesAsync(invoice, "generated");
    }

    [Fact]
    public async Task Answer_that_comes_while_the_file_is_sent_is_not_overwritten()
    {
        var invoice = await _admin.InvoiceAsync();
        await nodes.Mock.FaultAsync("slow", "uploadstop", delayMs: 3000);

        var sending = nodes.SendAsync(invoice);
        await BecomesAsync(invoice, "uncertain");
        await nodes.NotifyAsync(invoice, NotificationKind.Delivery);
        using var response = await sending;

        Assert.Equal(
            (HttpStatusCode.OK, "delivered"),
            (response.StatusCode, (string?)(await response.JsonAsync())["state"]));
        Assert.Equal(["delivered"], await nodes.OutcomesAsync(invoice));
    }

    private Task BecomesAsync(JsonNode invoice, string outcome) => Eventually.TrueAsync(
        async () => (await nodes.OutcomesAsync(invoice))[^1] == outcome, $"the file is {outcome}",
        TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(50));
}
