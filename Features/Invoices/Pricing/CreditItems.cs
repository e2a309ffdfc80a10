using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Pricing;

/// <summary>
/// The lines of a credit note. Its amounts are positive, so vouchers lower the prices of what they lowered.
/// </summary>
internal static class CreditItems
{
    public static OrderItems From(OrderItems invoiced, InvoicedRefund? refund)
    {
        var folded = Fold(invoiced.Items);
        if (refund is null)
            return invoiced with { Items = folded };
        PricedItem[] items =
        [
            .. refund.Lines.SelectMany(line => Refunded(folded, line)),
            .. Charge(folded, ItemKind.Shipping, refund.Shipping),
            .. Charge(folded, ItemKind.Wrapping, refund.Wrapping),
        ];
        return new OrderItems(items, Money.Round(items.Sum(static item => item.Gross)));
    }

    private static PricedItem[] Fold(IReadOnlyList<PricedItem> items)
    {
        var kept = items.Where(static item => item.Kind != ItemKind.Voucher).ToArray();
        foreach (var voucher in items.Where(static item => item.Kind == ItemKind.Voucher))
        {
            var lowered = kept.Index().Where(entry => Lowers(voucher, entry.Item)).ToArray();
            var gross = lowered.Sum(static entry => entry.Item.Gross);
            if (gross == 0)
                continue;
            var (ofShop, ofGross) = (
                lowered.Sum(static entry => entry.Item.NetOfShop), lowered.Sum(static entry => entry.Item.NetOfGross));
            foreach (var (index, item) in lowered)
            {
                kept[index] = item with
                {
                    NetOfShop = Lowered(item.NetOfShop, voucher.NetOfShop, ofShop),
                    NetOfGross = Lowered(item.NetOfGross, voucher.NetOfGross, ofGross),
                    Gross = item.Gross + (voucher.Gross * item.Gross / gross),
                };
            }
        }
        return kept;
    }

    private static bool Lowers(PricedItem voucher, PricedItem item) => item.Gross > 0 && item.Tax == voucher.Tax
        && item.Kind == voucher.Lowers && (voucher.Line is null || voucher.Line == item.Line);

    // The shop's net price and what is paid may differ in the last decimals: less than nothing is never credited.
    private static decimal Lowered(decimal net, decimal voucher, decimal whole) =>
        whole == 0 ? net : Math.Max(0, LineAmounts.Exact(net + (voucher * net / whole)));

    private static IEnumerable<PricedItem> Refunded(PricedItem[] items, RefundedLine refunded)
    {
        if (refunded.Quantity <= 0 || items.FirstOrDefault(item => item.Line == refunded.Line) is not { } item)
            yield break;
        var part = item with { Quantity = refunded.Quantity };
        yield return part.WithGross(
            refunded.Gross
            ?? UpTo(item, refunded.CreditedBefore + refunded.Quantity) - UpTo(item, refunded.CreditedBefore));
    }

    // Sums are rounded, not parts, so that several credit notes come to what was paid.
    private static decimal UpTo(PricedItem item, decimal quantity) =>
        Money.Round(item.Gross * Math.Min(quantity, item.Quantity) / item.Quantity);

    private static IEnumerable<PricedItem> Charge(PricedItem[] items, ItemKind kind, decimal gross)
    {
        var charged = items.Where(item => item.Kind == kind && item.Gross > 0).ToArray();
        var shares = Shares.Divide(gross, [.. charged.Select(static item => item.Gross)], 2);
        return charged.Zip(shares).Where(static pair => pair.Second > 0)
            .Select(static pair => pair.First.WithGross(pair.Second));
    }
}
