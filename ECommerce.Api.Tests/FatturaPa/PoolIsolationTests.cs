using System.Net;

namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>Tenant isolation: two accounts of one provider, in which the same ids and names may occur.</summary>
public sealed class PoolIsolationTests(PoolNodes nodes) : IClassFixture<PoolNodes>
{
    private readonly HttpClient _acme = nodes.As("acme.admin");
    private readonly HttpClient _globex = nodes.As("globex.admin");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Equal_ids_and_names_in_two_pools_are_two_invoices(bool polled)
    {
        var sdiId = nodes.NewSdiId();
        var name = $"IT12345678903_{sdiId[^5..]}.xml";
        await nodes.PlaceAsync(name, SdiFiles.Purchase("FV/ACME"), sdiId);
        await nodes.PlaceAsync(name, SdiFiles.Purchase("FV/GLOBEX"), sdiId, account: 2);
        if (polled)
            await Task.WhenAll(nodes.PollAsync(), nodes.PollAsync(PoolNodes.Globex, node: 1));

        foreach (var (tenant, number) in new[] { ("acme", "FV/ACME"), ("globex", "FV/GLOBEX") })
        {
            for (var node = 0; node < 2; node++)
            {
                var client = nodes.As($"{tenant}.admin", node);
                var meta = await client.GetJsonAsync($"/api/v1/fatturapa/invoices/{sdiId}");
                using var file = await client.GetAnyAsync($"/api/v1/fatturapa/invoices/{sdiId}/xml?original=true");

                Assert.Equal(number, (string?)Assert.Single(meta["documents"]!.AsArray())!["number"]);
                Assert.Single(meta["events"]!.AsArray());
                Assert.Equal(
                    SdiFiles.Purchase(number),
                    await file.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            }
        }
    }

    [Fact]
    public async Task Invoice_of_another_tenant_is_404_whether_it_is_stored_or_not()
    {
        var (stored, listed) = (nodes.NewSdiId(), nodes.NewSdiId());
        await nodes.PlaceAsync("IT12345678903_ISO01.xml", SdiFiles.Purchase("FV/1"), stored);
        await nodes.PollAsync();
        await nodes.PlaceAsync("IT12345678903_ISO02.xml", SdiFiles.Purchase("FV/2"), listed);
        using (await _acme.HitAsync($"/api/v1/fatturapa/invoices/{stored}")) { }

        foreach (var sdiId in new[] { stored, listed })
        {
            foreach (var part in new[] { "", "/xml", "/xml?original=true" })
            {
                using var response = await _globex.GetAnyAsync($"/api/v1/fatturapa/invoices/{sdiId}{part}");
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            }
        }
        Assert.Equal("FV/2",
            (string?)(await _acme.GetJsonAsync($"/api/v1/fatturapa/invoices/{listed}"))["documents"]![0]!["number"]);
    }

    [Fact]
    public async Task Notification_in_the_pool_of_another_tenant_changes_no_invoice()
    {
        var invoice = await nodes.InvoiceAsync();
        var sdiId = nodes.NewSdiId();
        var name = $"{invoice.Stem}_NS_001.xml";
        var forged = SdiFiles.Notification("RicevutaScarto", invoice.FileName, sdiId, "00423");
        await nodes.PlaceAsync(
            name, System.Text.Encoding.UTF8.GetBytes(forged), sdiId, "Vendita", "RicevutaScarto", account: 2);
        await nodes.PlaceAsync(invoice.FileName, [], sdiId, "Vendita", "Ricevuta", account: 2);

        var report = await nodes.PollAsync(PoolNodes.Globex);

        Assert.Equal((0, null), (report!.Failed, report.Error));
        var shown = await _acme.GetJsonAsync(invoice.Path);
        Assert.Equal(("sent", null), ((string?)shown["state"], (string?)shown["sdi_id"]));
        Assert.Empty(shown["notifications"]!.AsArray());
        Assert.Equal(
            ["globex"], await nodes.QueryAsync<string>(
                "SELECT tenant_id FROM pool_events WHERE file_name = @name", new { name }));
    }

    [Fact]
    public async Task Pages_of_two_pools_share_no_event()
    {
        var (one, other) = (nodes.NewSdiId(), nodes.NewSdiId());
        await nodes.PlaceAsync("IT12345678903_PAG01.xml", [], one);
        await nodes.PlaceAsync("IT12345678903_PAG02.xml", [], other, account: 2);
        await nodes.SetKeyAsync(PoolNodes.Acme, Mocks.FatturaPa.FatturaPaMock.Key);
        await nodes.SetKeyAsync(PoolNodes.Globex, Mocks.FatturaPa.FatturaPaMock.OtherKey);

        var acme = (await _acme.GetJsonAsync("/api/v1/fatturapa/pool")).ToJsonString();
        var globex = (await _globex.GetJsonAsync("/api/v1/fatturapa/pool")).ToJsonString();

        Assert.Contains(one, acme, StringComparison.Ordinal);
        Assert.Contains(other, globex, StringComparison.Ordinal);
        Assert.DoesNotContain(other, acme, StringComparison.Ordinal);
        Assert.DoesNotContain(one, globex, StringComparison.Ordinal);
    }
}
