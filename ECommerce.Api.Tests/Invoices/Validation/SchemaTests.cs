using System.Text;
using System.Xml.Linq;
using ECommerce.Features.Invoices.Validation;

namespace ECommerce.Api.Tests.Invoices.Validation;

public sealed class SchemaTests
{
    /// <summary>Places, and values that they cannot have.</summary>
    public static TheoryData<string, string> Values => new()
    {
        { "FatturaElettronicaHeader/CessionarioCommittente/Sede/CAP", "SW1A 2AA" },
        { "FatturaElettronicaHeader/CessionarioCommittente/Sede/Provincia", "Napoli" },
        { "FatturaElettronicaHeader/CessionarioCommittente/Sede/Indirizzo", "" },
        { "FatturaElettronicaHeader/CessionarioCommittente/Sede/Comune", "Napoli €" },
        { "FatturaElettronicaHeader/CedentePrestatore/DatiAnagrafici/CodiceFiscale", "bnclra85t50f839z" },
        { "FatturaElettronicaHeader/CedentePrestatore/DatiAnagrafici/RegimeFiscale", "RF03" },
        { "FatturaElettronicaHeader/DatiTrasmissione/ProgressivoInvio", "12345678901" },
        { "FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento/Data", "2026-02-30" },
        { "FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento/Data", "16/11/2026" },
        { "FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento/TipoDocumento", "TD07" },
        { "FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento/ImportoTotaleDocumento", "172" },
        { "FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento/Numero", "123456789012345678901" },
        { "FatturaElettronicaBody/DatiBeniServizi/DettaglioLinee/Quantita", "-1.00" },
        { "FatturaElettronicaBody/DatiBeniServizi/DettaglioLinee/PrezzoUnitario", "1.5" },
        { "FatturaElettronicaBody/DatiBeniServizi/DettaglioLinee/NumeroLinea", "0" },
        { "FatturaElettronicaBody/DatiPagamento/DettaglioPagamento/ModalitaPagamento", "MP24" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_of_another_form_is_refused(string path, string value)
    {
        var codes = MutableInvoice.Create().With(invoice => invoice.Root.With(path, value)).Codes();

        Assert.Contains("00200", codes);
    }

    [Fact]
    public void Missing_element_is_refused() => Refused(
        invoice => invoice.Buyer.Element("Sede")!.Element("Comune")!.Remove());

    [Fact]
    public void Element_in_the_wrong_place_is_refused() => Refused(invoice =>
    {
        var city = invoice.Buyer.Element("Sede")!.Element("Comune")!;
        city.Remove();
        invoice.Buyer.Element("Sede")!.AddFirst(city);
    });

    [Fact]
    public void Unknown_element_is_refused() => Refused(
        invoice => invoice.Line.Add(new XElement("Sconto", "1.00")));

    [Fact]
    public void Second_element_of_a_single_one_is_refused() => Refused(
        invoice => invoice.Buyer.Element("Sede")!.Element("CAP")!.AddAfterSelf(new XElement("CAP", "80121")));

    [Fact]
    public void Company_and_person_at_once_are_refused() => Refused(
        invoice => invoice.Buyer.At("DatiAnagrafici/Anagrafica").Add(new XElement("Cognome", "Rossi")));

    [Fact]
    public void Elements_in_the_namespace_of_the_root_are_refused() => Refused(
        invoice => invoice.Header.Name = invoice.Root.Name.Namespace + invoice.Header.Name.LocalName);

    [Fact]
    public void Root_without_its_namespace_is_refused() => Refused(
        invoice => invoice.Root.Name = invoice.Root.Name.LocalName);

    [Theory]
    [InlineData("byte order mark")]
    [InlineData("declared utf-16")]
    [InlineData("latin-1 bytes")]
    [InlineData("document type")]
    [InlineData("no XML")]
    [InlineData("nothing")]
    public void Bytes_of_another_form_are_refused(string kind)
    {
        var bytes = Bytes(kind, Encoding.UTF8.GetString(MutableInvoice.Create().Bytes()));

        var faults = InvoiceValidator.Validate(bytes, new SendingRules(new DateOnly(2026, 11, 30)));

        Assert.Equal(["00200"], faults.Select(fault => fault.Code).Distinct());
    }

    [Theory]
    [InlineData("<?xml-stylesheet type=\"text/xsl\" href=\"a.xsl\"?>")]
    [InlineData("<?robots index=\"no\"?>")]
    public void Processing_instruction_is_refused(string instruction)
    {
        var text = instruction + Encoding.UTF8.GetString(MutableInvoice.Create().Bytes());

        var faults = InvoiceValidator.Validate(
            Encoding.UTF8.GetBytes(text), new SendingRules(new DateOnly(2026, 11, 30)));

        Assert.Equal(["prolog"], faults.Select(fault => fault.Code));
    }

    private static void Refused(Action<MutableInvoice> spoil) =>
        Assert.Contains("00200", MutableInvoice.Create().With(spoil).Codes());

    private static byte[] Bytes(string kind, string text) => kind switch
    {
        "byte order mark" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        "declared utf-16" => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-16\"?>" + text),
        "latin-1 bytes" => Encoding.Latin1.GetBytes(text.Replace("Zaino", "Caffè", StringComparison.Ordinal)),
        "document type" => Encoding.UTF8.GetBytes("<!DOCTYPE a [<!ENTITY b \"c\">]>" + text),
        "no XML" => "{}"u8.ToArray(),
        _ => [],
    };
}
