using ECommerce.Api.Tests.Invoices.Support;
using ECommerce.Features.Invoices;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Api.Tests.Invoices.Cases;

public sealed class CreditNoteTests
{
    private static readonly InvoiceReference Original = new("2026/77", new DateOnly(2026, 11, 2));

    private static readonly InvoicedOrder Order = InvoiceSamples.TwoRates() with
    {
        Vouchers = [new InvoicedVoucher("BENVENUTO", 10m)],
        Shipping = new InvoicedCharge(5m, 6.10m, 22m),
        TotalPaid = 170.10m,
    };

    [Fact]
    public void Whole_credit_note_comes_to_the_invoice_and_has_positive_lines()
    {
        var invoice = InvoiceXml.Valid(InvoiceSamples.Create(Order));

        var credit = InvoiceXml.Valid(Credit(null));

        Assert.Equal(invoice.Groups.Order(), credit.Groups.Order());
        Assert.Equal((invoice.Total, invoice.Rounding), (credit.Total, credit.Rounding));
        Assert.All(credit.Lines, line => Assert.True(InvoiceXml.Number(line.Element("PrezzoTotale")!.Value) >= 0));
        Assert.Equal("TD04", credit.Text("FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento/TipoDocumento"));
        Assert.Equal("2026/77", credit.Text("FatturaElettronicaBody/DatiGenerali/DatiFattureCollegate/IdDocumento"));
        Assert.Equal("2026-11-02", credit.Text("FatturaElettronicaBody/DatiGenerali/DatiFattureCollegate/Data"));
    }

    [Fact]
    public void Partial_credit_note_has_the_returned_pieces_after_vouchers()
    {
        // 61.00 less half of the 7.01 that lowered both bags.
        var credit = InvoiceXml.Valid(Credit(new InvoicedRefund([new RefundedLine(1, 1)])));

        Assert.Equal(57.50m, credit.Total);
        Assert.Equal(["22.00 47.13 10.37"], credit.Groups);
        Assert.Equal("1.00", Assert.Single(credit.Lines).Element("Quantita")!.Value);
    }

    [Fact]
    public void Partial_credit_notes_come_to_the_whole_to_the_cent()
    {
        var first = InvoiceXml.Valid(Credit(new InvoicedRefund([new RefundedLine(1, 1)])));
        var second = InvoiceXml.Valid(Credit(new InvoicedRefund([new RefundedLine(1, 1) { CreditedBefore = 1 }])));
        var third = InvoiceXml.Valid(
            Credit(new InvoicedRefund([new RefundedLine(2, 1)]) { Shipping = 6.10m }));

        Assert.Equal(170.10m, first.Total + second.Total + third.Total);
    }

    [Fact]
    public void Refund_of_another_amount_is_what_was_paid_back()
    {
        var credit = InvoiceXml.Valid(Credit(new InvoicedRefund([new RefundedLine(2, 1) { Gross = 20m }])));

        Assert.Equal(["4.00 19.23 0.77"], credit.Groups);
        Assert.Equal(20m, credit.Total);
        Assert.Equal(20m, credit.Paid);
    }

    [Fact]
    public void Credit_note_before_its_invoice_is_refused()
    {
        var request = Request(null) with { Date = new DateOnly(2026, 11, 1) };

        Assert.Equal(["00418"], InvoiceFactory.Create(request).Faults.Select(fault => fault.Code));
    }

    [Fact]
    public void Refund_of_nothing_makes_no_document()
    {
        var credit = Credit(new InvoicedRefund([new RefundedLine(9, 1)]));

        Assert.Null(credit.Document);
        Assert.NotEmpty(credit.Faults);
    }

    [Fact]
    public void Invoice_that_replaces_a_discarded_one_refers_to_it()
    {
        var request = InvoiceSamples.Request(InvoiceSamples.Simple()) with { Replaces = Original };

        var invoice = InvoiceXml.Valid(InvoiceFactory.Create(request));

        Assert.Equal("2026/77", invoice.Text("FatturaElettronicaBody/DatiGenerali/DatiFattureCollegate/IdDocumento"));
    }

    private static CreatedInvoice Credit(InvoicedRefund? refund) => InvoiceFactory.Create(Request(refund));

    private static InvoiceRequest Request(InvoicedRefund? refund) =>
        InvoiceSamples.Request(Order) with { Credits = new CreditedInvoice(Original) { Refund = refund } };
}
