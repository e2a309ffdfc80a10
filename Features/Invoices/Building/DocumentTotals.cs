using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Pricing;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Building;

/// <summary>
/// The summaries of a document: VAT is computed once for each rate and nature, from the rounded sum of the unrounded
/// lines.
/// </summary>
/// <param name="Items">With the lines that follow from the others: VAT of other states, stamp duty.</param>
/// <param name="Expected">What the document has to come to.</param>
/// <param name="Basis">Which prices it follows.</param>
/// <param name="Summaries">One for each rate and nature.</param>
/// <param name="HasStampDuty">Stamp duty is due.</param>
internal sealed record DocumentTotals(
    PriceBasis Basis, IReadOnlyList<PricedItem> Items, IReadOnlyList<VatSummary> Summaries, decimal Expected,
    bool HasStampDuty)
{
    /// <summary>What the summaries are away from what is paid.</summary>
    public decimal Rounding => Expected - Summaries.Sum(static summary => summary.Taxable + summary.Tax);

    /// <summary>From the shop's net or gross prices: whichever comes to what was paid.</summary>
    public static DocumentTotals Calculate(OrderItems order, InvoiceSettings settings, string country, bool chargeStamp)
    {
        var net = Calculate(order, settings, country, chargeStamp, PriceBasis.Net);
        if (net.Rounding == 0)
            return net;
        var gross = Calculate(order, settings, country, chargeStamp, PriceBasis.Gross);
        return Math.Abs(gross.Rounding) < Math.Abs(net.Rounding) ? gross : net;
    }

    private static DocumentTotals Calculate(
        OrderItems order, InvoiceSettings settings, string country, bool chargeStamp, PriceBasis basis)
    {
        var expected = order.Expected;
        List<PricedItem> items = [.. order.Items];
        items.AddRange(ForeignVat(order.Items, settings.OneStopShop, country, basis));
        var stamp = settings.StampDuty;
        // Before the line that charges it, which would else be the reason for itself.
        var hasStamp = Money.Round(items.Where(item => item.Kind != ItemKind.ForeignVat
            && item.Tax.Nature is { } nature && stamp.Natures.Contains(nature)).Sum(item => item.Net(basis)))
            > stamp.Threshold;
        if (hasStamp && chargeStamp)
        {
            items.Add(StampDuty(settings));
            expected += StampDutySettings.Amount;
        }
        return new DocumentTotals(basis, items, Summarize(items, basis), expected, hasStamp);
    }

    private static IReadOnlyList<VatSummary> Summarize(IEnumerable<PricedItem> items, PriceBasis basis) =>
    [
        .. items.GroupBy(static item => (item.Tax.VatRate, item.Tax.Nature)).Select(group =>
        {
            var taxable = Money.Round(group.Sum(item => item.Net(basis)));
            return new VatSummary(
                group.Key.VatRate, group.Key.Nature, taxable, Money.Round(taxable * group.Key.VatRate / 100));
        }),
    ];

    // The buyer pays it, and it is no Italian VAT.
    private static IEnumerable<PricedItem> ForeignVat(
        IEnumerable<PricedItem> items, OneStopShopSettings settings, string country, PriceBasis basis) =>
        items.Where(static item => item.Tax is { VatRate: 0, ShopRate: > 0 })
            .GroupBy(static item => item.Tax.ShopRate)
            .Select(group => (Rate: group.Key, Vat: Money.Round(
                Money.Round(group.Sum(item => item.Net(basis))) * group.Key / 100)))
            .Where(static vat => vat.Vat != 0)
            .Select(vat => PricedItem.FromGross(
                ItemKind.ForeignVat, $"IVA {country} {Descriptions.Percent(vat.Rate)} (regime OSS)", 1,
                new Taxation(0, settings.VatNature, 0), vat.Vat));

    private static PricedItem StampDuty(InvoiceSettings settings) => PricedItem.FromGross(
        ItemKind.StampDuty, "Imposta di bollo", 1,
        new Taxation(0, settings.Seller.TaxRegime == "RF19" ? "N2.2" : settings.StampDuty.ChargeNature, 0),
        StampDutySettings.Amount);
}
