using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Cases;

public sealed class ShippingTests
{
    private static readonly InvoicedOrder Goods = new(
        [
            InvoiceSamples.Line(1, "Zaino", 1, 100m, 122m, 22m),
            InvoiceSamples.Line(2, "Guida turistica", 1, 50m, 52m, 4m),
        ]);

    [Theory]
    [InlineData(16.0)]
    [InlineData(0.0)]
    [InlineData(null)]
    public void Average_rate_is_divided_by_the_net_of_the_goods(double? stated)
    {
        var order = Goods with
        {
            Shipping = new InvoicedCharge(7.5m, 8.7m, (decimal?)stated),
            TotalPaid = 182.70m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 105.00 23.10", "4.00 52.50 2.10"], invoice.Groups);
        Assert.Equal(["5.00", "2.50"], invoice.Lines[2..].Select(line => line.Element("PrezzoTotale")!.Value));
        Assert.Equal(182.70m, invoice.Total);
    }

    [Fact]
    public void Average_that_looks_like_a_rate_is_divided()
    {
        // 50 at 22 % and 100 at 4 % have an average of 10 %, which is a rate of its own.
        var order = new InvoicedOrder(
            [InvoiceSamples.Line(1, "Zaino", 1, 50m, 61m, 22m), InvoiceSamples.Line(2, "Guida", 1, 100m, 104m, 4m)])
        {
            Shipping = new InvoicedCharge(9m, 9.9m, 10m),
            TotalPaid = 174.90m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 53.00 11.66", "4.00 106.00 4.24"], invoice.Groups);
    }

    [Fact]
    public void Rate_of_the_carrier_is_kept()
    {
        var order = Goods with { Shipping = new InvoicedCharge(7.5m, 9.15m, 22m), TotalPaid = 183.15m };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 107.50 23.65", "4.00 50.00 2.00"], invoice.Groups);
        Assert.Equal(183.15m, invoice.Total);
    }

    [Fact]
    public void Shipping_without_VAT_for_goods_with_VAT_contains_their_VAT()
    {
        var order = InvoiceSamples.Simple() with
        {
            Shipping = new InvoicedCharge(12.2m, 12.2m, 0m),
            TotalPaid = 134.2m,
        };

        Assert.Equal(["22.00 110.00 24.20"], InvoiceXml.Valid(InvoiceSamples.Create(order)).Groups);
    }

    [Fact]
    public void Wrapping_is_a_line_with_the_rate_of_its_amounts()
    {
        var order = InvoiceSamples.TwoRates() with
        {
            Wrapping = new InvoicedCharge(2m, 2.44m, null),
            TotalPaid = 176.44m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 102.00 22.44", "4.00 50.00 2.00"], invoice.Groups);
        Assert.Contains(
            "Confezione regalo", invoice.Lines[^1].Element("Descrizione")!.Value, StringComparison.Ordinal);
    }
}
