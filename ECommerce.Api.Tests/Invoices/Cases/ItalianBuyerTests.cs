using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Cases;

public sealed class ItalianBuyerTests
{
    [Theory]
    [InlineData("", " bnclra85t50f839z ")]
    [InlineData("BNCLRA85T50F839Z", "")]
    public void Tax_code_is_cleaned_and_found_in_the_other_field(string vat, string taxCode)
    {
        var buyer = InvoiceSamples.Laura with { VatNumber = vat, TaxCode = taxCode };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(InvoiceSamples.Simple(), buyer));

        Assert.Equal("BNCLRA85T50F839Z", invoice.OfBuyer("DatiAnagrafici/CodiceFiscale"));
        Assert.Null(invoice.OfBuyer("DatiAnagrafici/IdFiscaleIVA"));
        Assert.Equal("0000000", invoice.RecipientCode);
        Assert.Equal("80121", invoice.OfBuyer("Sede/CAP"));
        Assert.Equal("NA", invoice.OfBuyer("Sede/Provincia"));
    }

    [Fact]
    public void Association_has_a_tax_code_of_eleven_digits()
    {
        var buyer = new InvoiceBuyer(InvoiceSamples.Naples) { Company = "ASD Esempio", TaxCode = "91234567898" };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(InvoiceSamples.Simple(), buyer));

        Assert.Equal("91234567898", invoice.OfBuyer("DatiAnagrafici/CodiceFiscale"));
        Assert.Null(invoice.OfBuyer("DatiAnagrafici/IdFiscaleIVA"));
        Assert.Equal("ASD Esempio", invoice.OfBuyer("DatiAnagrafici/Anagrafica/Denominazione"));
    }

    [Fact]
    public void Company_has_its_number_without_prefix_and_blanks()
    {
        var buyer = InvoiceSamples.Acme with { VatNumber = "IT 123 456 789 03", RecipientCode = "m5uxcr1" };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(InvoiceSamples.Simple(), buyer));

        Assert.Equal("IT", invoice.OfBuyer("DatiAnagrafici/IdFiscaleIVA/IdPaese"));
        Assert.Equal("12345678903", invoice.OfBuyer("DatiAnagrafici/IdFiscaleIVA/IdCodice"));
        Assert.Equal("M5UXCR1", invoice.RecipientCode);
    }

    [Theory]
    [InlineData("IT12345678904", "", "00305")]
    [InlineData("IT99999999999", "", "00305")]
    [InlineData("", "", "00417")]
    [InlineData("", "BNCLRA85T50F839A", "00306")]
    public void Wrong_or_missing_numbers_are_refused(string vat, string taxCode, string code)
    {
        var buyer = InvoiceSamples.Laura with { VatNumber = vat, TaxCode = taxCode };

        var invoice = InvoiceSamples.Create(InvoiceSamples.Simple(), buyer);

        Assert.Equal([code], invoice.Faults.Select(fault => fault.Code));
    }

    [Fact]
    public void Second_number_is_written_only_where_it_is_known_to_fit()
    {
        var buyer = InvoiceSamples.Acme with { VatNumber = "IT11223344554", TaxCode = "VRDGPP70A01H501S" };

        var unknown = InvoiceXml.Valid(InvoiceSamples.Create(InvoiceSamples.Simple(), buyer));
        var fitting = InvoiceXml.Valid(
            InvoiceSamples.Create(InvoiceSamples.Simple(), buyer with { TaxCodeBelongsToVatNumber = true }));

        Assert.Null(unknown.OfBuyer("DatiAnagrafici/CodiceFiscale"));
        Assert.Equal("VRDGPP70A01H501S", fitting.OfBuyer("DatiAnagrafici/CodiceFiscale"));
    }

    [Fact]
    public void Member_of_a_VAT_group_needs_its_tax_code()
    {
        var member = InvoiceSamples.Acme with { IsVatGroup = true };

        Assert.Equal(
            ["00326"], InvoiceSamples.Create(InvoiceSamples.Simple(), member).Faults.Select(fault => fault.Code));
        var invoice = InvoiceXml.Valid(
            InvoiceSamples.Create(InvoiceSamples.Simple(), member with { TaxCode = "91234567898" }));
        Assert.Equal("91234567898", invoice.OfBuyer("DatiAnagrafici/CodiceFiscale"));
    }

    [Fact]
    public void PEC_and_code_are_found_in_each_others_field()
    {
        var buyer = InvoiceSamples.Acme with { Pec = "M5UXCR1", RecipientCode = "acme@pec.example.it" };

        Assert.Equal("M5UXCR1", InvoiceXml.Valid(InvoiceSamples.Create(InvoiceSamples.Simple(), buyer)).RecipientCode);
    }

    [Theory]
    [InlineData("privato")]
    [InlineData("NESSUNO")]
    [InlineData("OOOOOOO")]
    [InlineData("no code")]
    [InlineData("XXXXXXX")]
    public void Word_instead_of_a_code_is_none(string code)
    {
        var buyer = InvoiceSamples.Laura with { RecipientCode = code };

        Assert.Equal("0000000", InvoiceXml.Valid(InvoiceSamples.Create(InvoiceSamples.Simple(), buyer)).RecipientCode);
    }

    [Fact]
    public void Code_of_a_public_office_is_refused()
    {
        var office = InvoiceSamples.Acme with { RecipientCode = "UFABCD" };

        Assert.Equal(
            ["00427"], InvoiceSamples.Create(InvoiceSamples.Simple(), office).Faults.Select(fault => fault.Code));
    }

    [Fact]
    public void Split_payment_leaves_the_VAT_to_the_buyer()
    {
        var request = InvoiceSamples.Request(InvoiceSamples.Simple(), InvoiceSamples.Acme) with { SplitPayment = true };

        var invoice = InvoiceXml.Valid(Features.Invoices.InvoiceFactory.Create(request));

        Assert.Equal("S", invoice.Summaries.Single().Element("EsigibilitaIVA")!.Value);
        Assert.Equal(122m, invoice.Total);
        Assert.Equal(100m, invoice.Paid);
    }
}
