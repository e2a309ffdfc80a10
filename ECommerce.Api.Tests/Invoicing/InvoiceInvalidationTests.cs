using ECommerce.Api.Tests.CacheCoherence;
using ECommerce.Features.Data.Entities.Invoices;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>
/// What writes of invoices make the caches forget: every response is read on two replicas until it comes from a cache,
/// then one replica writes, and both must show what a process without caches shows.
/// </summary>
public sealed class InvoiceInvalidationTests(TwoReplicas replicas) : IClassFixture<TwoReplicas>
{
    private readonly HttpClient _first = replicas.First;
    private readonly HttpClient _second = replicas.Second;

    [Fact]
    public async Task Created_invoice_ends_a_cached_404_and_the_lists()
    {
        var known = await _first.InvoiceAsync();
        var order = await _first.InvoiceableOrderAsync();
        var next = $"/api/v1/invoices/{(long)known["id"]! + 1}";
        foreach (var client in new[] { _first, _second })
            using (await client.GetAnyAsync(next)) { }

        await replicas.ShowAsync(
            () => _first.PostJsonAsync($"/api/v1/orders/{order["id"]}/invoice"), "/api/v1/invoices",
            $"/api/v1/invoices?customer_id={order["customer_id"]}");
        foreach (var client in new[] { _first, _second })
            Assert.Equal((long)known["id"]! + 1, (long)(await client.GetJsonAsync(next))["id"]!);
    }

    [Fact]
    public async Task Created_invoice_drops_the_entry_of_its_order_on_both_replicas()
    {
        var order = await _first.InvoiceableOrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        foreach (var client in new[] { _first, _second })
            using (await client.HitAsync(path)) { }

        await _first.PostJsonAsync($"{path}/invoice");

        foreach (var client in new[] { _first, _second })
        {
            using var read = await client.GetAnyAsync(path);
            Assert.DoesNotContain("hit", read.CacheStatus(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Credit_note_is_shown_by_its_invoice_and_the_lists()
    {
        var invoice = await _first.InvoiceAsync();

        await replicas.ShowAsync(
            () => _first.PostJsonAsync($"/api/v1/invoices/{invoice["id"]}/credit-note", new { }),
            $"/api/v1/invoices/{invoice["id"]}", "/api/v1/invoices",
            $"/api/v1/invoices?order_id={invoice["order_id"]}");
    }

    [Fact]
    public async Task Stored_notification_is_shown_by_its_invoice_and_moves_the_version()
    {
        var invoice = await _first.InvoiceAsync();
        var path = $"/api/v1/invoices/{invoice["id"]}";

        await replicas.ShowAsync(() => NotifyAsync((long)invoice["id"]!), path, $"{path}/notifications");

        var shown = await _second.GetJsonAsync(path);
        Assert.Equal((long)invoice["row_version"]! + 1, (long)shown["row_version"]!);
        Assert.Equal("00404", (string?)shown["notifications"]![0]!["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task File_and_page_are_served_from_caches_with_a_tag_and_304()
    {
        var invoice = await _first.InvoiceAsync();

        foreach (var part in new[] { "", "/xml", "/html", "/notifications" })
        {
            var path = $"/api/v1/invoices/{invoice["id"]}{part}";
            using var hit = await _second.HitAsync(path);
            using var same = await _second.CallAsync(
                HttpMethod.Get, path, null, ("If-None-Match", hit.Headers.ETag!.Tag));
            Assert.Equal(System.Net.HttpStatusCode.NotModified, same.StatusCode);
            if (part == "/html")
                Assert.True(hit.Headers.Contains("Content-Security-Policy"));
        }
    }

    private async Task<object> NotifyAsync(long invoice)
    {
        await using var tx = await replicas.Services.GetRequiredService<WriteTransactions>()
            .BeginAsync(new Tenant("acme"), TestContext.Current.CancellationToken);
        tx.Db.Add(new InvoiceNotification
        {
            InvoiceId = invoice,
            Kind = "NS",
            SdiId = "123",
            FileName = "IT01234567897_00001.xml",
            Errors = """[{"code":"00404","description":"Fattura duplicata"}]""",
            ReceivedAt = DateTime.UtcNow,
        });
        await tx.CommitAsync(TestContext.Current.CancellationToken);
        return invoice;
    }
}
