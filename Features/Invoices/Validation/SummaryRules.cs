using System.Globalization;
using System.Xml.Linq;
using static ECommerce.Features.Invoices.Validation.InvoiceView;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>The summaries by themselves, and against the lines.</summary>
internal static class SummaryRules
{
    private const decimal TaxTolerance = 0.01m;
    private const decimal TaxableTolerance = 1m;

    public static IEnumerable<InvoiceFault> Check(InvoiceView view, SendingRules rules) =>
        view.Summaries.SelectMany(summary => Each(summary, view.Kind)).Concat(Sums(view)).Concat(Sets(view));

    private static IEnumerable<InvoiceFault> Each(XElement summary, string? kind)
    {
        var (rate, nature) = (Decimal(summary, "AliquotaIVA"), Text(summary, "Natura"));
        if (rate == 0 && nature is null)
            yield return Fault(rate, FaultCodes.SummaryWithoutNature, "Natura", "Rate 0 needs a nature.");
        if (rate > 0 && nature is not null && kind != "TD16")
            yield return Fault(rate, FaultCodes.SummaryWithRateAndNature, "Natura", "A rate excludes a nature.");
        if (rate is > 0 and < 1)
            yield return Fault(rate, FaultCodes.VatPercentage, "AliquotaIVA", "The rate is no percentage.");
        if (LineRules.IsGeneric(nature))
            yield return Fault(rate, FaultCodes.GenericSummaryNature, "Natura", "The nature needs its detail.");
        if (Text(summary, "EsigibilitaIVA") == "S" && nature?.StartsWith("N6", StringComparison.Ordinal) == true)
        {
            yield return Fault(
                rate, FaultCodes.SplitReverseCharge, "EsigibilitaIVA", "Reverse charge excludes split payment.");
        }
        if (Decimal(summary, "ImponibileImporto") is { } taxable && Decimal(summary, "Imposta") is { } tax
            && Math.Abs(tax - Money.Round(taxable * (rate ?? 0) / 100)) > TaxTolerance)
        {
            yield return Fault(rate, FaultCodes.Tax, "Imposta", "The tax is not the rate of the taxable amount.");
        }
    }

    private static IEnumerable<InvoiceFault> Sums(InvoiceView view)
    {
        foreach (var group in view.Summaries.GroupBy(Key))
        {
            var lines = view.Lines.Where(line => Key(line) == group.Key).Sum(Amount("PrezzoTotale"))
                + view.Funds.Where(fund => Key(fund) == group.Key).Sum(Amount("ImportoContributoCassa"))
                + group.Sum(Amount("Arrotondamento"));
            if (Math.Abs(group.Sum(Amount("ImponibileImporto")) - lines) >= TaxableTolerance)
            {
                yield return Fault(
                    group.Key.Rate, FaultCodes.Taxable, "ImponibileImporto",
                    "The taxable amount is not the sum of the lines.");
            }
        }
    }

    private static IEnumerable<InvoiceFault> Sets(InvoiceView view)
    {
        var taxed = view.Lines.Concat(view.Funds).Select(Key).ToHashSet();
        var summed = view.Summaries.Select(Key).ToHashSet();
        var missing = view.Lines.Select(static line => Key(line).Rate).Distinct()
            .Except(summed.Select(static key => key.Rate)).ToArray();
        foreach (var rate in missing)
            yield return Fault(rate, FaultCodes.RateWithoutSummary, "AliquotaIVA", "The rate has no summary.");
        if (!taxed.Select(static key => key.Rate).ToHashSet().SetEquals(summed.Select(static key => key.Rate)))
            yield return Fault(null, FaultCodes.Rates, "AliquotaIVA", "Lines and summaries have different rates.");
        if (!taxed.Select(static key => key.Nature).ToHashSet().SetEquals(summed.Select(static key => key.Nature)))
            yield return Fault(null, FaultCodes.Natures, "Natura", "Lines and summaries have different natures.");
    }

    private static (decimal? Rate, string? Nature) Key(XElement element) =>
        (Decimal(element, "AliquotaIVA"), Text(element, "Natura"));

    private static Func<XElement, decimal> Amount(string name) => element => Decimal(element, name) ?? 0;

    private static InvoiceFault Fault(decimal? rate, string code, string field, string message) => new(
        code, rate is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"DatiRiepilogo[{known:0.00}]/{field}")
            : $"DatiRiepilogo/{field}", message);
}
