namespace ECommerce.Features.Invoices.Incoming;

/// <summary>What is known of an invoice by its IdentificativoSdI.</summary>
/// <param name="SdiId">IdentificativoSdI.</param>
/// <param name="Direction">sale or purchase.</param>
/// <param name="FileName">As it was sent or received.</param>
/// <param name="IsReadable">Whether the documents could be read.</param>
/// <param name="Reason">Why they could not.</param>
/// <param name="Detail">Of the reason.</param>
/// <param name="Signature">none, valid, invalid or not_checked; null: of an invoice that was made here.</param>
/// <param name="Sha256">Of the file, hexadecimal.</param>
/// <param name="Size">Bytes of the file.</param>
/// <param name="StoredAt">When the file was stored here.</param>
internal sealed record PoolInvoiceDetails(
    string SdiId, string Direction, string FileName, bool IsReadable, string? Reason, string? Detail,
    string? Signature, string Sha256, int Size, DateTime StoredAt)
{
    /// <summary>The invoice, where it was made here.</summary>
    public long? InvoiceId { get; init; }

    /// <summary>Of the invoice that was made here.</summary>
    public string? State { get; init; }

    /// <summary>A file may have several.</summary>
    public IReadOnlyList<PoolInvoiceDocument> Documents { get; init; } = [];

    /// <summary>What the pool has listed about it, in this order.</summary>
    public IReadOnlyList<PoolInvoiceEvent> Events { get; init; } = [];
}

/// <summary>A document as it states itself. VAT numbers have the country.</summary>
internal sealed record PoolInvoiceDocument(
    string DocumentType, string Number, DateOnly LocalDate, string SellerName, string? SellerVatNumber,
    string? SellerTaxCode, string BuyerName, string? BuyerVatNumber, string? BuyerTaxCode, string Currency,
    decimal Total, decimal TotalTaxable, decimal TotalTax);

/// <summary>An event of the pool.</summary>
/// <param name="Kind">As the provider names it.</param>
/// <param name="FileName">Of the invoice, or of the notification.</param>
/// <param name="Outcome">pending, stored or unreadable.</param>
/// <param name="ListedAt">By the provider's clock.</param>
internal sealed record PoolInvoiceEvent(string Kind, string FileName, string Outcome, DateTime? ListedAt);
