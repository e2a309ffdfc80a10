using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices;
using ECommerce.Features.Invoices.Requests;
using static ECommerce.Api.Tests.Invoices.Support.InvoiceSamples;

namespace ECommerce.Api.Tests.Invoices.Cases;

/// <summary>Orders with much at once. The amounts were computed by hand, not by the program.</summary>
public sealed class MixedOrderTests
{
    private static readonly InvoiceReference Original = new("2026/77", new DateOnly(2026, 11, 2));

    // 59.00 at 22 % and 40.00 at 4 %, of which the voucher takes 5.95 and 4.04; shipping 7.32.
    private static readonly InvoicedOrder Refunded = new(
        [
            Line(1, "A", 3, 10.655738m, 13m, 22m), Line(2, "B", 5, 3.278689m, 4m, 22m),
            Line(3, "C", 2, 19.230769m, 20m, 4m),
        ])
    {
        Vouchers = [new InvoicedVoucher("BENVENUTO", 9.99m) { NetValue = 8.47m }],
        Shipping = new InvoicedCharge(6m, 7.32m, 22m),
        TotalPaid = 96.33m,
    };

    [Fact]
    public void Three_rates_two_vouchers_shipping_and_wrapping_come_to_what_is_paid()
    {
        // Gross 39, 20 and 20. Voucher of 10: 4.94, 2.53, 2.53; of 7.90 on what is left: 3.90, 2, 2; shipping of 8 by
        // gross, as its rate is that of no cart: 3.95, 2.03, 2.02.
        var order = new InvoicedOrder(
            [
                Line(1, "A", 3, 10.655738m, 13m, 22m), Line(2, "B", 2, 9.090909m, 10m, 10m),
                Line(3, "C", 1, 19.230769m, 20m, 4m),
            ])
        {
            Vouchers =
            [
                new InvoicedVoucher("BENVENUTO", 10m) { NetValue = 8.74m },
                new InvoicedVoucher("PASQUA", 7.9m) { NetValue = 6.9m },
            ],
            Shipping = new InvoicedCharge(7m, 8m, 14.286m),
            Wrapping = new InvoicedCharge(2.46m, 3m, null),
            TotalPaid = 72.10m,
        };

        var invoice = InvoiceXml.Valid(Create(order));

        Assert.Equal(["22.00 30.42 6.69", "10.00 15.91 1.59", "4.00 16.82 0.67"], invoice.Groups);
        Assert.Equal(72.10m, invoice.Total);
        Assert.Null(invoice.Rounding);
        Assert.Equal(
            ["-4.04918033", "-2.30", "-2.43269231", "-3.19672131", "-1.81818182", "-1.92307692"],
            invoice.Lines[^6..].Select(line => line.Element("PrezzoTotale")!.Value));
    }

    [Fact]
    public void Wrapping_of_an_average_rate_is_divided()
    {
        var invoice = InvoiceXml.Valid(Create(TwoRates() with
        {
            Wrapping = new InvoicedCharge(3m, 3.48m, null),
            TotalPaid = 177.48m,
        }));

        Assert.Equal(["22.00 102.00 22.44", "4.00 51.00 2.04"], invoice.Groups);
        Assert.Equal(177.48m, invoice.Total);
    }

    [Fact]
    public void Goods_for_nothing_leave_the_shipping()
    {
        var invoice = InvoiceXml.Valid(Create(TwoRates() with
        {
            Shipping = new InvoicedCharge(10m, 12.2m, 22m),
            Vouchers = [new InvoicedVoucher("TUTTO", 174m) { NetValue = 150m }],
            TotalPaid = 12.2m,
        }));

        Assert.Equal(["22.00 10.00 2.20", "4.00 0.00 0.00"], invoice.Groups);
        Assert.Equal((12.20m, 12.20m), (invoice.Total, invoice.Paid));
    }

    [Theory]
    [InlineData(2, 406.67, null, "22.00 333.34 73.33")]
    // Of each piece: 0.41, and 0.33606557 without VAT.
    [InlineData(1, 410.00, -0.01, "22.00 336.07 73.94")]
    public void Thousand_pieces_of_a_third_of_a_euro_come_to_what_is_paid(
        int rounding, double total, double? difference, string group)
    {
        var invoice = InvoiceXml.Valid(Create(Screws(rounding, (decimal)total)));

        Assert.Equal([group], invoice.Groups);
        Assert.Equal(((decimal)total, (decimal?)difference), (invoice.Total, invoice.Rounding));
    }

    [Fact]
    public void Thousand_pieces_are_taken_back_in_three_steps()
    {
        var order = Screws(OrderRounding.Line, 406.67m);

        var notes = Credit(
            order, new([new(1, 333)]), new([new(1, 333) { CreditedBefore = 333 }]),
            new([new(1, 334) { CreditedBefore = 666 }]));

        Assert.Equal(
            ["22.00 111.00 24.42", "22.00 111.00 24.42", "22.00 111.34 24.49"], notes.SelectMany(note => note.Groups));
        Assert.Equal([135.42m, 135.42m, 135.83m], notes.Select(note => note.Total));
    }

    [Fact]
    public void Order_with_a_voucher_is_taken_back_in_three_steps()
    {
        var invoice = InvoiceXml.Valid(Create(Refunded));

        var notes = Credit(
            Refunded, new([new(1, 1), new(3, 1)]),
            new([new(1, 1) { CreditedBefore = 1 }, new(2, 3)]) { Shipping = 3.66m },
            new(
            [
                new(1, 1) { CreditedBefore = 2 }, new(2, 2) { CreditedBefore = 3 }, new(3, 1) { CreditedBefore = 1 },
            ])
            {
                Shipping = 3.66m,
            });

        Assert.Equal(["22.00 49.48 10.89", "4.00 34.58 1.38"], invoice.Groups);
        Assert.Equal(["22.00 9.58 2.11", "4.00 17.29 0.69"], notes[0].Groups);
        Assert.Equal(["22.00 21.43 4.71"], notes[1].Groups);
        Assert.Equal(["22.00 18.48 4.07", "4.00 17.29 0.69"], notes[2].Groups);
        // The cent that the bases are over is stated.
        Assert.Equal([null, null, -0.01m], notes.Select(note => note.Rounding));
        Assert.Equal([29.67m, 26.14m, 40.52m], notes.Select(note => note.Total));
        Assert.Equal(96.33m, invoice.Total);
    }

    [Theory]
    [InlineData("77.47", 77.47, 1)]
    [InlineData("77.48", 79.48, 2)]
    public void Stamp_of_a_flat_rate_seller_is_taken_back_with_the_whole(string net, double total, int lines)
    {
        var settings = InvoiceSamples.Settings("RF19") with
        {
            StampDuty = new StampDutySettings { ChargeBuyer = true },
        };
        var request = Request(Simple(InvoiceXml.Number(net), 0m), null, settings);

        var invoice = InvoiceXml.Valid(InvoiceFactory.Create(request));
        var note = InvoiceXml.Valid(InvoiceFactory.Create(request with { Credits = new CreditedInvoice(Original) }));

        foreach (var document in new[] { invoice, note })
        {
            Assert.Equal([$"N2.2 {total.ToString("0.00", null)} 0.00"], document.Groups);
            Assert.Equal((lines, lines == 2), (document.Lines.Length, document.HasStampDuty));
        }
    }

    [Fact]
    public void Prices_of_a_cent_are_not_lost()
    {
        var order = new InvoicedOrder(
            [
                Line(1, "A", 1, 0.008197m, 0.01m, 22m), Line(2, "B", 1, 0.009615m, 0.01m, 4m),
                Line(3, "C", 99, 0.01m, 0.0122m, 22m) with { TotalNet = 0.99m, TotalGross = 1.21m },
            ])
        {
            TotalPaid = 1.23m,
        };

        var invoice = InvoiceXml.Valid(Create(order));

        Assert.Equal(["22.00 1.00 0.22", "4.00 0.01 0.00"], invoice.Groups);
        Assert.Equal(1.23m, invoice.Total);
    }

    private static InvoicedOrder Screws(int rounding, decimal total) => new(
        [
            Line(1, "Vite", 1000, 0.333333m, 0.406666m, 22m) with
            {
                TotalNet = rounding == OrderRounding.Item ? 330m : 333.33m,
                TotalGross = total,
            },
        ])
    {
        Rounding = new OrderRounding(rounding, 2),
        TotalPaid = total,
    };

    private static InvoiceXml[] Credit(InvoicedOrder order, params InvoicedRefund[] refunds) =>
    [
        .. refunds.Select(refund => InvoiceXml.Valid(InvoiceFactory.Create(Request(order) with
        {
            Credits = new CreditedInvoice(Original) { Refund = refund },
        }))),
    ];
}
