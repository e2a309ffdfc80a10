namespace ECommerce.Api.Tests.Sales;

public sealed class OrderTotalsTests
{
    [Fact]
    public void Percentages_are_rounded_to_their_stored_precision_before_anything_is_computed()
    {
        var line = PricedLine.Calculate(
            new OrderLineDraft(null, "Servizio", null, 1, 100_000m, 22.0004999m, 10.0005m), product: null);

        Assert.Equal((22m, 10.001m), (line.VatRate, line.ReductionPercent));
        Assert.Equal(Money.Round(100_000m * (1 - 10.001m / 100)), line.TotalPriceTaxExcl);
        Assert.Equal(Money.WithVat(line.TotalPriceTaxExcl, 22m), line.TotalPriceTaxIncl);
    }

    [Theory]
    [InlineData(0, 10, 10, false)]
    [InlineData(0, 10, 4, false)]
    [InlineData(0, 10, 10.01, true)]
    [InlineData(99.99, 7.77, 129.76, false)]
    [InlineData(99.99, 7.77, 129.77, true)]
    [InlineData(0.01, 0, 0.01, false)]
    public void No_total_is_negative_unless_the_discounts_are_higher(
        double price, double shipping, double discounts, bool isNegative)
    {
        var line = PricedLine.Calculate(
            new OrderLineDraft(null, "Servizio", null, 1, (decimal)price, 22m, 0), product: null);

        var totals = OrderTotals.Calculate([line], (decimal)discounts, (decimal)shipping, 22m);

        Assert.Equal(isNegative, totals.IsNegative);
        if (totals.TotalPaid == 0)
            Assert.Equal(0, totals.TotalPaidTaxExcl);
    }
}
