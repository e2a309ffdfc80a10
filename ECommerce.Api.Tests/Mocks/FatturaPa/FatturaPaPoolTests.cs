using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;

namespace ECommerce.Api.Tests.Mocks.FatturaPa;

public sealed class FatturaPaPoolTests
{
    private static readonly string[] Duplicate = ["00404"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sent_file_is_delivered_and_its_receipt_has_the_hash_of_the_bytes()
    {
        await using var mock = new FatturaPaMock();
        var file = SampleInvoice.Create(1);
        Assert.Equal("Sent", await mock.SendAsync(SampleInvoice.FileName(1), file));

        var receipt = (await mock.PoolAsync()).Single(entry => entry["Tipo"] == "RicevutaConsegna");
        Assert.Equal("IT01234567897_00001_RC_001.xml", receipt["NomeFile"]);
        var xml = XDocument.Parse(await mock.Client.GetStringAsync(new Uri(receipt["URI"]), Cancellation));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), xml.Root!.Element("Hash")!.Value);
        Assert.Equal(receipt["IdentificativoSdI"], xml.Root.Element("IdentificativoSdI")!.Value);
    }

    [Fact]
    public async Task Without_pec_the_file_cannot_be_delivered()
    {
        await using var mock = new FatturaPaMock();
        await mock.SendAsync(
            SampleInvoice.FileName(1),
            SampleInvoice.Create(1, ("<PECDestinatario>laura.bianchi@pec.example.it</PECDestinatario>", "")));

        Assert.Contains(await mock.PoolAsync(), entry => entry["Tipo"] == "RicevutaImpossibilitaRecapito");
    }

    [Fact]
    public async Task Public_body_gets_the_file_and_accepts_it()
    {
        await using var mock = new FatturaPaMock();
        await mock.SendAsync(
            SampleInvoice.FileName(1),
            SampleInvoice.Create(
                1, ("FPR12", "FPA12"), ("0000000", "UFABCD"),
                ("<PECDestinatario>laura.bianchi@pec.example.it</PECDestinatario>", "")));

        Assert.Equal(
            ["Ricevuta", "RicevutaConsegna", "NotificaEsito"], (await mock.PoolAsync()).Select(entry => entry["Tipo"]));
    }

    [Fact]
    public async Task Pools_of_two_keys_never_cross()
    {
        await using var mock = new FatturaPaMock();
        await mock.SendAsync(SampleInvoice.FileName(1), SampleInvoice.Create(1));
        await mock.SendAsync(SampleInvoice.FileName(2), SampleInvoice.Create(2), FatturaPaMock.OtherKey);

        var (one, other) = (await mock.PoolAsync(), await mock.PoolAsync(FatturaPaMock.OtherKey));
        Assert.All(one, entry => Assert.StartsWith(SampleInvoice.Stem(1), entry["NomeFile"], StringComparison.Ordinal));
        Assert.All(
            other, entry => Assert.StartsWith(SampleInvoice.Stem(2), entry["NomeFile"], StringComparison.Ordinal));
        Assert.Empty(
            one.Select(entry => entry["PartitionKey"]).Intersect(other.Select(entry => entry["PartitionKey"])));
    }

    [Fact]
    public async Task Link_of_one_account_does_not_open_the_table_of_another()
    {
        await using var mock = new FatturaPaMock();
        var link = (string)(await mock.JsonAsync($"pool/{FatturaPaMock.Key}"))["Complete"]!;
        var foreign = new Uri(link.Replace("/events1", "/events2", StringComparison.Ordinal));
        using var response = await mock.Client.GetAsync(foreign, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(
            "AuthenticationFailed", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_of_one_account_cannot_be_stopped_with_the_key_of_another()
    {
        await using var mock = new FatturaPaMock();
        var link = await mock.JsonAsync($"UploadStart/{FatturaPaMock.Key}");
        using var response = await mock.CallAsync($"UploadStop/{FatturaPaMock.OtherKey}/{link["Name"]}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Outcome_comes_after_its_delay()
    {
        var time = new ManualTime();
        await using var mock = new FatturaPaMock(time, ("delayMs", "60000"));
        await mock.SendAsync(SampleInvoice.FileName(1), SampleInvoice.Create(1));
        Assert.Equal(["Ricevuta"], (await mock.PoolAsync()).Select(entry => entry["Tipo"]));

        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(["Ricevuta", "RicevutaConsegna"], (await mock.PoolAsync()).Select(entry => entry["Tipo"]));
    }

    [Fact]
    public async Task Outcome_can_be_forced_and_doubled()
    {
        await using var mock = new FatturaPaMock();
        await mock.ControlAsync("outcomes", new { kind = "ns", codes = Duplicate, copies = 2 });
        await mock.SendAsync(SampleInvoice.FileName(1), SampleInvoice.Create(1));

        Assert.Equal(2, (await mock.PoolAsync()).Count(
            entry => entry["NomeFile"].EndsWith("NS_001.xml", StringComparison.Ordinal)));
        Assert.Equal(["00404"], await mock.CodesAsync(SampleInvoice.Stem(1)));
    }

    [Fact]
    public async Task File_that_the_provider_refuses_is_not_in_the_pool_and_its_name_is_free()
    {
        await using var mock = new FatturaPaMock();
        await mock.ControlAsync("outcomes", new { kind = "ko" });
        Assert.Equal("KO", await mock.SendAsync(SampleInvoice.FileName(1), SampleInvoice.Create(1)));
        Assert.Empty(await mock.PoolAsync());

        await mock.SendAsync(SampleInvoice.FileName(1), SampleInvoice.Create(1));
        Assert.Empty(await mock.CodesAsync(SampleInvoice.Stem(1)));
    }

    [Fact]
    public async Task Old_entries_are_removed_when_the_pool_is_full()
    {
        await using var mock = new FatturaPaMock(null, ("maxEntries", "4"));
        for (var number = 1; number <= 5; number++)
            await mock.SendAsync(SampleInvoice.FileName(number), SampleInvoice.Create(number));

        Assert.Equal(
            ["0000000007", "0000000008", "0000000009", "0000000010"],
            (await mock.PoolAsync()).Select(entry => entry["RowKey"]));
    }

    [Fact]
    public async Task Log_of_requests_has_no_key_and_no_signature()
    {
        await using var mock = new FatturaPaMock();
        await mock.SendAsync(SampleInvoice.FileName(1), SampleInvoice.Create(1));

        var log = (await mock.RequestsAsync()).ToJsonString();
        Assert.Equal(["uploadstart1", "put", "uploadstop"], await mock.CallsAsync());
        Assert.DoesNotContain(FatturaPaMock.Key, log, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", log, StringComparison.Ordinal);
    }
}
