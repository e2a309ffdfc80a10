using static ECommerce.Features.Invoices.Validation.InvoiceView;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>Number, dates, and contributions of the document.</summary>
internal static class GeneralRules
{
    public static IEnumerable<InvoiceFault> Check(InvoiceView view, SendingRules rules)
    {
        var general = view.General;
        if (Text(general, "Numero") is { } number && !number.Any(char.IsAsciiDigit))
            yield return Fault(FaultCodes.NumberWithoutDigit, "Numero", "The number has no digit.");
        if (Date(general, "Data") is { } date)
        {
            if (date > rules.Today)
                yield return Fault(FaultCodes.FutureDate, "Data", "The date is later than the day of reception.");
            if (Children(Child(view.Body, "DatiGenerali"), "DatiFattureCollegate")
                .Any(invoice => Date(invoice, "Data") > date))
            {
                yield return Fault(
                    FaultCodes.DateBeforeInvoice, "Data", "The date is earlier than that of the related invoice.");
            }
        }
        if (Children(general, "ScontoMaggiorazione").Any(LineRules.IsEmptyChange))
        {
            yield return Fault(
                FaultCodes.EmptyDocumentDiscount, "ScontoMaggiorazione",
                "Neither a percentage nor an amount is given.");
        }
        var hasWithholding = Child(general, "DatiRitenuta") is not null;
        if (!hasWithholding && view.Lines.Any(static line => Text(line, "Ritenuta") == "SI"))
            yield return Fault(FaultCodes.WithholdingMissing, "DatiRitenuta", "A line has a withholding.");
        if (!hasWithholding && view.Funds.Any(static fund => Text(fund, "Ritenuta") == "SI"))
            yield return Fault(FaultCodes.FundWithholdingMissing, "DatiRitenuta", "A contribution has a withholding.");
        foreach (var fund in view.Funds)
        {
            var (rate, nature) = (Decimal(fund, "AliquotaIVA"), Text(fund, "Natura"));
            if (rate == 0 && nature is null)
                yield return Fault(FaultCodes.FundWithoutNature, "DatiCassaPrevidenziale/Natura", "Rate 0, no nature.");
            if (rate > 0 && nature is not null)
            {
                yield return Fault(
                    FaultCodes.FundWithRateAndNature, "DatiCassaPrevidenziale/Natura", "A rate, and a nature.");
            }
        }
    }

    private static InvoiceFault Fault(string code, string field, string message) =>
        new(code, $"DatiGeneraliDocumento/{field}", message);
}
