using System.Collections.Concurrent;
using ECommerce.Api.Tests.Invoices.Receiving;
using ECommerce.Api.Tests.Invoices.Seeded;
using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices;

namespace ECommerce.Api.Tests.Invoices.Sdi;

/// <summary>The SDI, as the mock checks by itself, accepts what is made here.</summary>
public sealed class AcceptanceTests(SdiMock mock) : IClassFixture<SdiMock>
{
    private const string NoChannel = "0000000";
    private const string Abroad = "XXXXXXX";

    private static readonly string[] LineTotal = ["00423"];

    private static int Seeds => TestScale.IsFull ? SeededInvoiceTests.Count : 200;

    public static TheoryData<string> Cases => [.. CaseInvoices.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Invoice_of_a_case_is_accepted(string name)
    {
        var invoice = InvoiceFactory.Create(CaseInvoices.All[name]);

        Assert.Empty(invoice.Faults);
        Assert.Empty(await mock.SendAsync(invoice.Xml, invoice.FileName));
        var outcome = Assert.Single((await mock.OutcomesAsync())[Stem(invoice)]);
        Assert.Equal(Expected(invoice.Xml), outcome);
    }

    [Fact]
    public async Task Invoice_sent_again_is_a_duplicate_and_a_discarded_one_is_not()
    {
        // D11: the number and the date stay, the name of the file is another one.
        await using var own = new SdiMock();
        var invoice = InvoiceSamples.Request(InvoiceSamples.Simple()) with { Number = "2026/15" };
        var first = InvoiceFactory.Create(invoice);
        var second = InvoiceFactory.Create(invoice with { Progressive = "B" });
        await own.Provider.ControlAsync("outcomes", new { kind = "ns", codes = LineTotal });

        Assert.Equal(LineTotal, await own.SendAsync(first.Xml, first.FileName));
        Assert.Empty(await own.SendAsync(second.Xml, second.FileName));
        Assert.Equal(
            ["00404"], await own.SendAsync(InvoiceFactory.Create(invoice with { Progressive = "C" }).Xml));
    }

    [Fact]
    public async Task Received_invoice_of_another_program_is_accepted()
    {
        // D12: of 2026-10-31, to a company.
        Assert.Empty(await mock.SendAsync(ReceivedVariants.All["plain.xml"]));
    }

    [Fact]
    public async Task Seeded_invoices_are_accepted()
    {
        await using var own = new SdiMock();
        var expected = new ConcurrentDictionary<string, (int Seed, string Outcome)>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Seeds), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (seed, _) =>
            {
                var invoice = InvoiceFactory.Create(RandomOrders.Request(seed));
                expected[Stem(invoice)] = (seed, Expected(invoice.Xml));
                await own.Provider.SendAsync(invoice.FileName, invoice.Xml);
            });

        var outcomes = await own.OutcomesAsync();
        var wrong = expected.Where(file => outcomes[file.Key].SingleOrDefault() != file.Value.Outcome).ToArray();
        if (wrong is [var one, ..])
        {
            var codes = await own.Provider.CodesAsync(one.Key);
            Assert.Fail($"{wrong.Length} of {Seeds}; seed {one.Value.Seed}: {string.Join(' ', codes)}");
        }
        Assert.Equal(Seeds, expected.Count);
        Assert.Equal(["MC", "RC"], expected.Values.Select(file => file.Outcome).Distinct().Order());
    }

    // Without a channel the tax office shows the invoice to the buyer: accepted, and not delivered.
    private static string Expected(byte[] xml)
    {
        var invoice = new InvoiceXml(xml);
        var pec = invoice.Text("FatturaElettronicaHeader/DatiTrasmissione/PECDestinatario");
        var isUnreachable = invoice.RecipientCode == Abroad || (invoice.RecipientCode == NoChannel && pec is null);
        return isUnreachable ? "MC" : "RC";
    }

    private static string Stem(CreatedInvoice invoice) => invoice.FileName.Split('.')[0];
}
