using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Cases;

public sealed class VatPerRateTests
{
    [Fact]
    public void Tax_is_computed_once_from_the_rounded_base()
    {
        var order = new InvoicedOrder(
            [
                .. Enumerable.Range(1, 5).Select(
                    id => InvoiceSamples.Line(id, $"Articolo {id}", 1, 4.516393m, 5.51m, 22m)),
            ])
        {
            Rounding = new OrderRounding(OrderRounding.Item, 2),
            TotalPaid = 27.55m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 22.58 4.97"], invoice.Groups);
        Assert.Equal(5, invoice.Lines.Length);
        Assert.Equal(27.55m, invoice.Total);
        Assert.Null(invoice.Rounding);
        Assert.Equal(27.55m, invoice.Paid);
    }

    [Fact]
    public void Rounded_totals_of_the_shop_do_not_make_the_base()
    {
        var order = new InvoicedOrder(
            [
                .. Enumerable.Range(1, 5)
                    .Select(id => InvoiceSamples.Line(id, "Articolo", 1, 4.516393m, 5.51m, 22m))
                    .Select(line => line with { TotalNet = 4.52m, TotalGross = 5.51m }),
            ])
        {
            TotalPaid = 27.55m,
        };

        Assert.Equal(["22.00 22.58 4.97"], InvoiceXml.Valid(InvoiceSamples.Create(order)).Groups);
    }

    [Fact]
    public void Rounded_price_of_one_piece_makes_the_total_of_a_line()
    {
        var order = new InvoicedOrder([InvoiceSamples.Line(1, "Vite", 100, 0.84m, 1.0248m, 22m)])
        {
            Rounding = new OrderRounding(OrderRounding.Item, 2),
            TotalPaid = 102m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 83.61 18.39"], invoice.Groups);
        Assert.Equal(102m, invoice.Total);
        Assert.Null(invoice.Rounding);
    }

    [Fact]
    public void Reduced_unit_price_keeps_its_decimals()
    {
        var order = new InvoicedOrder([InvoiceSamples.Line(1, "Sedia", 30, 66.666667m, 81.333334m, 22m)])
        {
            TotalPaid = 2440m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order, InvoiceSamples.Acme));

        Assert.Equal(["22.00 2000.00 440.00"], invoice.Groups);
        Assert.Equal(2440m, invoice.Total);
        Assert.DoesNotContain(invoice.Lines, line => line.Element("ScontoMaggiorazione") is not null);
    }

    [Fact]
    public void Reduction_that_is_not_in_the_unit_price_is_in_the_total()
    {
        var order = new InvoicedOrder(
            [
                InvoiceSamples.Line(1, "Sedia", 2, 100m, 122m, 22m) with { TotalNet = 180m, TotalGross = 219.6m },
            ])
        {
            TotalPaid = 219.6m,
        };

        Assert.Equal(["22.00 180.00 39.60"], InvoiceXml.Valid(InvoiceSamples.Create(order)).Groups);
    }

    [Fact]
    public void Order_in_another_currency_is_converted()
    {
        var order = InvoiceSamples.Simple() with { Currency = "USD", ConversionRate = 1.25m, TotalPaid = 122m };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 80.00 17.60"], invoice.Groups);
        Assert.Equal("EUR", invoice.Text("FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento/Divisa"));
    }

    [Fact]
    public void Order_whose_parts_do_not_add_up_is_reported()
    {
        var invoice = InvoiceSamples.Create(InvoiceSamples.Simple() with { TotalPaid = 121m });

        Assert.Equal(["order_total"], invoice.Faults.Select(fault => fault.Code));
    }
}
