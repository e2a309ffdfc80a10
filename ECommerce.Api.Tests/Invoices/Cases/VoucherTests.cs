using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Cases;

public sealed class VoucherTests
{
    [Fact]
    public void Percentage_lowers_each_rate()
    {
        var order = InvoiceSamples.TwoRates() with
        {
            Vouchers = [new InvoicedVoucher("ESTATE10", 17.40m)],
            TotalPaid = 156.60m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 90.00 19.80", "4.00 45.00 1.80"], invoice.Groups);
        Assert.Equal(156.60m, invoice.Total);
        Assert.Null(invoice.Rounding);
    }

    [Fact]
    public void Amount_is_divided_by_the_gross_of_each_rate_and_the_cent_is_stated()
    {
        var order = InvoiceSamples.TwoRates() with
        {
            Vouchers = [new InvoicedVoucher("BENVENUTO", 10m)],
            TotalPaid = 164m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 94.25 20.74", "4.00 47.13 1.89"], invoice.Groups);
        Assert.Equal(
            ["-5.74590164", "-2.875"], invoice.Lines[2..].Select(line => line.Element("PrezzoUnitario")!.Value));
        Assert.Equal(-0.01m, invoice.Rounding);
        Assert.Equal(164m, invoice.Total);
        Assert.Equal(164m, invoice.Paid);
    }

    [Fact]
    public void Gift_card_is_a_payment()
    {
        var order = InvoiceSamples.TwoRates() with
        {
            Vouchers = [new InvoicedVoucher("Carta regalo", 50m) { IsGiftCard = true }],
            TotalPaid = 124m,
            PaymentMethod = "Bonifico bancario",
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 100.00 22.00", "4.00 50.00 2.00"], invoice.Groups);
        Assert.Equal(174m, invoice.Total);
        const string Details = "FatturaElettronicaBody/DatiPagamento/DettaglioPagamento/";
        Assert.Equal(["50.00", "124.00"], invoice.All(Details + "ImportoPagamento"));
        Assert.Equal(["MP08", "MP05"], invoice.All(Details + "ModalitaPagamento"));
        Assert.Equal("IT60X0542811101000000123456", invoice.Text(Details + "IBAN"));
    }

    [Fact]
    public void Free_article_keeps_its_rate_with_a_base_of_zero()
    {
        var order = InvoiceSamples.TwoRates() with
        {
            Vouchers = [new InvoicedVoucher("Omaggio", 52m) { GiftLine = 2 }],
            TotalPaid = 122m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 100.00 22.00", "4.00 0.00 0.00"], invoice.Groups);
        Assert.Equal(122m, invoice.Total);
    }

    [Fact]
    public void Net_value_shows_the_rate_that_a_voucher_is_for()
    {
        var order = InvoiceSamples.TwoRates() with
        {
            Vouchers = [new InvoicedVoucher("Solo zaini", 12.20m) { NetValue = 10m }],
            TotalPaid = 161.80m,
        };

        Assert.Equal(
            ["22.00 90.00 19.80", "4.00 50.00 2.00"], InvoiceXml.Valid(InvoiceSamples.Create(order)).Groups);
    }

    [Fact]
    public void Free_shipping_lowers_the_shipping_first()
    {
        var order = InvoiceSamples.TwoRates() with
        {
            Shipping = new InvoicedCharge(10m, 12.20m, 22m),
            Vouchers = [new InvoicedVoucher("Spedizione gratuita", 12.20m) { FreeShipping = true }],
            TotalPaid = 174m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 100.00 22.00", "4.00 50.00 2.00"], invoice.Groups);
        Assert.Equal(174m, invoice.Total);
    }

    [Fact]
    public void Voucher_over_the_goods_lowers_the_shipping()
    {
        var order = InvoiceSamples.Simple() with
        {
            Shipping = new InvoicedCharge(10m, 12.20m, 22m),
            Vouchers = [new InvoicedVoucher("TUTTO", 134.20m)],
            TotalPaid = 0m,
        };

        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(order));

        Assert.Equal(["22.00 0.00 0.00"], invoice.Groups);
        Assert.Empty(invoice.All("FatturaElettronicaBody/DatiPagamento"));
    }
}
