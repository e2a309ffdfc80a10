using System.Net;
using System.Text;
using ECommerce.Api.Tests.Invoices.Receiving;

namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>Invoices by their IdentificativoSdI, polled or not.</summary>
public sealed class PoolInvoiceTests(PoolNodes nodes) : IClassFixture<PoolNodes>
{
    private readonly HttpClient _client = nodes.As("acme.fatturazione");
    private readonly HttpClient _second = nodes.As("acme.fatturazione", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Purchase_that_was_not_polled_is_downloaded_once_and_stored()
    {
        var sdiId = nodes.NewSdiId();
        await nodes.PlaceAsync($"IT12345678903_{sdiId[^5..]}.xml.p7m", ReceivedVariants.All["ber.xml.p7m"], sdiId);
        var downloads = await DownloadsAsync();

        var read = await Task.WhenAll(Enumerable.Range(0, 12).Select(async call =>
        {
            var client = call % 2 == 0 ? _client : _second;
            return call % 3 == 0
                ? (await client.GetJsonAsync(Path(sdiId))).ToJsonString()
                : Encoding.UTF8.GetString(await BytesAsync(client, $"{Path(sdiId)}/xml"));
        }));

        Assert.Equal(downloads + 1, await DownloadsAsync());
        Assert.Equal(2, read.Distinct().Count());
        var meta = await _client.GetJsonAsync(Path(sdiId));
        Assert.Equal(("valid", "FV/2026-77"),
            ((string)meta["signature"]!, (string)meta["documents"]![0]!["number"]!));
        var report = await nodes.PollAsync();
        Assert.Null(report!.Error);
        Assert.Equal(
            [1L], await nodes.QueryAsync<long>(
                "SELECT COUNT(*) FROM pool_events WHERE sdi_id = @sdiId", new { sdiId }));
        Assert.Equal(downloads + 1, await DownloadsAsync());
    }

    [Fact]
    public async Task Xml_is_the_invoice_without_its_signature_and_original_the_file_as_it_was_received()
    {
        var sdiId = nodes.NewSdiId();
        var signed = ReceivedVariants.All["base64_lines.xml.p7m"];
        await nodes.PlaceAsync("IT12345678903_XML01.xml.p7m", signed, sdiId);
        await nodes.PollAsync();

        using var xml = await _client.GetAnyAsync($"{Path(sdiId)}/xml");
        using var original = await _second.GetAnyAsync($"{Path(sdiId)}/xml?original=true");

        Assert.Equal(ReceivedVariants.Text, await xml.Content.ReadAsStringAsync(Ct));
        Assert.Equal("application/xml", xml.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", xml.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("IT12345678903_XML01.xml", xml.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal(signed, await original.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal("application/pkcs7-mime", original.Content.Headers.ContentType?.ToString());
        using var same = await _client.CallAsync(
            HttpMethod.Get, $"{Path(sdiId)}/xml", null, ("If-None-Match", xml.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task Unreadable_file_has_no_xml_and_its_bytes()
    {
        var sdiId = nodes.NewSdiId();
        byte[] content = [1, 2, 3, 200];
        await nodes.PlaceAsync("IT12345678903_BAD01.xml", content, sdiId);
        await nodes.PollAsync();

        using var xml = await _client.GetAnyAsync($"{Path(sdiId)}/xml");
        var problem = await xml.ProblemAsync(HttpStatusCode.UnprocessableEntity, "file_unreadable");

        Assert.Contains("unknown_form", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(content, await BytesAsync(_client, $"{Path(sdiId)}/xml?original=true"));
    }

    [Fact]
    public async Task Own_invoice_is_found_by_what_the_SDI_calls_it_and_shows_its_state()
    {
        var invoice = await nodes.InvoiceAsync();
        await nodes.Mock.ControlAsync("outcomes", new { kind = "rc", file = invoice.FileName });
        await nodes.SendAsync(invoice);
        await nodes.PollAsync();
        var shown = await _client.GetJsonAsync(invoice.Path);

        var meta = await _second.GetJsonAsync(Path((string)shown["sdi_id"]!));

        Assert.Equal(
            ("sale", invoice.FileName, invoice.Id, "delivered"),
            ((string)meta["direction"]!, (string)meta["file_name"]!, (long)meta["invoice_id"]!,
                (string)meta["state"]!));
        Assert.Equal((string?)shown["reference"], (string?)meta["documents"]![0]!["number"]);
        Assert.Equal(["Ricevuta", "RicevutaConsegna"], meta["events"]!.AsArray().Select(one => (string?)one!["kind"]));
        Assert.Equal(
            await BytesAsync(_client, $"{invoice.Path}/xml"),
            await BytesAsync(_client, $"{Path((string)shown["sdi_id"]!)}/xml"));
    }

    [Fact]
    public async Task Sale_of_another_program_is_downloaded_when_it_is_asked_for()
    {
        await nodes.Mock.SendAsync("IT01234567897_0AP01.xml", ReceivedVariants.All["plain.xml"]);
        await nodes.PollAsync();
        var sdiId = (await nodes.QueryAsync<string>(
            "SELECT sdi_id FROM pool_events WHERE file_name = 'IT01234567897_0AP01.xml'")).Single();

        var meta = await _client.GetJsonAsync(Path(sdiId));

        Assert.Equal(("sale", "FV/2026-77"),
            ((string)meta["direction"]!, (string)meta["documents"]![0]!["number"]!));
        Assert.Null(meta["invoice_id"]);
    }

    [Fact]
    public async Task Id_that_the_pool_does_not_list_is_404_until_it_does()
    {
        var sdiId = nodes.NewSdiId();
        foreach (var path in new[] { Path(sdiId), $"{Path(sdiId)}/xml" })
        {
            using var missing = await _client.GetAnyAsync(path);
            await missing.ProblemAsync(HttpStatusCode.NotFound);
        }
        await nodes.PlaceAsync("IT12345678903_LATER.xml", SdiFiles.Purchase("FV/L"), sdiId);

        Assert.Equal("FV/L", (string?)(await _client.GetJsonAsync(Path(sdiId)))["documents"]![0]!["number"]);
        Assert.Empty(await nodes.QueryAsync<string>(
            "SELECT name FROM locks WHERE name = 'lock:fatturapa:download:acme:404404'"));
    }

    [Theory]
    [InlineData("1%27%20or%20IdentificativoSdI%20ne%20%27")]
    [InlineData("1234567890123456789012345678901234567")]
    [InlineData("a*b")]
    [InlineData("a:b")]
    [InlineData("%C3%A8")]
    [InlineData("a.b")]
    public async Task Text_that_is_no_id_is_404_and_the_provider_is_not_asked(string text)
    {
        var calls = (await nodes.Mock.CallsAsync()).Length;

        foreach (var path in new[] { Path(text), $"{Path(text)}/xml" })
        {
            using var refused = await _client.GetAnyAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
        Assert.Equal(calls, (await nodes.Mock.CallsAsync()).Length);
    }

    [Theory]
    [InlineData("pool", "unavailable", HttpStatusCode.ServiceUnavailable)]
    [InlineData("download", "error500", HttpStatusCode.ServiceUnavailable)]
    [InlineData("download", "expired", HttpStatusCode.BadGateway)]
    public async Task Provider_that_is_away_is_a_problem_and_stored_files_are_served_all_the_same(
        string call, string fault, HttpStatusCode status)
    {
        var (stored, missing) = (nodes.NewSdiId(), nodes.NewSdiId());
        await nodes.PlaceAsync($"IT12345678903_{stored[^5..]}.xml", SdiFiles.Purchase("FV/S"), stored);
        await nodes.PollAsync();
        await nodes.PlaceAsync($"IT12345678903_{missing[^5..]}.xml", SdiFiles.Purchase("FV/M"), missing);
        await nodes.Mock.FaultAsync(fault, call, times: 0);

        using var failed = await _client.GetAnyAsync(Path(missing));
        var known = await _client.GetJsonAsync(Path(stored));
        var file = await BytesAsync(_client, $"{Path(stored)}/xml");
        await nodes.Mock.ControlAsync("faults", new { }, HttpMethod.Delete);

        await failed.ProblemAsync(status);
        Assert.Equal("FV/S", (string?)known["documents"]![0]!["number"]);
        Assert.Equal(SdiFiles.Purchase("FV/S"), file);
        Assert.Equal("FV/M", (string?)(await _client.GetJsonAsync(Path(missing)))["documents"]![0]!["number"]);
    }

    private static string Path(string sdiId) => $"/api/v1/fatturapa/invoices/{sdiId}";

    private static async Task<byte[]> BytesAsync(HttpClient client, string path)
    {
        using var response = await client.GetAnyAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode}");
        return await response.Content.ReadAsByteArrayAsync(Ct);
    }

    private async Task<int> DownloadsAsync() => (await nodes.Mock.CallsAsync()).Count(call => call == "download");
}
