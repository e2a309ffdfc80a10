using System.Globalization;
using System.Xml.Linq;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Requests;
using static ECommerce.Features.Invoices.Validation.InvoiceView;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>What the SDI accepts though it is wrong.</summary>
internal static class OwnRules
{
    public static IEnumerable<InvoiceFault> Check(InvoiceView view, SendingRules rules) =>
        Total(view).Concat(LineNumbers(view)).Concat(Parties(view)).Concat(Payments(view)).Concat(Rates(view, rules))
            .Concat(rules.StampDuty is { } stamp ? StampDuty(view, stamp) : []);

    private static IEnumerable<InvoiceFault> Total(InvoiceView view)
    {
        var sum = view.Summaries.Sum(static summary =>
            (Decimal(summary, "ImponibileImporto") ?? 0) + (Decimal(summary, "Imposta") ?? 0));
        if (Decimal(view.General, "ImportoTotaleDocumento") is { } total
            && total != sum + (Decimal(view.General, "Arrotondamento") ?? 0))
        {
            yield return new InvoiceFault(
                FaultCodes.DocumentTotal, "DatiGeneraliDocumento/ImportoTotaleDocumento",
                "The total is not the sum of the summaries.");
        }
    }

    private static IEnumerable<InvoiceFault> LineNumbers(InvoiceView view)
    {
        var numbers = view.Lines.Select(static line => int.TryParse(
            Text(line, "NumeroLinea"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0).ToArray();
        if (numbers.Zip(numbers.Skip(1)).Any(static pair => pair.Second <= pair.First))
            yield return new InvoiceFault(FaultCodes.LineNumbers, "NumeroLinea", "Line numbers do not increase.");
    }

    private static IEnumerable<InvoiceFault> Parties(InvoiceView view)
    {
        if (Text(view.Seller, "DatiAnagrafici/CodiceFiscale") is { Length: 16 } code
            && code == Text(view.Buyer, "DatiAnagrafici/CodiceFiscale"))
        {
            yield return new InvoiceFault(
                FaultCodes.SellerHasBuyersTaxCode, "CedentePrestatore/CodiceFiscale",
                "The seller has the tax code of the buyer.");
        }
        foreach (var (party, name) in new[]
        {
            (view.Seller, "CedentePrestatore"), (view.Buyer, "CessionarioCommittente"),
        })
        {
            if (Text(party, "Sede/Nazione") is not (null or TaxNumber.Italy)
                && Text(party, "Sede/Provincia") is not null)
            {
                yield return new InvoiceFault(FaultCodes.Province, $"{name}/Sede/Provincia", "Provinces are Italian.");
            }
        }
    }

    private static IEnumerable<InvoiceFault> Payments(InvoiceView view) =>
        Children(view.Body, "DatiPagamento").SelectMany(static terms => Children(terms, "DettaglioPagamento"))
            .Where(static detail => Text(detail, "IBAN") is { } iban && !Characters.Iban.IsValid(iban))
            .Select(static _ => new InvoiceFault(
                FaultCodes.Iban, "DettaglioPagamento/IBAN", "The check digits of the IBAN are wrong."));

    private static IEnumerable<InvoiceFault> Rates(InvoiceView view, SendingRules rules)
    {
        // What is no percentage has a code of the SDI.
        if (rules.VatRates is { } known && view.Lines.Any(
            line => Decimal(line, "AliquotaIVA") is { } rate and (0 or >= 1) && !known.Contains(rate)))
        {
            yield return new InvoiceFault(
                FaultCodes.VatRate, "DettaglioLinee/AliquotaIVA", "A rate is an average, or not Italian.");
        }
    }

    private static IEnumerable<InvoiceFault> StampDuty(InvoiceView view, StampDutySettings stamp)
    {
        var sum = view.Lines
            .Where(line => Text(line, "Natura") is { } nature && stamp.Natures.Contains(nature)
                && Decimal(line, "AliquotaIVA") == 0 && !IsCharge(line))
            .Sum(static line => Decimal(line, "PrezzoTotale") ?? 0);
        if (Money.Round(sum) > stamp.Threshold && Child(view.General, "DatiBollo") is null)
        {
            yield return new InvoiceFault(
                FaultCodes.StampDuty, "DatiGeneraliDocumento/DatiBollo",
                "Stamp duty is due, and the document does not state it.");
        }
    }

    // The stamp itself, and the VAT of another state.
    private static bool IsCharge(XElement line) =>
        Text(line, "Descrizione")?.Contains("bollo", StringComparison.OrdinalIgnoreCase) == true
        || Children(line, "AltriDatiGestionali").Any(static data => Text(data, "TipoDato") == "OSS");
}
