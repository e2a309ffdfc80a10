using System.Text;
using System.Text.Json.Nodes;
using ECommerce.Api.Tests.Invoices.Receiving;

namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>Invoices of suppliers are stored with what they state, whatever they are wrapped in.</summary>
public sealed class PurchasePollTests(PoolNodes nodes) : IClassFixture<PoolNodes>
{
    private readonly HttpClient _client = nodes.As("acme.fatturazione");

    [Fact]
    public async Task Every_form_of_a_received_file_gives_the_same_meta()
    {
        var placed = new List<(string SdiId, string Name)>();
        foreach (var (name, content) in ReceivedVariants.All)
        {
            placed.Add((nodes.NewSdiId(), $"IT12345678903_{placed.Count:00000}{name[name.IndexOf('.')..]}"));
            await nodes.PlaceAsync(placed[^1].Name, content, placed[^1].SdiId);
        }

        var report = await nodes.PollAsync();

        Assert.Equal((0, null), (report!.Failed, report.Error));
        Assert.True(placed.Count >= 31);
        var documents = new HashSet<string>();
        foreach (var (sdiId, name) in placed)
        {
            var meta = await MetaAsync(sdiId);
            Assert.Equal(("purchase", name, true),
                ((string)meta["direction"]!, (string)meta["file_name"]!, (bool)meta["is_readable"]!));
            documents.Add(Assert.Single(meta["documents"]!.AsArray())!.ToJsonString());
            Assert.Equal(name, (string?)Assert.Single(meta["events"]!.AsArray())!["file_name"]);
        }
        var document = JsonNode.Parse(Assert.Single(documents))!;
        Assert.Equal(
            ("TD01", "FV/2026-77", "2026-10-31", "IT12345678903", "EUR", 122m, 100m, 22m),
            ((string)document["document_type"]!, (string)document["number"]!, (string)document["local_date"]!,
                (string)document["seller_vat_number"]!, (string)document["currency"]!, (decimal)document["total"]!,
                (decimal)document["total_taxable"]!, (decimal)document["total_tax"]!));
    }

    [Fact]
    public async Task Broken_files_are_unreadable_with_their_reason_and_keep_nothing_back()
    {
        var signed = ReceivedVariants.All["der.xml.p7m"];
        (string Name, byte[] Content, string Reason)[] broken =
        [
            ("empty.xml", [], "empty"), ("cut.xml.p7m", signed[..(signed.Length / 2)], "unknown_form"),
            ("pdf.p7m", ReceivedVariants.Sign("%PDF-1.7\n%x"u8.ToArray()), "unknown_form"),
            ("cut.xml", Encoding.UTF8.GetBytes(ReceivedVariants.Text[..400]), "broken_xml"),
            ("xxe.xml", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>"u8
                .ToArray(), "hostile"),
            ("other.xml", "<ordine/>"u8.ToArray(), "no_invoice"),
            ("page.xml", "<html></html>"u8.ToArray(), "no_invoice"),
            ("random.xml", [1, 2, 3, 255, 254], "unknown_form"),
        ];
        var placed = new List<string>();
        foreach (var (name, content, _) in broken)
        {
            placed.Add(nodes.NewSdiId());
            await nodes.PlaceAsync(name, content, placed[^1]);
        }
        var good = nodes.NewSdiId();
        await nodes.PlaceAsync("IT12345678903_OK001.xml", SdiFiles.Purchase("FV/OK"), good);

        await nodes.PollAsync();

        foreach (var ((name, content, reason), sdiId) in broken.Zip(placed))
        {
            var found = await nodes.EventAsync(sdiId, name);
            Assert.Equal(("unreadable", reason), ((string)found["outcome"]!, (string)found["reason"]!));
            Assert.Equal(content.Length, (int)found["size"]!);
            var meta = await MetaAsync(sdiId);
            Assert.Equal((false, reason), ((bool)meta["is_readable"]!, (string)meta["reason"]!));
            Assert.Empty(meta["documents"]!.AsArray());
        }
        Assert.Equal("FV/OK", (string?)(await MetaAsync(good))["documents"]![0]!["number"]);
    }

    [Fact]
    public async Task Document_that_no_column_holds_is_stored_and_cut()
    {
        var sdiId = nodes.NewSdiId();
        var text = ReceivedVariants.Text.Replace("FV/2026-77", new string('9', 500), StringComparison.Ordinal)
            .Replace(">122.00<", ">79228162514264337593543950335<", StringComparison.Ordinal)
            .Replace("2026-10-31", "0001-01-01", StringComparison.Ordinal);
        await nodes.PlaceAsync($"{new string('a', 250)}.xml", Encoding.UTF8.GetBytes(text), sdiId, kind: "Ricezione'%");

        await nodes.PollAsync();

        var document = (await MetaAsync(sdiId))["documents"]![0]!;
        Assert.Equal(new string('9', 64), (string?)document["number"]);
        Assert.Equal((0m, "1000-01-01"), ((decimal)document["total"]!, (string)document["local_date"]!));
    }

    [Fact]
    public async Task Data_that_the_SDI_sends_along_is_stored_and_is_no_invoice()
    {
        await nodes.Mock.ControlAsync(
            "purchases", new { fileName = "IT12345678903_MT001.xml", content = SdiFiles.Purchase("FV/MT") });
        await nodes.PollAsync();

        var sdiId = (await nodes.QueryAsync<string>(
            "SELECT sdi_id FROM pool_events WHERE file_name = 'IT12345678903_MT001_MT_001.xml' AND outcome = 'stored'"))
            .Single();
        var meta = await MetaAsync(sdiId);
        Assert.Equal("FV/MT", (string?)Assert.Single(meta["documents"]!.AsArray())!["number"]);
        Assert.Equal(["Ricezione", "Notifica"], meta["events"]!.AsArray().Select(one => (string?)one!["kind"]));
    }

    [Fact]
    public async Task Expired_link_is_replaced_by_a_new_one()
    {
        var sdiId = nodes.NewSdiId();
        await nodes.PlaceAsync("IT12345678903_SAS01.xml", SdiFiles.Purchase("FV/SAS"), sdiId);
        await nodes.Mock.FaultAsync("expired", "download");

        await nodes.PollAsync();

        Assert.Equal("stored", (string?)(await nodes.EventAsync(sdiId, "IT12345678903_SAS01.xml"))["outcome"]);
    }

    [Theory]
    [InlineData("expired", "link_refused", 2)]
    [InlineData("error500", "unavailable", 3)]
    [InlineData("drop", "broken", 3)]
    [InlineData("huge", "too_large", 1)]
    public async Task Failed_download_is_put_off_and_tried_again_later(string fault, string reason, int times)
    {
        var (failing, next) = (nodes.NewSdiId(), nodes.NewSdiId());
        var name = $"IT12345678903_{failing[^5..]}.xml";
        await nodes.PlaceAsync(name, SdiFiles.Purchase("FV/1"), failing);
        await nodes.PlaceAsync($"IT12345678903_{next[^5..]}.xml", SdiFiles.Purchase("FV/2"), next);
        // As often as the client repeats it: the second file is downloaded without a fault.
        await nodes.Mock.FaultAsync(fault, "download", times);

        await nodes.PollAsync();

        var found = await nodes.EventAsync(failing, name);
        Assert.Equal(
            ("pending", reason, 1),
            ((string)found["outcome"]!, (string)found["reason"]!, (int)found["attempts"]!));
        Assert.Equal("stored", (string?)(await nodes.EventAsync(next, $"IT12345678903_{next[^5..]}.xml"))["outcome"]);
        await nodes.PollAsync();
        Assert.Equal(1, (int)(await nodes.EventAsync(failing, name))["attempts"]!);
        await nodes.MakeDueAsync();
        await nodes.PollAsync();
        Assert.Equal("stored", (string?)(await nodes.EventAsync(failing, name))["outcome"]);
    }

    [Fact]
    public async Task File_that_cannot_be_downloaded_at_all_is_given_up_and_the_provider_is_asked_less_and_less()
    {
        var sdiId = nodes.NewSdiId();
        var name = $"IT12345678903_{sdiId[^5..]}.xml";
        await nodes.PlaceAsync(name, SdiFiles.Purchase("FV/1"), sdiId);
        await nodes.Mock.FaultAsync("huge", "download", times: 20);
        var waits = new List<double>();
        for (var attempt = 1; attempt <= 20; attempt++)
        {
            await nodes.PollAsync();
            waits.AddRange(await nodes.QueryAsync<double>(
                """
                SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), next_attempt_at) / 60
                FROM pool_events WHERE sdi_id = @sdiId AND next_attempt_at IS NOT NULL
                """, new { sdiId }));
            await nodes.MakeDueAsync();
        }

        var found = await nodes.EventAsync(sdiId, name);
        Assert.Equal(("unreadable", "too_large"), ((string)found["outcome"]!, (string)found["reason"]!));
        Assert.Equal((20, false), ((int)found["attempts"]!, (bool)found["waits"]!));
        Assert.Equal(19, waits.Count);
        Assert.InRange(waits[0], 0.5, 1);
        Assert.InRange(waits[3], 7, 8);
        Assert.InRange(waits[^1], 355, 360);
    }

    private async Task<JsonNode> MetaAsync(string sdiId)
    {
        var meta = await _client.GetJsonAsync($"/api/v1/fatturapa/invoices/{sdiId}");
        Assert.Equal(sdiId, (string?)meta["sdi_id"]);
        return meta;
    }
}
