using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Pricing;

/// <summary>
/// Shipping and wrapping as lines. Shops with several rates in a cart state an average, or none: such a rate does not
/// exist, and the amount is divided in the proportion of the goods.
/// </summary>
internal sealed class ChargeItems(
    IReadOnlyList<PricedItem> goods, Taxations taxations, IReadOnlyList<decimal> vatRates)
{
    // The net and the gross amount were rounded by the shop, each for itself.
    private const decimal Tolerance = 0.011m;

    private readonly (Taxation Tax, decimal Net, decimal Gross)[] _groups =
    [
        .. goods.GroupBy(static item => item.Tax).Select(static group => (
            group.Key, group.Sum(static item => item.NetOfShop), group.Sum(static item => item.Gross))),
    ];

    public IReadOnlyList<PricedItem> Of(InvoicedCharge? charge, ItemKind kind, string description)
    {
        if (charge is null || (charge.Net <= 0 && charge.Gross is null or <= 0))
            return [];
        if (_groups is [{ Tax.ShopRate: 0 } group] && taxations.Of(22, null).ShopRate == 0)
            return [PricedItem.FromGross(kind, description, 1, group.Tax, GrossOf(charge))];
        return Single(charge) is { } tax ? [One(charge, kind, description, tax)] : Divided(charge, kind, description);
    }

    private static PricedItem One(InvoicedCharge charge, ItemKind kind, string description, Taxation tax)
    {
        var gross = charge.Gross ?? Money.WithVat(charge.Net, tax.ShopRate);
        return PricedItem.FromGross(kind, description, 1, tax, gross) with
        {
            NetOfShop = LineAmounts.Exact(charge.Net),
        };
    }

    // The only rate that the amounts can have; null: there are several.
    private Taxation? Single(InvoicedCharge charge)
    {
        var ofGoods = _groups.Select(static group => group.Tax).ToArray();
        var stated = charge.VatRate is { } rate ? ofGoods.FirstOrDefault(tax => tax.ShopRate == rate) : null;
        if (stated is not null && Fits(charge, stated.ShopRate))
            return stated;
        // Before other rates: an average may look like one of them.
        if (_groups.Length > 1 && Math.Abs(ByNet(charge).Sum(static part => part.Gross) - GrossOf(charge)) <= 0.02m)
            return null;
        // Shipping without VAT for goods with VAT is an error of the shop: shipping follows the goods.
        var others = vatRates.Where(static other => other > 0).ToArray();
        if (charge.VatRate is { } known && others.Contains(known) && Fits(charge, known))
            return taxations.Of(known, null);
        return ofGoods.FirstOrDefault(tax => Fits(charge, tax.ShopRate))
            ?? others.Where(other => Fits(charge, other)).Select(other => taxations.Of(other, null)).FirstOrDefault();
    }

    private static bool Fits(InvoicedCharge charge, decimal rate) => charge.Gross is not { } gross
        || Math.Abs(LineAmounts.WithVat(charge.Net, rate) - gross) <= Tolerance;

    private decimal GrossOf(InvoicedCharge charge) => charge.Gross ?? (charge.VatRate is { } rate
        ? Money.WithVat(charge.Net, rate)
        : Money.Round(ByNet(charge).Sum(static part => part.Gross)));

    private IReadOnlyList<PricedItem> Divided(InvoicedCharge charge, ItemKind kind, string description)
    {
        var gross = GrossOf(charge);
        var byNet = ByNet(charge);
        var sum = byNet.Sum(static part => part.Gross);
        if (sum > 0 && Math.Abs(sum - gross) <= 0.02m)
        {
            return
            [
                .. byNet.Where(static part => part.Net != 0).Select(part =>
                    PricedItem.FromGross(kind, description, 1, part.Tax, part.Gross * gross / sum) with
                    {
                        NetOfShop = part.Net,
                    }),
            ];
        }
        var shares = Shares.Divide(gross, [.. _groups.Select(static group => group.Gross)], 2);
        return
        [
            .. shares.Index().Where(static share => share.Item != 0).Select(share =>
                PricedItem.FromGross(kind, description, 1, _groups[share.Index].Tax, share.Item)),
        ];
    }

    private (Taxation Tax, decimal Net, decimal Gross)[] ByNet(InvoicedCharge charge)
    {
        var shares = Shares.Divide(
            charge.Net, [.. _groups.Select(static group => group.Net)], LineAmounts.Decimals);
        return
        [
            .. shares.Index().Select(share => (
                _groups[share.Index].Tax, share.Item,
                LineAmounts.WithVat(share.Item, _groups[share.Index].Tax.ShopRate))),
        ];
    }
}
