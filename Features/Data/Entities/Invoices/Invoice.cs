namespace ECommerce.Features.Data.Entities.Invoices;

/// <summary>
/// An electronic invoice or credit note; its row version covers its files and notifications. It is never deleted. Its
/// number, date and amounts are never changed; the buyer's data are corrected where the SDI has discarded it.
/// </summary>
internal sealed class Invoice : TenantRow<long>, IVersionedRow
{
    public const string InvoiceType = "TD01";
    public const string CreditNoteType = "TD04";

    public long RowVersion { get; set; } = 1;

    public long OrderId { get; set; }

    /// <summary>The order of an invoice; null for a credit note: an order has one invoice.</summary>
    public long? InvoicedOrderId { get; set; }

    public long CustomerId { get; set; }

    /// <summary>The invoice that a credit note takes back; null for an invoice.</summary>
    public long? InvoiceId { get; set; }

    /// <summary>TD01 invoice, TD04 credit note.</summary>
    public string DocumentType { get; set; } = InvoiceType;

    public int Year { get; set; }

    /// <summary>Consecutive in the year of the tenant, over invoices and credit notes.</summary>
    public int Number { get; set; }

    /// <summary>Number and year as they stand on the document: <c>15/2026</c>.</summary>
    public string Reference { get; set; } = "";

    /// <summary>The date of the document, in the zone of the shop.</summary>
    public DateOnly LocalDate { get; set; }

    /// <summary>pending, generated, sent, rejected, undeliverable or delivered.</summary>
    public string State { get; set; } = "";

    /// <summary>IdentificativoSdI of the accepted file.</summary>
    public string? SdiId { get; set; }

    public string BuyerName { get; set; } = "";

    /// <summary>With the country: <c>IT01234567897</c>.</summary>
    public string? BuyerVatNumber { get; set; }

    public string? BuyerTaxCode { get; set; }

    public string Currency { get; set; } = CurrencyCodes.Default;

    public decimal TotalTaxable { get; set; }

    public decimal TotalTax { get; set; }

    /// <summary>ImportoTotaleDocumento; positive for a credit note, too.</summary>
    public decimal Total { get; set; }

    public decimal StampDuty { get; set; }

    /// <summary>Shipping that a credit note takes back, gross.</summary>
    public decimal CreditedShipping { get; set; }

    /// <summary>Wrapping that a credit note takes back, gross.</summary>
    public decimal CreditedWrapping { get; set; }

    /// <summary>What the last document was made from, as it was then (JSON).</summary>
    public string Request { get; set; } = "";

    /// <summary>Fingerprints of the order, as an invoice was made from it; null for a credit note.</summary>
    public string? OrderContent { get; set; }

    public int? CreatedBy { get; set; }

    public DateTime DateAdd { get; set; }

    public DateTime DateUpd { get; set; }

    public List<InvoiceItem> Items { get; } = [];

    public List<InvoiceFile> Files { get; } = [];

    public List<InvoiceNotification> Notifications { get; } = [];
}
