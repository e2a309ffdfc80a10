using System.Xml.Linq;

namespace ECommerce.Api.Tests.Invoices.Validation;

public sealed class LineTotalTests
{
    [Theory]
    [InlineData("22633.00", "0.030987", "701.33", true)]
    [InlineData("22633.00", "0.030987", "701.34", false)]
    [InlineData("22633.00", "0.030987", "701.32", true)]
    [InlineData("814.65", "1.30", "1059.05", true)]
    [InlineData("814.65", "1.30", "1059.04", true)]
    [InlineData("814.65", "1.30", "1059.06", false)]
    [InlineData("999999.00", "1.11", "1110998.89", false)]
    [InlineData("999999.00", "1.111", "1110998.89", true)]
    [InlineData("240.00", "0.65", "155.41", false)]
    [InlineData("240.00", "0.64754167", "155.41", true)]
    [InlineData("1.00", "10.00", "10.01", true)]
    [InlineData("1.00", "10.00", "10.011", false)]
    [InlineData("1.00", "10.00", "9.99", true)]
    public void Total_is_compared_with_the_unrounded_product(
        string quantity, string price, string total, bool isValid) =>
        Assert.Equal(isValid ? [] : ["00423"], MutableInvoice.WithLine(quantity, price, total).Codes());

    [Theory]
    [InlineData("1620.00", "1.84", "2546.00", "SC1.00 SC2.00 SC1.80 SC2.00 SC0.50 SC8.06", true)]
    [InlineData("1620.00", "1.84", "2545.99", "SC1.00 SC2.00 SC1.80 SC2.00 SC0.50 SC8.06", false)]
    [InlineData("1620.00", "1.84", "2522.95", "SC1.00 SC2.00 SC1.80 SC2.00 SC0.50 SC8.06", false)]
    [InlineData("1.00", "100.00", "90.00", "SC20.00/10.00", true)]
    [InlineData("1.00", "100.00", "80.00", "SC20.00/10.00", false)]
    [InlineData("1.00", "50.00", "49.50", "MG10.00 SC10.00", true)]
    [InlineData("1.00", "50.00", "50.00", "MG10.00 SC10.00", false)]
    public void Discounts_change_the_unit_price_one_after_the_other(
        string quantity, string price, string total, string changes, bool isValid)
    {
        var elements = changes.Split(' ').Select(change => change[2..].Split('/') is [var percentage, .. var amount]
            ? new XElement(
                "ScontoMaggiorazione", new XElement("Tipo", change[..2]), new XElement("Percentuale", percentage),
                amount.Select(value => new XElement("Importo", value)))
            : throw new FormatException(change));

        Assert.Equal(
            isValid ? [] : ["00423"], MutableInvoice.WithLine(quantity, price, total, [.. elements]).Codes());
    }
}
