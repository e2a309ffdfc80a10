using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Cases;

public sealed class ForeignBuyerTests
{
    public static TheoryData<string, string?, string, string, string, string> Buyers => new()
    {
        // Country, VAT number, code, IdPaese, IdCodice, Nazione.
        { "GB", null, "XXXXXXX", "GB", "99999999999", "GB" },
        { "UK", null, "XXXXXXX", "GB", "99999999999", "GB" },
        { "GR", "EL123456789", "XXXXXXX", "GR", "123456789", "GR" },
        { "GB", "XI123456789", "XXXXXXX", "XI", "123456789", "GB" },
        { "US", "", "XXXXXXX", "US", "99999999999", "US" },
        { "AT", "ATU12345678", "XXXXXXX", "AT", "U12345678", "AT" },
        { "AT", "AT ATU 12345678", "XXXXXXX", "AT", "U12345678", "AT" },
        { "CH", "CHE-123.456.789", "XXXXXXX", "CH", "CHE123456789", "CH" },
        { "IE", "IT12345678903", "0000000", "IT", "12345678903", "IE" },
        { "SM", "SM12345", "2R4GTO8", "SM", "12345", "SM" },
        { "SM", null, "XXXXXXX", "SM", "99999999999", "SM" },
    };

    [Theory]
    [MemberData(nameof(Buyers))]
    public void Number_and_country_decide_the_addressing(
        string country, string? vat, string code, string numberCountry, string number, string address)
    {
        var buyer = Buyer(country) with { VatNumber = vat };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(InvoiceSamples.Simple(), buyer));

        Assert.Equal(code, invoice.RecipientCode);
        Assert.Equal(numberCountry, invoice.OfBuyer("DatiAnagrafici/IdFiscaleIVA/IdPaese"));
        Assert.Equal(number, invoice.OfBuyer("DatiAnagrafici/IdFiscaleIVA/IdCodice"));
        Assert.Null(invoice.OfBuyer("DatiAnagrafici/CodiceFiscale"));
        Assert.Equal(address, invoice.OfBuyer("Sede/Nazione"));
        Assert.Equal("00000", invoice.OfBuyer("Sede/CAP"));
        Assert.Null(invoice.OfBuyer("Sede/Provincia"));
        Assert.Equal("O'Neill", invoice.OfBuyer("DatiAnagrafici/Anagrafica/Cognome"));
    }

    [Fact]
    public void Resident_abroad_with_an_Italian_tax_code_is_addressed_like_an_Italian()
    {
        var buyer = Buyer("DE") with { TaxCode = "bnclra85t50f839z", Pec = "laura@pec.example.it" };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(InvoiceSamples.Simple(), buyer));

        Assert.Equal("0000000", invoice.RecipientCode);
        Assert.Equal("laura@pec.example.it", invoice.Text("FatturaElettronicaHeader/DatiTrasmissione/PECDestinatario"));
        Assert.Equal("BNCLRA85T50F839Z", invoice.OfBuyer("DatiAnagrafici/CodiceFiscale"));
        Assert.Null(invoice.OfBuyer("DatiAnagrafici/IdFiscaleIVA"));
        Assert.Equal("00000", invoice.OfBuyer("Sede/CAP"));
    }

    [Theory]
    [InlineData("SM", "SM12345", "N3.3")]
    [InlineData("AT", "ATU12345678", "N3.2")]
    [InlineData("US", null, "N3.1")]
    [InlineData("GB", "GB123456789", "N3.1")]
    [InlineData("GB", "XI123456789", "N3.2")]
    public void Goods_without_VAT_have_the_nature_of_the_country(string country, string? vat, string nature)
    {
        var buyer = Buyer(country) with { Company = "Demo", VatNumber = vat };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(InvoiceSamples.Simple(500m, 0m), buyer));

        Assert.Equal([$"{nature} 500.00 0.00"], invoice.Groups);
        Assert.False(invoice.HasStampDuty);
    }

    [Fact]
    public void Name_that_cannot_be_written_is_reported_by_its_field()
    {
        var buyer = new InvoiceBuyer(new InvoiceAddress("示例路 1", "100000", "北京", null, "CN"))
        {
            Company = "北京示例有限公司",
        };

        var invoice = InvoiceSamples.Create(InvoiceSamples.Simple(), buyer);

        Assert.Equal(
            ["Denominazione", "Indirizzo", "Comune"],
            invoice.Faults.Where(fault => fault.Code == "00200").Select(fault => fault.Field.Split('/')[1]));
    }

    [Fact]
    public void Greek_and_Cyrillic_names_are_transliterated()
    {
        var buyer = Buyer("BG") with { Firstname = "Иван", Lastname = "Ελένη Ψαρρού" };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(InvoiceSamples.Simple(), buyer));

        Assert.Equal("Ivan", invoice.OfBuyer("DatiAnagrafici/Anagrafica/Nome"));
        Assert.Equal("Eleni PSarroy", invoice.OfBuyer("DatiAnagrafici/Anagrafica/Cognome"), ignoreCase: true);
    }

    [Theory]
    [InlineData("N3.2")]
    [InlineData("N7")]
    public void OSS_sale_has_no_Italian_VAT_and_comes_to_what_is_paid(string nature)
    {
        var settings = InvoiceSamples.Settings() with
        {
            OneStopShop = new OneStopShopSettings { Enabled = true, Nature = nature },
        };
        var order = InvoiceSamples.Simple(100m, 19m) with { TotalPaid = 119m };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order, Buyer("DE"), settings));

        Assert.Equal([$"{nature} 100.00 0.00", "N2.2 19.00 0.00"], invoice.Groups);
        Assert.Equal(119m, invoice.Total);
        Assert.False(invoice.HasStampDuty);
    }

    [Fact]
    public void Foreign_rate_without_OSS_is_refused() => Assert.Contains(
        InvoiceSamples.Create(InvoiceSamples.Simple(100m, 19m), Buyer("DE")).Faults, fault => fault.Code == "vat_rate");

    private static InvoiceBuyer Buyer(string country) =>
        new(new InvoiceAddress("10 Example Street", "SW1A 2AA", "Springfield", "CA", country))
        {
            Firstname = "John",
            Lastname = "O’Neill",
        };
}
