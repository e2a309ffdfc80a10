namespace ECommerce.Features.Invoices.Requests;

/// <summary>All that an invoice or a credit note is made from.</summary>
/// <param name="Number">Of the document, at least one digit: <c>15/2026</c>.</param>
/// <param name="Date">Of the document.</param>
/// <param name="Progressive">Of the file, at most five letters and digits, used once for ever.</param>
/// <param name="Settings">Seller and rules.</param>
/// <param name="Buyer">The customer.</param>
/// <param name="Order">What was sold.</param>
internal sealed record InvoiceRequest(
    string Number, DateOnly Date, string Progressive, InvoiceSettings Settings, InvoiceBuyer Buyer,
    InvoicedOrder Order)
{
    /// <summary>Not null: a credit note.</summary>
    public CreditedInvoice? Credits { get; init; }

    /// <summary>The public body pays the VAT itself: EsigibilitaIVA S.</summary>
    public bool SplitPayment { get; init; }

    /// <summary>An invoice that this one replaces after it was discarded.</summary>
    public InvoiceReference? Replaces { get; init; }

    /// <summary>Free text for the buyer.</summary>
    public string? Note { get; init; }
}

/// <summary>Another document, by its number and date.</summary>
internal sealed record InvoiceReference(string Number, DateOnly Date);

/// <summary>What a credit note takes back.</summary>
/// <param name="Invoice">The invoice that it corrects.</param>
internal sealed record CreditedInvoice(InvoiceReference Invoice)
{
    /// <summary>Null: the whole invoice.</summary>
    public InvoicedRefund? Refund { get; init; }
}

/// <summary>A part of an order that is refunded.</summary>
internal sealed record InvoicedRefund(IReadOnlyList<RefundedLine> Lines)
{
    /// <summary>Shipping that is refunded, gross; 0: none.</summary>
    public decimal Shipping { get; init; }

    /// <summary>Wrapping that is refunded, gross; 0: none.</summary>
    public decimal Wrapping { get; init; }
}

/// <summary>Pieces of a line that are refunded.</summary>
/// <param name="Line">The <see cref="InvoicedLine.Id"/> of the line.</param>
/// <param name="Quantity">How many pieces are taken back.</param>
internal sealed record RefundedLine(long Line, decimal Quantity)
{
    /// <summary>What was paid back for them, gross; null: what they cost, after vouchers.</summary>
    public decimal? Gross { get; init; }

    /// <summary>Pieces that earlier credit notes took back: the last cent goes to the last of them.</summary>
    public decimal CreditedBefore { get; init; }
}
