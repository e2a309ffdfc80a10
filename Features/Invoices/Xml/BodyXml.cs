using System.Globalization;
using System.Xml.Linq;
using ECommerce.Features.Invoices.Documents;
using static ECommerce.Features.Invoices.Xml.XmlValues;

namespace ECommerce.Features.Invoices.Xml;

/// <summary>FatturaElettronicaBody.</summary>
internal static class BodyXml
{
    public static XElement Body(InvoiceDocument document) => new(
        "FatturaElettronicaBody", General(document.General),
        new XElement("DatiBeniServizi", document.Lines.Select(Line), document.Summaries.Select(Summary)),
        document.Payments.Select(Payment));

    private static XElement General(DocumentData general) => new(
        "DatiGenerali",
        new XElement(
            "DatiGeneraliDocumento", Text("TipoDocumento", general.Kind), Text("Divisa", general.Currency),
            Date("Data", general.Date), Text("Numero", general.Number),
            general.StampDuty is null
                ? null
                : new XElement(
                    "DatiBollo", Text("BolloVirtuale", "SI"), Amount("ImportoBollo", general.StampDuty)),
            Amount("ImportoTotaleDocumento", general.Total), Amount("Arrotondamento", general.Rounding),
            general.Reasons.Select(static reason => Text("Causale", reason))),
        general.Orders.Select(static order => Reference("DatiOrdineAcquisto", order)),
        general.Invoices.Select(static invoice => Reference("DatiFattureCollegate", invoice)));

    private static XElement Reference(string element, DocumentReference reference) => new(
        element, Text("IdDocumento", reference.Number), Date("Data", reference.Date));

    private static XElement Line(DocumentLine line) => new(
        "DettaglioLinee", Text("NumeroLinea", line.Number.ToString(CultureInfo.InvariantCulture)),
        line.Codes.Select(static code => new XElement(
            "CodiceArticolo", Text("CodiceTipo", code.Kind), Text("CodiceValore", code.Value))),
        Text("Descrizione", line.Description), Exact("Quantita", line.Quantity), Text("UnitaMisura", line.Unit),
        Exact("PrezzoUnitario", line.UnitPrice), line.Changes.Select(Change), Exact("PrezzoTotale", line.Total),
        Amount("AliquotaIVA", line.VatRate), Text("Natura", line.Nature), line.Data.Select(Data));

    private static XElement Change(PriceChange change) => new(
        "ScontoMaggiorazione", Text("Tipo", change.IsSurcharge ? "MG" : "SC"),
        Amount("Percentuale", change.Percentage), Exact("Importo", change.Amount));

    private static XElement Data(ManagementData data) => new(
        "AltriDatiGestionali", Text("TipoDato", data.Kind), Text("RiferimentoTesto", data.Text),
        Exact("RiferimentoNumero", data.Number));

    private static XElement Summary(VatSummary summary) => new(
        "DatiRiepilogo", Amount("AliquotaIVA", summary.VatRate), Text("Natura", summary.Nature),
        Amount("ImponibileImporto", summary.Taxable), Amount("Imposta", summary.Tax),
        Text("EsigibilitaIVA", summary.Collection), Text("RiferimentoNormativo", summary.Law));

    private static XElement Payment(PaymentTerms terms) => new(
        "DatiPagamento", Text("CondizioniPagamento", terms.Terms),
        terms.Details.Select(static detail => new XElement(
            "DettaglioPagamento", Text("ModalitaPagamento", detail.Method),
            Date("DataScadenzaPagamento", detail.DueDate), Amount("ImportoPagamento", detail.Amount),
            Text("IBAN", detail.Iban))));
}
