using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>Notifications of the pool reach the invoices, and the caches of both replicas.</summary>
public sealed class NotificationPollTests(PoolNodes nodes) : IClassFixture<PoolNodes>
{
    private readonly HttpClient _first = nodes.As("acme.fatturazione");
    private readonly HttpClient _second = nodes.As("acme.fatturazione", 1);

    [Theory]
    [InlineData("rc", "delivered", "RC", null)]
    [InlineData("mc", "undeliverable", "MC", null)]
    [InlineData("ns", "rejected", "NS", "00423")]
    public async Task Answer_of_the_SDI_is_shown_by_both_replicas(
        string outcome, string state, string kind, string? code)
    {
        var invoice = await nodes.InvoiceAsync();
        await nodes.Mock.ControlAsync(
            "outcomes", new { kind = outcome, file = invoice.FileName, codes = new[] { code ?? "" } });
        await nodes.SendAsync(invoice);
        foreach (var path in new[] { invoice.Path, $"{invoice.Path}/notifications" })
        {
            using (await _first.HitAsync(path)) { }
            using (await _second.HitAsync(path)) { }
        }

        var report = await nodes.PollAsync();

        Assert.Null(report!.Error);
        foreach (var client in new[] { _first, _second, nodes.As("acme.admin", 2) })
        {
            var shown = await client.GetJsonAsync(invoice.Path);
            Assert.Equal(state, (string?)shown["state"]);
            var notification = Assert.Single(shown["notifications"]!.AsArray())!;
            Assert.Equal(kind, (string?)notification["kind"]);
            Assert.Equal(invoice.FileName, (string?)notification["file_name"]);
            Assert.Equal($"{invoice.Stem}_{kind}_001.xml", (string?)notification["notification_name"]);
            Assert.Equal(
                code is null ? [] : [code], notification["errors"]!.AsArray().Select(error => (string?)error!["code"]));
            Assert.Single((await client.GetJsonAsync($"{invoice.Path}/notifications"))["items"]!.AsArray());
        }
    }

    [Fact]
    public async Task Receipt_of_the_provider_makes_an_uncertain_file_sent_with_its_id()
    {
        var invoice = await nodes.InvoiceAsync("uncertain");
        await nodes.Mock.ControlAsync("outcomes", new { kind = "silent", file = invoice.FileName });
        await nodes.SendAsync(invoice);

        await nodes.PollAsync();

        var file = (await nodes.QueryAsync<(string Outcome, string? SdiId)>(
            "SELECT outcome, sdi_id FROM invoice_files WHERE invoice_id = @Id", new { invoice.Id })).Single();
        Assert.Equal("sent", file.Outcome);
        Assert.StartsWith("9", file.SdiId, StringComparison.Ordinal);
        Assert.Equal("sent", (string?)(await _second.GetJsonAsync(invoice.Path))["state"]);
    }

    [Fact]
    public async Task Notifications_in_any_order_and_number_end_in_the_same_state()
    {
        var ends = new HashSet<string>();
        for (var seed = 0; seed < 10; seed++)
            ends.Add(await EndAsync(new Random(seed)));

        var end = Assert.Single(ends);
        Assert.Contains("\"state\":\"delivered\"", end, StringComparison.Ordinal);
        Assert.Contains("\"sdi_id\":\"A\"", end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notification_of_a_file_of_another_program_is_stored_in_the_pool_only()
    {
        var before = await CountAsync("invoice_notifications");
        var sdiId = nodes.NewSdiId();
        var name = $"IT01234567897_ZZ{sdiId[^3..]}_RC_001.xml";
        await nodes.PlaceNotificationAsync(
            name, SdiFiles.Notification("RicevutaConsegna", $"{name[..19]}.xml", sdiId), sdiId, "RicevutaConsegna");

        await nodes.PollAsync();

        Assert.Equal("stored", (string?)(await nodes.EventAsync(sdiId, name))["outcome"]);
        Assert.Equal(before, await CountAsync("invoice_notifications"));
    }

    // A tenant that comes from another program, whose pool goes on listing what that one has sent.
    [Theory]
    [InlineData("generated")]
    [InlineData("sent")]
    public async Task Events_about_other_bytes_of_the_same_name_change_no_invoice(string outcome)
    {
        var invoice = await nodes.InvoiceAsync(outcome);
        var sdiId = nodes.NewSdiId();
        var before = (await _first.GetJsonAsync(invoice.Path)).ToJsonString();
        await nodes.PlaceAsync(invoice.FileName, SdiFiles.Purchase("OLD"), sdiId, "Vendita", "Ricevuta");
        await nodes.PlaceNotificationAsync(
            $"{invoice.Stem}_RC_001.xml",
            SdiFiles.NotificationOf("RicevutaConsegna", invoice.FileName, sdiId, SdiFiles.Purchase("OLD")), sdiId);

        var report = await nodes.PollAsync();

        Assert.Equal((0, null), (report!.Failed, report.Error));
        Assert.Equal(before, (await _first.GetJsonAsync(invoice.Path)).ToJsonString());
        Assert.Equal(
            [outcome], await nodes.QueryAsync<string>(
                "SELECT outcome FROM invoice_files WHERE invoice_id = @Id AND sdi_id IS NULL", new { invoice.Id }));
        Assert.Equal("stored", (string?)(await nodes.EventAsync(sdiId, $"{invoice.Stem}_RC_001.xml"))["outcome"]);
    }

    [Fact]
    public async Task Answer_about_the_bytes_of_a_file_counts_though_its_sending_was_never_recorded()
    {
        var invoice = await nodes.InvoiceAsync("generated");
        await nodes.Mock.ControlAsync("outcomes", new { kind = "rc", file = invoice.FileName });
        await nodes.SendAsync(invoice);

        await nodes.PollAsync();

        Assert.Equal("delivered", (string?)(await _first.GetJsonAsync(invoice.Path))["state"]);
    }

    [Fact]
    public async Task Notification_of_an_unknown_kind_is_stored_and_decides_nothing()
    {
        var invoice = await nodes.InvoiceAsync();
        var sdiId = nodes.NewSdiId();
        await nodes.PlaceNotificationAsync(
            $"{invoice.Stem}_DT_001.xml", SdiFiles.Notification("NotificaDecorrenzaTermini", invoice.FileName, sdiId),
            sdiId);
        await nodes.PlaceNotificationAsync(
            $"{invoice.Stem}_XX_001.xml", SdiFiles.Notification("NotificaDelFuturo", invoice.FileName, sdiId), sdiId);

        await nodes.PollAsync();

        var shown = await _first.GetJsonAsync(invoice.Path);
        Assert.Equal("sent", (string?)shown["state"]);
        Assert.Equal(["DT", "XX"], shown["notifications"]!.AsArray().Select(one => (string?)one!["kind"]));
    }

    [Theory]
    [InlineData("<RicevutaConsegna><IdentificativoSdI>1", "broken_xml", false)]
    [InlineData("<RicevutaConsegna/>", "no_notification", false)]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><RicevutaConsegna>&b;</RicevutaConsegna>", "hostile", false)]
    [InlineData("", "empty", true)]
    [InlineData("<html><body><h1>Server Error</h1></body></html>", "no_notification", true)]
    public async Task Unreadable_notification_has_its_reason_and_the_next_one_is_stored(
        string content, string reason, bool isRepeated)
    {
        var invoice = await nodes.InvoiceAsync();
        var sdiId = nodes.NewSdiId();
        var name = $"{invoice.Stem}_RC_001.xml";
        await nodes.PlaceNotificationAsync(name, content, sdiId);
        await nodes.PlaceNotificationAsync(
            $"{invoice.Stem}_MC_001.xml",
            SdiFiles.Notification("RicevutaImpossibilitaRecapito", invoice.FileName, sdiId), sdiId);

        await nodes.PollAsync();

        var found = await nodes.EventAsync(sdiId, name);
        Assert.Equal(("unreadable", reason), ((string?)found["outcome"], (string?)found["reason"]));
        // A page of the host may be followed by the file.
        Assert.Equal(isRepeated, (bool)found["waits"]!);
        Assert.Equal("undeliverable", (string?)(await _first.GetJsonAsync(invoice.Path))["state"]);
    }

    // Two files of one invoice: the SDI discards the second one as a duplicate of the first.
    private async Task<string> EndAsync(Random random)
    {
        var invoice = await nodes.InvoiceAsync();
        var (a, b) = (nodes.NewSdiId(), nodes.NewSdiId());
        var other = $"IT01234567897_Z{a[^4..]}.xml";
        await nodes.ExecuteAsync(
            """
            INSERT INTO invoice_files (tenant_id, invoice_id, name, content, sha256, outcome, created_at)
            SELECT tenant_id, invoice_id, @other, content, sha256, 'sent', created_at
            FROM invoice_files WHERE invoice_id = @Id
            """, new { invoice.Id, other });
        (string Root, string Kind, string File, string SdiId, string[] Codes)[] notifications =
        [
            ("RicevutaConsegna", "RC", invoice.FileName, a, []), ("RicevutaScarto", "NS", other, b, ["00404"]),
            ("NotificaEsito", "NE", invoice.FileName, a, []), ("AttestazioneTrasmissioneFattura", "AT", other, b, []),
        ];
        // Each three times, with the number that the SDI counts up.
        var order = notifications.SelectMany(one => Enumerable.Range(1, 3).Select(copy => (one, copy))).ToArray();
        random.Shuffle(order);
        foreach (var (one, copy) in order)
        {
            await nodes.PlaceNotificationAsync(
                $"{one.File[..^4]}_{one.Kind}_{copy:000}.xml",
                SdiFiles.Notification(one.Root, one.File, one.SdiId, one.Codes), one.SdiId, one.Root);
            if (random.Next(3) == 0)
                await nodes.PollAsync(node: random.Next(2));
        }
        await nodes.PollAsync();

        var shown = await _first.GetJsonAsync(invoice.Path);
        var stored = shown["notifications"]!.AsArray()
            .Select(one => $"{one!["kind"]} {one["sdi_id"]} {one["file_name"]} {one["errors"]!.ToJsonString()}")
            .Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(notifications.Length, stored.Length);
        var files = await nodes.QueryAsync<string>(
            "SELECT CONCAT_WS(' ', name, outcome, sdi_id, codes, is_contradicted) FROM invoice_files "
            + "WHERE invoice_id = @Id ORDER BY id", new { invoice.Id });
        var end = new JsonObject
        {
            ["state"] = (string?)shown["state"],
            ["sdi_id"] = (string?)shown["sdi_id"],
            ["files"] = string.Join("; ", files),
            ["notifications"] = string.Join("; ", stored),
        };
        return end.ToJsonString().Replace(invoice.FileName, "first", StringComparison.Ordinal)
            .Replace(other, "second", StringComparison.Ordinal).Replace(a, "A", StringComparison.Ordinal)
            .Replace(b, "B", StringComparison.Ordinal);
    }

    private async Task<long> CountAsync(string table) =>
        (await nodes.QueryAsync<long>($"SELECT COUNT(*) FROM {table}")).Single();
}
