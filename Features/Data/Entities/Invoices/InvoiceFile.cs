namespace ECommerce.Features.Data.Entities.Invoices;

/// <summary>
/// A file of an invoice. Its bytes are those that are sent; only those of a file that the SDI has not seen are made
/// again.
/// </summary>
internal sealed class InvoiceFile : TenantRow<long>
{
    public long InvoiceId { get; set; }

    /// <summary>As it is sent; unique over all tenants, whatever its case.</summary>
    public string Name { get; set; } = "";

    public byte[] Content { get; set; } = [];

    public byte[] Sha256 { get; set; } = [];

    /// <summary>generated, sent, uncertain, refused_by_provider, rejected, undeliverable or delivered.</summary>
    public string Outcome { get; set; } = "";

    public string? SdiId { get; set; }

    /// <summary>Why the SDI discarded it: codes with commas between them.</summary>
    public string? Codes { get; set; }

    /// <summary>A second answer of the SDI contradicts the first one, which counts.</summary>
    public bool IsContradicted { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>When the last attempt began that has sent it, or may have.</summary>
    public DateTime? SentAt { get; set; }

    public DateTime? AnsweredAt { get; set; }
}
