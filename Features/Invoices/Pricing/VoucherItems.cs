using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Pricing;

/// <summary>
/// Vouchers as negative lines, one for each rate that they lower, in the proportion of what is still to be paid at each
/// rate.
/// </summary>
internal sealed class VoucherItems(IReadOnlyList<PricedItem> items)
{
    private static readonly ItemKind[] Order = [ItemKind.Goods, ItemKind.Shipping, ItemKind.Wrapping];

    private readonly decimal[] _left = [.. items.Select(static item => item.Gross)];

    public IReadOnlyList<PricedItem> Of(InvoicedVoucher voucher)
    {
        var lines = new List<PricedItem>();
        var rest = voucher.Value;
        if (voucher.FreeShipping)
            rest -= Take(lines, voucher, rest, item => item.Kind == ItemKind.Shipping, ItemKind.Shipping, null);
        if (voucher.GiftLine is { } gift)
            rest -= Take(lines, voucher, rest, item => item.Line == gift, ItemKind.Goods, gift);
        if (OnlyRate(voucher, rest) is { } rate)
        {
            rest -= Take(
                lines, voucher, rest, item => item.Kind == ItemKind.Goods && item.Tax.ShopRate == rate,
                ItemKind.Goods, null);
        }
        // What is left when the goods cost nothing more lowers the rest.
        foreach (var kind in Order)
            rest -= Take(lines, voucher, rest, item => item.Kind == kind, kind, null);
        return lines;
    }

    // A voucher for goods of one rate shows it by its net value.
    private decimal? OnlyRate(InvoicedVoucher voucher, decimal rest)
    {
        if (voucher.NetValue is not { } net || rest != voucher.Value)
            return null;
        var groups = items.Index().Where(static entry => entry.Item.Kind == ItemKind.Goods)
            .GroupBy(static entry => entry.Item.Tax.ShopRate)
            .Select(group => (Rate: group.Key, Left: group.Sum(entry => _left[entry.Index]))).ToArray();
        var whole = groups.Sum(static group => group.Left);
        if (groups.Length < 2 || whole <= 0)
            return null;
        var divided = groups.Sum(group => LineAmounts.WithoutVat(rest * group.Left / whole, group.Rate));
        if (Math.Abs(divided - net) <= 0.02m)
            return null;
        var fitting = groups.Where(
            group => group.Left >= rest && Math.Abs(LineAmounts.WithoutVat(rest, group.Rate) - net) <= 0.01m).ToArray();
        return fitting is [var only] ? only.Rate : null;
    }

    private decimal Take(
        List<PricedItem> lines, InvoicedVoucher voucher, decimal value, Func<PricedItem, bool> lowers, ItemKind kind,
        long? line)
    {
        var lowered = items.Index().Where(entry => lowers(entry.Item) && _left[entry.Index] > 0).ToArray();
        var groups = lowered.GroupBy(static entry => entry.Item.Tax).ToArray();
        var weights = groups.Select(group => group.Sum(entry => _left[entry.Index])).ToArray();
        var taken = Math.Min(value, weights.Sum());
        if (taken <= 0)
            return 0;
        // Whole cents, except where everything is taken: then nothing is to be left.
        var shares = taken == weights.Sum() ? weights : Shares.Divide(taken, weights, 2);
        foreach (var (group, share) in groups.Zip(shares))
        {
            lines.Add(
                PricedItem.FromGross(ItemKind.Voucher, Describe(voucher), 1, group.Key, -share) with
                {
                    Lowers = kind,
                    Line = line,
                });
            var whole = group.Sum(entry => _left[entry.Index]);
            foreach (var (index, _) in group)
                _left[index] -= share * _left[index] / whole;
        }
        return taken;
    }

    private static string Describe(InvoicedVoucher voucher) => $"Sconto {voucher.Name}".TrimEnd();
}
