namespace ECommerce.Api.Tests.Sales;

public sealed class VatTotalTests
{
    [Fact]
    public void Discount_is_divided_in_the_proportion_of_the_lines_and_shipping_added_at_its_own_rate()
    {
        PricedLine[] lines = [Line(100, 22), Line(50, 10), Line(20, 4)];
        var totals = OrderTotals.Calculate(lines, discounts: 19.78m, shipping: 12.2m, shippingVatRate: 22);

        var rates = VatTotal.Calculate(Amounts(lines), totals, 22);

        Assert.Equal([4m, 10m, 22m], rates.Select(rate => rate.VatRate));
        Assert.Equal([18.00m, 45.00m, 100.00m], rates.Select(rate => rate.TotalTaxExcl));
        Assert.Equal([0.72m, 4.50m, 22.00m], rates.Select(rate => rate.TotalVat));
        Assert.Equal([18.72m, 49.50m, 122.00m], rates.Select(rate => rate.TotalTaxIncl));
    }

    [Fact]
    public void Discount_higher_than_the_lines_lowers_the_shipping_at_the_rate_of_the_shipping()
    {
        PricedLine[] lines = [Line(100, 22)];
        var totals = OrderTotals.Calculate(lines, discounts: 130, shipping: 10, shippingVatRate: 0);

        var rates = VatTotal.Calculate(Amounts(lines), totals, 0);

        Assert.Equal((2m, 2m), (totals.TotalPaid, totals.TotalPaidTaxExcl));
        Assert.Equal([new VatTotal(0, 2, 0, 2), new VatTotal(22, 0, 0, 0)], rates);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Rates_add_up_to_what_is_paid_to_the_cent_and_none_is_negative(int seed)
    {
        var random = new Random(seed);
        decimal[] known = [0, 4, 5, 10, 22];
        for (var i = 0; i < 2_000; i++)
        {
            PricedLine[] lines =
            [
                .. Enumerable.Range(0, random.Next(1, 8))
                    .Select(_ => Line(random.Next(0, 20_000) / 100m, known[random.Next(known.Length)])),
            ];
            var (shipping, rate) = (random.Next(0, 2_000) / 100m, known[random.Next(known.Length)]);
            var whole = lines.Sum(line => line.TotalPriceTaxIncl) + shipping;
            var discounts = Money.Round(whole * random.Next(0, 101) / 100);
            var totals = OrderTotals.Calculate(lines, discounts, shipping, rate);

            var rates = VatTotal.Calculate(Amounts(lines), totals, rate);

            Assert.Equal(totals.TotalPaid, rates.Sum(one => one.TotalTaxIncl));
            Assert.Equal(totals.TotalPaidTaxExcl, rates.Sum(one => one.TotalTaxExcl));
            Assert.Equal(totals.TotalPaid - totals.TotalPaidTaxExcl, rates.Sum(one => one.TotalVat));
            Assert.All(rates, one => Assert.True(one.TotalTaxExcl >= 0 && one.TotalTaxIncl >= 0, $"{one}"));
            // Half a cent of each line, and one of each share.
            var tolerance = 0.02m + (0.005m * lines.Length);
            Assert.All(rates, one => Assert.InRange(
                one.TotalVat - (one.TotalTaxExcl * one.VatRate / 100), -tolerance, tolerance));
        }
    }

    private static PricedLine Line(decimal price, decimal rate) => PricedLine.Calculate(
        new OrderLineDraft(null, "Servizio", null, 1, price, rate, 0), product: null);

    private static IEnumerable<(decimal, decimal, decimal)> Amounts(IEnumerable<PricedLine> lines) =>
        lines.Select(line => (line.VatRate, line.TotalPriceTaxExcl, line.TotalPriceTaxIncl));
}
