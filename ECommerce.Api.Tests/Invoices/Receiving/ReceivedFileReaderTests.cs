using System.Text;
using ECommerce.Features.Invoices.Receiving;
using ECommerce.Features.Invoices.Xml;

namespace ECommerce.Api.Tests.Invoices.Receiving;

public sealed class ReceivedFileReaderTests
{
    private static readonly byte[] Expected =
        InvoiceXmlWriter.Write(ReceivedFileReader.Read(ReceivedVariants.All["plain.xml"], "a.xml").Invoices.Single());

    public static TheoryData<string> Variants => [.. ReceivedVariants.All.Keys];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_form_gives_the_same_invoice(string name)
    {
        var file = ReceivedFileReader.Read(ReceivedVariants.All[name], name);

        Assert.True(file.IsReadable, $"{file.Reason} {file.Detail}");
        Assert.Equal(
            Encoding.UTF8.GetString(Expected), Encoding.UTF8.GetString(InvoiceXmlWriter.Write(file.Invoices[0])));
        var isSigned = !file.Xml.AsSpan().SequenceEqual(ReceivedVariants.All[name]);
        Assert.Equal(
            name == "enveloped_signature.xml"
                ? SignatureState.NotChecked
                : isSigned ? SignatureState.Valid : SignatureState.None,
            file.Signature);
    }

    [Fact]
    public void Invoice_has_the_values_of_the_file()
    {
        var invoice = ReceivedFileReader.Read(ReceivedVariants.All["date_with_zone.xml"], "a.xml").Invoices.Single();

        Assert.Equal("12345678903", invoice.Seller.VatNumber.Code);
        Assert.Equal("FV/2026-77", invoice.General.Number);
        Assert.Equal(new DateOnly(2026, 10, 31), invoice.General.Date);
        Assert.Equal("TD01", invoice.General.Kind);
        Assert.Equal(122m, invoice.General.Total);
        Assert.Equal("Perché no? 5° lotto", Assert.Single(invoice.Lines).Description);
        var summary = Assert.Single(invoice.Summaries);
        Assert.Equal((100m, 22m), (summary.Taxable, summary.Tax));
    }

    [Fact]
    public void Signature_over_other_bytes_is_reported_and_the_invoice_is_read()
    {
        var signed = ReceivedVariants.All["der.xml.p7m"].ToArray();
        signed[^5] ^= 0x55;

        var file = ReceivedFileReader.Read(signed, "a.xml.p7m");

        Assert.True(file.IsReadable);
        Assert.Equal(SignatureState.Invalid, file.Signature);
    }

    [Fact]
    public void File_with_several_documents_gives_each_of_them()
    {
        var start = ReceivedVariants.Text.IndexOf("  <FatturaElettronicaBody>", StringComparison.Ordinal);
        var end = ReceivedVariants.Text.IndexOf("</p:", StringComparison.Ordinal);
        var body = ReceivedVariants.Text[start..end];
        var second = body.Replace("FV/2026-77", "FV/2026-78", StringComparison.Ordinal);

        var file = ReceivedFileReader.Read(
            Encoding.UTF8.GetBytes(ReceivedVariants.Text.Insert(end, second)), "a.xml");

        Assert.Equal(["FV/2026-77", "FV/2026-78"], file.Invoices.Select(invoice => invoice.General.Number));
    }
}
