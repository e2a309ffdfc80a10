namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>
/// What the two last rows of the table of invalidations drop: every path is a hit on both replicas before a poll, and
/// shows afterwards what a process without caches shows.
/// </summary>
public sealed class PoolInvalidationTests(PoolNodes nodes) : IClassFixture<PoolNodes>
{
    private const string Pool = "/api/v1/fatturapa/pool";

    private readonly HttpClient _first = nodes.As("acme.admin");
    private readonly HttpClient _second = nodes.As("acme.admin", 1);
    private readonly HttpClient _uncached = nodes.As("acme.admin", 2);

    [Fact]
    public async Task Received_notification_drops_the_invoice_its_notifications_the_lists_and_its_order()
    {
        var invoice = await nodes.InvoiceAsync();
        await nodes.Mock.ControlAsync("outcomes", new { kind = "rc", file = invoice.FileName });
        await nodes.SendAsync(invoice);
        var order = $"/api/v1/orders/{(await _first.GetJsonAsync(invoice.Path))["order_id"]}";
        foreach (var client in new[] { _first, _second })
            using (await client.HitAsync(order)) { }

        await ShowAsync(
            () => nodes.PollAsync(), invoice.Path, $"{invoice.Path}/notifications", "/api/v1/invoices",
            "/api/v1/invoices?state=delivered", "/api/v1/invoices?state=sent");

        using var read = await _first.GetAnyAsync(order);
        Assert.DoesNotContain("hit", read.CacheStatus(), StringComparison.Ordinal);
        // The first one has filled Redis again; the memory of the second one has nothing.
        using var other = await _second.GetAnyAsync(order);
        Assert.EndsWith("detail=redis", other.CacheStatus(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stored_event_drops_the_pages_of_the_pool_and_what_is_known_of_its_invoice()
    {
        var sdiId = nodes.NewSdiId();
        await nodes.PlaceAsync("IT12345678903_INV01.xml", SdiFiles.Purchase("FV/1"), sdiId);
        await nodes.PollAsync();
        // Before the next event is listed: the pages of both replicas are without it.
        foreach (var client in new[] { _first, _second })
            using (await client.HitAsync(Pool)) { }

        await ShowAsync(
            async () =>
            {
                await nodes.PlaceAsync(
                    "IT12345678903_INV01_MT_001.xml", "<FileMetadati/>"u8.ToArray(), sdiId, kind: "Notifica");
                return await nodes.PollAsync(node: 1);
            }, Pool, $"/api/v1/fatturapa/invoices/{sdiId}");
    }

    [Fact]
    public async Task Invoice_that_changes_drops_what_is_known_of_it_by_its_id()
    {
        var invoice = await nodes.InvoiceAsync();
        await nodes.Mock.ControlAsync("outcomes", new { kind = "silent", file = invoice.FileName });
        await nodes.SendAsync(invoice);
        await nodes.PollAsync();
        var sdiId = (await nodes.QueryAsync<string>(
            "SELECT sdi_id FROM invoice_files WHERE invoice_id = @Id", new { invoice.Id })).Single();

        await ShowAsync(
            async () =>
            {
                await nodes.PlaceNotificationAsync(
                    $"{invoice.Stem}_RC_001.xml",
                    SdiFiles.Notification("RicevutaConsegna", invoice.FileName, sdiId), sdiId);
                return await nodes.PollAsync();
            }, $"/api/v1/fatturapa/invoices/{sdiId}");

        Assert.Equal(
            "delivered", (string?)(await _second.GetJsonAsync($"/api/v1/fatturapa/invoices/{sdiId}"))["state"]);
    }

    private async Task ShowAsync<T>(Func<Task<T>> write, params string[] paths)
    {
        var before = new Dictionary<string, string>();
        foreach (var path in paths)
        {
            using (await _first.HitAsync(path)) { }
            using (await _second.HitAsync(path)) { }
            before[path] = await _first.TextAsync(path);
        }

        await write();

        foreach (var path in paths)
        {
            var now = await _uncached.TextAsync(path);
            Assert.NotEqual(before[path], now);
            Assert.Equal(now, await _first.TextAsync(path));
            Assert.Equal(now, await _second.TextAsync(path));
        }
    }
}
