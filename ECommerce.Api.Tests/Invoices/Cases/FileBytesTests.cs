using System.Text;
using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Cases;

public sealed class FileBytesTests
{
    private static readonly InvoicedOrder Coffee =
        new([InvoiceSamples.Line(1, "Caffè in grani 1 kg", 1, 20m, 24.4m, 22m)]) { TotalPaid = 24.4m };

    [Fact]
    public void File_starts_with_its_declaration_and_is_UTF_8()
    {
        var xml = InvoiceSamples.Create(Coffee).Xml;

        Assert.Equal("3C3F786D6C", Convert.ToHexString(xml.AsSpan(0, 5)));
        Assert.Contains("43616666C3A8", Convert.ToHexString(xml), StringComparison.Ordinal);
        var text = new UTF8Encoding(false, true).GetString(xml);
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("schemaLocation", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<?xml-stylesheet", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Same_request_has_the_same_bytes() =>
        Assert.Equal(InvoiceSamples.Create(Coffee).Xml, InvoiceSamples.Create(Coffee).Xml);

    [Fact]
    public void No_element_is_empty()
    {
        var buyer = InvoiceSamples.Laura with { Company = " ", Pec = "no mail", RecipientCode = "" };
        var settings = InvoiceSamples.Settings();
        var silent = settings with { Seller = settings.Seller with { Phone = "12", Email = "none", Iban = "IT00" } };

        var invoice = InvoiceSamples.Create(Coffee with { Reference = " ", PaymentMethod = "Bonifico" }, buyer, silent);

        Assert.Empty(invoice.Faults);
        Assert.DoesNotContain("/>", Encoding.UTF8.GetString(invoice.Xml), StringComparison.Ordinal);
        Assert.Empty(new InvoiceXml(invoice.Xml).All("FatturaElettronicaHeader/CedentePrestatore/Contatti"));
    }

    [Fact]
    public void Name_of_the_file_has_the_code_of_the_sender_and_the_progressive() =>
        Assert.Equal("IT01234567897_00101.xml", InvoiceSamples.Create(Coffee).FileName);

    [Fact]
    public void Person_sends_by_its_tax_code()
    {
        var settings = InvoiceSamples.Settings();
        var person = settings with
        {
            Seller = settings.Seller with
            {
                Company = null,
                Firstname = "Giuseppe",
                Lastname = "Verdi",
                TaxCode = "VRDGPP70A01H501S",
            },
        };

        var invoice = InvoiceSamples.Create(Coffee, settings: person);

        Assert.Empty(invoice.Faults);
        Assert.Equal("ITVRDGPP70A01H501S_00101.xml", invoice.FileName);
    }

    [Theory]
    [InlineData(0, "00000")]
    [InlineData(35, "0000Z")]
    [InlineData(36, "00010")]
    [InlineData(60_466_175, "ZZZZZ")]
    public void Progressive_has_five_digits_to_the_base_36(long number, string progressive) =>
        Assert.Equal(progressive, Features.Invoices.Documents.InvoiceFileName.Progressive(number));

    [Fact]
    public void Text_is_transliterated_before_it_is_cut()
    {
        var name = string.Concat(Enumerable.Repeat("€", 50));
        var buyer = InvoiceSamples.Acme with { Company = name };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(Coffee, buyer));

        var written = invoice.OfBuyer("DatiAnagrafici/Anagrafica/Denominazione")!;
        Assert.Equal(80, written.Length);
        Assert.StartsWith("EUREUR", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Order_number_of_other_letters_is_written_in_ASCII()
    {
        var request = InvoiceSamples.Request(Coffee with { Reference = "ORDÎNE-№7" }) with { Number = "15/Ä" };

        var invoice = InvoiceXml.Valid(InvoiceFactory.Create(request));

        Assert.Equal("15/A", invoice.Text("FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento/Numero"));
        Assert.Equal(
            "ORDINE-N.7", invoice.Text("FatturaElettronicaBody/DatiGenerali/DatiOrdineAcquisto/IdDocumento"));
    }
}
