using System.Xml.Linq;
using static ECommerce.Features.Invoices.Validation.InvoiceView;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>Each line by itself.</summary>
internal static class LineRules
{
    // With the unrounded product: refusals of a difference of 0.0112 are known.
    private const decimal Tolerance = 0.01m;

    public static IEnumerable<InvoiceFault> Check(InvoiceView view, SendingRules rules)
    {
        foreach (var line in view.Lines)
        {
            var (rate, nature) = (Decimal(line, "AliquotaIVA"), Text(line, "Natura"));
            if (rate == 0 && nature is null)
                yield return Fault(line, FaultCodes.LineWithoutNature, "Natura", "Rate 0 needs a nature.");
            // Integrations of invoices of others state both.
            if (rate > 0 && nature is not null && view.Kind != "TD16")
                yield return Fault(line, FaultCodes.LineWithRateAndNature, "Natura", "A rate excludes a nature.");
            if (rate is > 0 and < 1)
                yield return Fault(line, FaultCodes.VatPercentage, "AliquotaIVA", "The rate is no percentage.");
            if (IsGeneric(nature))
                yield return Fault(line, FaultCodes.GenericLineNature, "Natura", "The nature needs its detail.");
            if (view.Kind == "TD21" && rate == 0)
                yield return Fault(line, FaultCodes.SelfInvoiceWithoutVat, "AliquotaIVA", "TD21 needs a rate.");
            if (Children(line, "ScontoMaggiorazione").Any(IsEmptyChange))
            {
                yield return Fault(
                    line, FaultCodes.EmptyLineDiscount, "ScontoMaggiorazione",
                    "Neither a percentage nor an amount is given.");
            }
            if (Decimal(line, "PrezzoTotale") is { } total && ReducedPrice(line) is { } price
                && Math.Abs(total - (price * (Decimal(line, "Quantita") ?? 1))) > Tolerance)
            {
                yield return Fault(
                    line, FaultCodes.LineTotal, "PrezzoTotale", "The total is not quantity times unit price.");
            }
        }
    }

    /// <summary>N2, N3 and N6 without their detail have not been allowed since 2021.</summary>
    public static bool IsGeneric(string? nature) => nature is "N2" or "N3" or "N6";

    public static bool IsEmptyChange(XElement change) =>
        Text(change, "Percentuale") is null && Text(change, "Importo") is null;

    // One after the other; an amount is for one piece and counts where a percentage is given, too.
    private static decimal? ReducedPrice(XElement line)
    {
        if (Decimal(line, "PrezzoUnitario") is not { } price)
            return null;
        foreach (var change in Children(line, "ScontoMaggiorazione"))
        {
            var amount = Decimal(change, "Importo") ?? (price * (Decimal(change, "Percentuale") ?? 0) / 100);
            price += Text(change, "Tipo") == "MG" ? amount : -amount;
        }
        return decimal.Round(price, 8, MidpointRounding.AwayFromZero);
    }

    private static InvoiceFault Fault(XElement line, string code, string field, string message) =>
        new(code, $"DettaglioLinee[{Text(line, "NumeroLinea")}]/{field}", message);
}
