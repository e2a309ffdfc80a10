using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Cases;

public sealed class StampDutyTests
{
    [Theory]
    [InlineData("77.47", false, false, 77.47)]
    [InlineData("77.48", false, true, 77.48)]
    [InlineData("100.00", true, true, 102.00)]
    [InlineData("76.00", true, false, 76.00)]
    public void Flat_rate_seller_states_it_above_the_threshold(string net, bool isCharged, bool isStated, decimal total)
    {
        var order = InvoiceSamples.Simple(InvoiceXml.Number(net), 0m);

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order, settings: Settings("RF19", isCharged)));

        Assert.Equal(isStated, invoice.HasStampDuty);
        Assert.Equal(total, invoice.Total);
        Assert.Equal(total, invoice.Paid);
        Assert.Equal(isStated && isCharged ? 2 : 1, invoice.Lines.Length);
        Assert.All(invoice.Lines, line => Assert.Equal("N2.2", line.Element("Natura")!.Value));
    }

    [Fact]
    public void Only_lines_without_VAT_count()
    {
        var order = new InvoicedOrder(
            [
                InvoiceSamples.Line(1, "Zaino", 1, 50m, 61m, 22m),
                InvoiceSamples.Line(2, "Corso", 1, 77.48m, null, 0m, "N4"),
            ]);

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.True(invoice.HasStampDuty);
        Assert.Equal(138.48m, invoice.Total);
    }

    [Theory]
    [InlineData("500.00", "N3.1", "0.00", 500)]
    [InlineData("50.00", "N4", "500.00", 660)]
    public void Exports_and_small_parts_do_not_count(string net, string nature, string taxed, decimal total)
    {
        List<InvoicedLine> lines = [InvoiceSamples.Line(1, "Riga", 1, InvoiceXml.Number(net), null, 0m, nature)];
        if (InvoiceXml.Number(taxed) > 0)
            lines.Add(InvoiceSamples.Line(2, "Altro", 1, InvoiceXml.Number(taxed), null, 22m));

        var invoice = InvoiceXml.Valid(
            InvoiceSamples.Create(new InvoicedOrder(lines), settings: Settings("RF01", true)));

        Assert.False(invoice.HasStampDuty);
        Assert.Equal(total, invoice.Total);
    }

    [Fact]
    public void Charge_of_an_ordinary_seller_is_a_line_outside_VAT()
    {
        var invoice = InvoiceXml.Valid(
            InvoiceSamples.Create(InvoiceSamples.Simple(100m, 0m, "N4"), settings: Settings("RF01", true)));

        Assert.Equal(["N4 100.00 0.00", "N1 2.00 0.00"], invoice.Groups);
        Assert.Equal(102m, invoice.Total);
        Assert.True(invoice.HasStampDuty);
    }

    [Fact]
    public void Flat_rate_seller_invoices_what_is_paid_whatever_VAT_the_shop_computes()
    {
        var invoice = InvoiceXml.Valid(
            InvoiceSamples.Create(InvoiceSamples.Simple(50m), settings: Settings("RF19", false)));

        Assert.Equal(["N2.2 61.00 0.00"], invoice.Groups);
        Assert.Contains(
            "190/2014", invoice.Summaries.Single().Element("RiferimentoNormativo")!.Value, StringComparison.Ordinal);
    }

    private static InvoiceSettings Settings(string regime, bool isCharged) =>
        InvoiceSamples.Settings(regime) with { StampDuty = new StampDutySettings { ChargeBuyer = isCharged } };
}
