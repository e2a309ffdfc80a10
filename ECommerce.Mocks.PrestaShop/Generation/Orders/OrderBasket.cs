namespace ECommerce.Mocks.PrestaShop.Generation.Orders;

/// <summary>An amount without and with VAT, in millionths of the order's currency.</summary>
internal readonly record struct Amount(long Net, long Gross)
{
    public static Amount operator +(Amount one, Amount other) => new(one.Net + other.Net, one.Gross + other.Gross);

    public static Amount operator -(Amount one, Amount other) => new(one.Net - other.Net, one.Gross - other.Gross);

    /// <summary>From what the merchant charges, at 22 %.</summary>
    public static Amount FromGross(long gross) =>
        new((long)Math.Round(gross / 1.22m, MidpointRounding.AwayFromZero), gross);
}

/// <summary>A row of an order: unit prices are the reduced ones and contain the ecotax.</summary>
internal sealed record BasketLine(CatalogueItem Item, int Quantity, int ReductionPercent, Amount Unit, Amount Original)
{
    /// <summary>Net, for one piece; taxed at 22 %.</summary>
    public long Ecotax { get; init; }

    public Amount Total { get; init; }
}

/// <summary>A voucher as it lowered the order.</summary>
internal sealed record Voucher(int Rule, string Name, Amount Value, bool IsFreeShipping);

/// <summary>What is in an order and what it costs, by the order's own rule of rounding.</summary>
internal sealed class OrderBasket
{
    private readonly OrderTerms _terms;

    public OrderBasket(OrderTerms terms, IReadOnlyList<CatalogueItem> catalogue, Rng rng)
    {
        _terms = terms;
        Lines = [.. Enumerable.Range(0, rng.Pick([1, 1, 1, 2, 2, 3, 4])).Select(_ => Line(rng.Pick(catalogue), rng))];
        Products = new(
            terms.Rounding.Sum(Lines.Select(line => line.Total.Net)),
            terms.Rounding.Sum(Lines.Select(line => line.Total.Gross)));
        Carrier = rng.Pick([1, 3, 4, 4, 4]);
        var isFree = Carrier == 1 || Products.Gross >= terms.Convert(69);
        var shipping = Part(isFree ? 0 : Carrier == 3 ? 4.90m : 6.90m);
        var wrapping = Part(rng.Chance(8) ? 3.66m : 0);
        Vouchers = [.. PickVouchers(shipping, rng)];
        var discounts = Vouchers.Aggregate(default(Amount), (sum, voucher) => sum + voucher.Value);
        (Shipping, Wrapping, Discounts) = (Rounded(shipping), Rounded(wrapping), Rounded(discounts));
        // Where only the whole is rounded, it is so from exact parts: the rounded ones may make a cent more or less.
        Paid = terms.Rounding.Type == RoundType.Total
            ? Rounded(Sum(static line => line.Total) + shipping + wrapping - discounts)
            : Products + Shipping + Wrapping - Discounts;
    }

    public IReadOnlyList<BasketLine> Lines { get; }

    public IReadOnlyList<Voucher> Vouchers { get; }

    public int Carrier { get; }

    public Amount Products { get; }

    public Amount Shipping { get; }

    public Amount Wrapping { get; }

    public Amount Discounts { get; }

    public Amount Paid { get; }

    private Amount Sum(Func<BasketLine, Amount> amount) =>
        Lines.Aggregate(default(Amount), (sum, line) => sum + amount(line));

    private Amount Part(decimal grossEuros) => Amount.FromGross(_terms.Convert(grossEuros));

    private Amount Rounded(Amount exact) => new(_terms.Rounding.Round(exact.Net), _terms.Rounding.Round(exact.Gross));

    private BasketLine Line(CatalogueItem item, Rng rng)
    {
        var quantity = rng.Pick([1, 1, 1, 2, 3]);
        var reduction = rng.Chance(10) ? rng.Pick([5, 10, 20]) : 0;
        var ecotax = rng.Chance(8) ? _terms.Convert(rng.Pick([0.10m, 0.50m, 1.37m])) : 0;
        var price = _terms.Convert(item.NetPrice);
        var original = WithTax(price, item.VatRate) + WithTax(ecotax, 22);
        var unit = WithTax(price * (100 - reduction) / 100, item.VatRate) + WithTax(ecotax, 22);
        return new BasketLine(item, quantity, reduction, unit, original)
        {
            Ecotax = ecotax,
            Total = new(_terms.Rounding.Row(unit.Net, quantity), _terms.Rounding.Row(unit.Gross, quantity)),
        };
    }

    private IEnumerable<Voucher> PickVouchers(Amount shipping, Rng rng)
    {
        var rounding = _terms.Rounding;
        if (rng.Chance(15))
        {
            var rule = rng.Pick([1, 2, 3]);
            var percent = rule switch { 1 => 5, 2 => 10, _ => 20 };
            var value = new Amount(
                rounding.Round(Products.Net * percent / 100), rounding.Round(Products.Gross * percent / 100));
            yield return new Voucher(rule, $"Sconto {percent} %", value, IsFreeShipping: false);
        }
        if (shipping.Gross > 0 && rng.Chance(12))
            yield return new Voucher(4, "Spedizione gratuita", Rounded(shipping), true);
    }

    private static Amount WithTax(long net, int percent) =>
        new(net, (long)Math.Round(net * (100 + percent) / 100m, MidpointRounding.AwayFromZero));
}
