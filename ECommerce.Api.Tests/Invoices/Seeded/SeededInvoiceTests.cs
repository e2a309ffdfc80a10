using System.Xml.Linq;
using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices;
using ECommerce.Features.Invoices.Receiving;
using ECommerce.Features.Invoices.Xml;

namespace ECommerce.Api.Tests.Invoices.Seeded;

public sealed class SeededInvoiceTests
{
    public const int Count = 1000;

    [Fact]
    public void Every_invoice_is_valid_and_comes_to_what_is_paid()
    {
        var kinds = new HashSet<string>();
        for (var seed = 0; seed < Count; seed++)
        {
            var request = RandomOrders.Request(seed);

            var invoice = InvoiceFactory.Create(request);

            Assert.True(
                invoice.Faults.Count == 0,
                $"Seed {seed}: {string.Join("; ", invoice.Faults.Select(fault => $"{fault.Code} {fault.Field}"))}");
            var xml = new InvoiceXml(invoice.Xml);
            kinds.Add(xml.Text("FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento/TipoDocumento")!);
            var stamp = xml.Lines.Where(IsStamp).Sum(static _ => 2m);
            if (request.Credits?.Refund is null)
                Assert.Equal(request.Order.TotalPaid + request.Order.GiftCards + stamp, xml.Total);
            var sum = xml.Summaries.Sum(static summary =>
                Number(summary, "ImponibileImporto") + Number(summary, "Imposta"));
            Assert.Equal(xml.Total, sum + (xml.Rounding ?? 0));
            Assert.True(Math.Abs(xml.Rounding ?? 0) <= 0.06m, $"Seed {seed}: {xml.Rounding}");
        }
        Assert.Equal(["TD01", "TD04"], kinds.Order());
    }

    [Fact]
    public void Every_invoice_is_read_back_as_it_was_written()
    {
        for (var seed = 0; seed < Count; seed += 10)
        {
            var xml = InvoiceFactory.Create(RandomOrders.Request(seed)).Xml;

            var read = ReceivedFileReader.Read(xml, "a.xml");

            Assert.Equal(xml, InvoiceXmlWriter.Write(Assert.Single(read.Invoices)));
        }
    }

    private static bool IsStamp(XElement line) => line.Element("Descrizione")!.Value == "Imposta di bollo";

    private static decimal Number(XElement parent, string name) => InvoiceXml.Number(parent.Element(name)!.Value);
}
