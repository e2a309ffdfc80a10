using System.Globalization;
using System.Xml.Linq;
using ECommerce.Features.Invoices.Documents;
using static ECommerce.Features.Invoices.Xml.InvoiceXmlReader;

namespace ECommerce.Features.Invoices.Xml;

/// <summary>Reads lines, summaries and payments.</summary>
internal static class LineXml
{
    public static DocumentLine Line(XElement line) => new(
        Number(line), Text(line, "Descrizione") ?? "", Decimal(line, "Quantita"),
        Decimal(line, "PrezzoUnitario") ?? 0, Decimal(line, "PrezzoTotale") ?? 0, Decimal(line, "AliquotaIVA") ?? 0)
    {
        Unit = Text(line, "UnitaMisura"),
        Nature = Text(line, "Natura"),
        Codes =
        [
            .. Children(line, "CodiceArticolo").Select(static code =>
                new ItemCode(Text(code, "CodiceTipo") ?? "", Text(code, "CodiceValore") ?? "")),
        ],
        Changes =
        [
            .. Children(line, "ScontoMaggiorazione").Select(static change => new PriceChange(
                Text(change, "Tipo") == "MG", Decimal(change, "Percentuale"), Decimal(change, "Importo"))),
        ],
        Data =
        [
            .. Children(line, "AltriDatiGestionali").Select(static data => new ManagementData(
                Text(data, "TipoDato") ?? "", Text(data, "RiferimentoTesto"), Decimal(data, "RiferimentoNumero"))),
        ],
    };

    public static VatSummary Summary(XElement summary) => new(
        Decimal(summary, "AliquotaIVA") ?? 0, Text(summary, "Natura"), Decimal(summary, "ImponibileImporto") ?? 0,
        Decimal(summary, "Imposta") ?? 0)
    {
        Collection = Text(summary, "EsigibilitaIVA"),
        Law = Text(summary, "RiferimentoNormativo"),
    };

    public static PaymentTerms Payment(XElement terms) => new(
        Text(terms, "CondizioniPagamento") ?? "",
        [
            .. Children(terms, "DettaglioPagamento").Select(static detail => new PaymentDetail(
                Text(detail, "ModalitaPagamento") ?? "", Decimal(detail, "ImportoPagamento") ?? 0)
            {
                DueDate = Date(detail, "DataScadenzaPagamento"),
                Iban = Text(detail, "IBAN"),
            }),
        ]);

    private static int Number(XElement line) =>
        int.TryParse(Text(line, "NumeroLinea"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
}
