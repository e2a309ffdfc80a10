using ECommerce.Caching.Http;

namespace ECommerce.Features.Invoices;

/// <summary>An invoice or credit note. Amounts are in euro, and positive for credit notes, too.</summary>
internal sealed record InvoiceDetails(
    long Id, long RowVersion, string DocumentType, string Reference, int Year, int Number, DateOnly LocalDate,
    string State, string? SdiId, long OrderId, long CustomerId, long? InvoiceId, string BuyerName,
    string? BuyerVatNumber, string? BuyerTaxCode, string Currency, decimal TotalTaxable, decimal TotalTax,
    decimal Total, decimal StampDuty, int? CreatedBy, DateTime DateAdd, DateTime DateUpd) : IVersioned
{
    /// <summary>The file that the SDI has accepted, or else the last one.</summary>
    public string? FileName { get; init; }

    public IReadOnlyList<InvoiceLineDetails> Lines { get; init; } = [];

    public IReadOnlyList<InvoiceVatTotal> VatTotals { get; init; } = [];

    /// <summary>The credit notes of an invoice.</summary>
    public IReadOnlyList<InvoiceCreditNote> CreditNotes { get; init; } = [];

    public IReadOnlyList<InvoiceNotificationDetails> Notifications { get; init; } = [];
}

/// <summary>A line of the document. Prices are without VAT and have up to eight decimals.</summary>
/// <param name="Number">Of the line.</param>
/// <param name="Description">As it stands on the document.</param>
/// <param name="Quantity">Null counts as 1.</param>
/// <param name="UnitPrice">Negative for a discount.</param>
/// <param name="Total">Of the whole line.</param>
/// <param name="VatRate">In percent.</param>
/// <param name="Nature">Why there is no VAT.</param>
internal sealed record InvoiceLineDetails(
    int Number, string Description, decimal? Quantity, decimal UnitPrice, decimal Total, decimal VatRate,
    string? Nature);

/// <summary>What the document comes to at one rate and Natura.</summary>
internal sealed record InvoiceVatTotal(decimal VatRate, string? Nature, decimal Taxable, decimal Tax);

internal sealed record InvoiceCreditNote(long Id, string Reference, DateOnly LocalDate, decimal Total, string State);

/// <summary>What the SDI has answered.</summary>
/// <param name="Id">Of the notification.</param>
/// <param name="Kind">RC delivered, MC not delivered, NS discarded.</param>
/// <param name="SdiId">IdentificativoSdI.</param>
/// <param name="FileName">The file of the invoice that it is about.</param>
/// <param name="NotificationName">The notification's own file.</param>
/// <param name="SdiReceivedAt">By the clock of the SDI.</param>
/// <param name="ReceivedAt">When it was stored here.</param>
internal sealed record InvoiceNotificationDetails(
    long Id, string Kind, string SdiId, string FileName, string? NotificationName, DateTime? SdiReceivedAt,
    DateTime ReceivedAt)
{
    /// <summary>Why the SDI has discarded the file.</summary>
    public IReadOnlyList<InvoiceNotificationError> Errors { get; init; } = [];
}

/// <summary>A reason of the SDI.</summary>
internal sealed record InvoiceNotificationError(string Code, string? Description, string? Suggestion);
