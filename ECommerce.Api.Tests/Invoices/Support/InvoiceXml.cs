using System.Globalization;
using System.Xml.Linq;
using ECommerce.Features.Invoices;

namespace ECommerce.Api.Tests.Invoices.Support;

/// <summary>Reads values out of an invoice by their place, independently of the reader under test.</summary>
internal sealed class InvoiceXml(byte[] xml)
{
    private const string General = "FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento/";
    private const string Goods = "FatturaElettronicaBody/DatiBeniServizi/";
    private const string Buyer = "FatturaElettronicaHeader/CessionarioCommittente/";

    private readonly XElement _root = XDocument.Load(new MemoryStream(xml)).Root!;

    /// <summary>The XML of an invoice without faults.</summary>
    public static InvoiceXml Valid(CreatedInvoice invoice)
    {
        Assert.Empty(invoice.Faults);
        return new InvoiceXml(invoice.Xml);
    }

    public string? RecipientCode => Text("FatturaElettronicaHeader/DatiTrasmissione/CodiceDestinatario");

    public decimal Total => Decimal(General + "ImportoTotaleDocumento");

    public decimal? Rounding => All(General + "Arrotondamento").Select(Number).Cast<decimal?>().SingleOrDefault();

    public bool HasStampDuty => Text(General + "DatiBollo/BolloVirtuale") == "SI";

    public decimal Paid => All("FatturaElettronicaBody/DatiPagamento/DettaglioPagamento/ImportoPagamento").Sum(Number);

    public XElement[] Lines => [.. Find(Goods + "DettaglioLinee")];

    public XElement[] Summaries => [.. Find(Goods + "DatiRiepilogo")];

    /// <summary>Rate or nature, taxable amount and tax of each summary: <c>22.00 94.25 20.74</c>.</summary>
    public string[] Groups =>
    [
        .. Summaries.Select(summary => string.Join(
            ' ', summary.Element("Natura")?.Value ?? summary.Element("AliquotaIVA")!.Value,
            summary.Element("ImponibileImporto")!.Value, summary.Element("Imposta")!.Value)),
    ];

    public string? OfBuyer(string path) => Text(Buyer + path);

    public string? Text(string path) => Find(path).FirstOrDefault()?.Value;

    public string[] All(string path) => [.. Find(path).Select(element => element.Value)];

    public decimal Decimal(string path) => Number(Text(path)!);

    public static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private IEnumerable<XElement> Find(string path) => path.Split('/')
        .Aggregate<string, IEnumerable<XElement>>([_root], (found, name) => found.Elements(name));
}
