using System.Globalization;
using System.Text;
using System.Xml.Linq;
using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices;
using ECommerce.Features.Invoices.Requests;
using ECommerce.Features.Invoices.Validation;

namespace ECommerce.Api.Tests.Invoices.Validation;

/// <summary>A valid invoice that a test spoils in one place.</summary>
internal sealed class MutableInvoice
{
    /// <summary>When it is received.</summary>
    public static readonly DateOnly Today = new(2026, 11, 30);

    private readonly XDocument _document;

    private MutableInvoice(byte[] xml) => _document = XDocument.Load(new MemoryStream(xml));

    public XElement Root => _document.Root!;

    public XElement Header => Root.Element("FatturaElettronicaHeader")!;

    public XElement Body => Root.Element("FatturaElettronicaBody")!;

    public XElement General => Body.Element("DatiGenerali")!.Element("DatiGeneraliDocumento")!;

    public XElement Goods => Body.Element("DatiBeniServizi")!;

    public XElement Line => Goods.Element("DettaglioLinee")!;

    public XElement Summary => Goods.Element("DatiRiepilogo")!;

    public XElement Seller => Header.Element("CedentePrestatore")!;

    public XElement Buyer => Header.Element("CessionarioCommittente")!;

    public IReadOnlyList<XElement> Lines => [.. Goods.Elements("DettaglioLinee")];

    public IReadOnlyList<XElement> Summaries => [.. Goods.Elements("DatiRiepilogo")];

    /// <summary>A made invoice without faults.</summary>
    public static MutableInvoice From(CreatedInvoice invoice)
    {
        Assert.Empty(invoice.Faults);
        return new MutableInvoice(invoice.Xml);
    }

    /// <summary>To a company: 100.00 at 22 %, and 50.00 exempt.</summary>
    public static MutableInvoice Create() => new(InvoiceSamples.Create(
        new InvoicedOrder(
            [
                InvoiceSamples.Line(1, "Zaino", 1, 100m, 122m, 22m),
                InvoiceSamples.Line(2, "Corso", 1, 50m, 50m, 0m, "N4"),
            ])
        {
            PaymentMethod = "Bonifico",
        },
        InvoiceSamples.Acme).Xml);

    /// <summary>One line with the prices of a case.</summary>
    public static MutableInvoice WithLine(string quantity, string price, string total, params XElement[] changes)
    {
        var invoice = new MutableInvoice(InvoiceSamples.Create(InvoiceSamples.Simple(), InvoiceSamples.Acme).Xml);
        invoice.Line.Element("Quantita")!.Value = quantity;
        invoice.Line.Element("PrezzoUnitario")!.Value = price;
        invoice.Line.Element("PrezzoUnitario")!.AddAfterSelf(changes);
        invoice.Line.Element("PrezzoTotale")!.Value = total;
        var taxable = decimal.Round(InvoiceXml.Number(total), 2, MidpointRounding.AwayFromZero);
        var tax = decimal.Round(taxable * 0.22m, 2, MidpointRounding.AwayFromZero);
        invoice.Summary.Element("ImponibileImporto")!.Value = taxable.ToString("0.00", CultureInfo.InvariantCulture);
        invoice.Summary.Element("Imposta")!.Value = tax.ToString("0.00", CultureInfo.InvariantCulture);
        invoice.General.Element("ImportoTotaleDocumento")!.Value =
            (taxable + tax).ToString("0.00", CultureInfo.InvariantCulture);
        return invoice;
    }

    public string[] Codes(string? fileName = null) =>
    [
        .. InvoiceValidator.Validate(Bytes(), new SendingRules(Today) { FileName = fileName })
            .Select(fault => fault.Code).Distinct(),
    ];

    public byte[] Bytes() => Encoding.UTF8.GetBytes(_document.ToString(SaveOptions.DisableFormatting));

    public MutableInvoice With(Action<MutableInvoice> change)
    {
        change(this);
        return this;
    }
}
