namespace ECommerce.Features.Sales;

/// <summary>What a document comes to at one rate of VAT, after discounts and with shipping.</summary>
internal sealed record VatTotal(decimal VatRate, decimal TotalTaxExcl, decimal TotalVat, decimal TotalTaxIncl)
{
    /// <summary>
    /// The totals by rate, from the lowest: they add up to what is paid, net and gross, to the cent. A discount lowers
    /// the lines in the proportion of their amounts, and then the shipping.
    /// </summary>
    public static IReadOnlyList<VatTotal> Calculate(
        IEnumerable<(decimal VatRate, decimal Net, decimal Gross)> lines, OrderTotals totals, decimal shippingVatRate)
    {
        var rates = lines.GroupBy(line => line.VatRate)
            .Select(group => (Rate: group.Key, Net: group.Sum(line => line.Net), Gross: group.Sum(line => line.Gross)))
            .OrderBy(group => group.Rate).ToArray();
        var ofLines = Math.Min(totals.TotalDiscounts, totals.TotalProductsWt);
        var netOfLines = totals.TotalDiscounts < totals.TotalProductsWt
            ? totals.TotalDiscountsTaxExcl
            : totals.TotalProducts;

        var sums = new SortedDictionary<decimal, (decimal Net, decimal Gross)>();
        var (net, gross) = (new Share(netOfLines, totals.TotalProducts), new Share(ofLines, totals.TotalProductsWt));
        foreach (var rate in rates)
            Add(rate.Rate, rate.Net - net.Next(rate.Net), rate.Gross - gross.Next(rate.Gross));
        Add(
            Percentage.Round(shippingVatRate),
            totals.TotalShippingTaxExcl - (totals.TotalDiscountsTaxExcl - netOfLines),
            totals.TotalShipping - (totals.TotalDiscounts - ofLines));
        return
        [
            .. sums.Where(sum => sum.Value != default || rates.Any(rate => rate.Rate == sum.Key))
                .Select(sum => new VatTotal(
                    sum.Key, sum.Value.Net, sum.Value.Gross - sum.Value.Net, sum.Value.Gross)),
        ];

        void Add(decimal rate, decimal netPart, decimal grossPart)
        {
            var sum = sums.GetValueOrDefault(rate);
            sums[rate] = (sum.Net + netPart, sum.Gross + grossPart);
        }
    }

    /// <summary>
    /// Divides an amount in the proportion of parts: each part is the difference of two rounded sums, so that no cent
    /// is lost or invented.
    /// </summary>
    private sealed class Share(decimal amount, decimal whole)
    {
        private decimal _parts;
        private decimal _given;

        public decimal Next(decimal part)
        {
            _parts += part;
            var given = whole == 0 ? 0 : Money.Round(amount * _parts / whole);
            (var next, _given) = (given - _given, given);
            return next;
        }
    }
}
