namespace ECommerce.Features.Data.Entities.Invoices;

/// <summary>
/// A file that the pool of a tenant lists: a notification of the SDI, an invoice of a supplier, or one that was sent.
/// </summary>
internal sealed class PoolEvent : TenantRow<long>
{
    public const string Sale = "sale";
    public const string Purchase = "purchase";

    /// <summary>To be processed at <see cref="NextAttemptAt"/>.</summary>
    public const string Pending = "pending";

    public const string Stored = "stored";

    /// <summary>Of no use, for <see cref="Reason"/>; its bytes are stored where there are any.</summary>
    public const string Unreadable = "unreadable";

    private const int MaxSdiId = 36;

    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    /// <summary>sale or purchase.</summary>
    public string Direction { get; set; } = "";

    /// <summary>As the provider names it.</summary>
    public string Kind { get; set; } = "";

    /// <summary>IdentificativoSdI; empty: the provider does not know it yet.</summary>
    public string SdiId { get; set; } = "";

    public string FileName { get; set; } = "";

    /// <summary>By the provider's clock.</summary>
    public DateTime? ListedAt { get; set; }

    public string Outcome { get; set; } = Pending;

    /// <summary>Why it is unreadable, or why the last attempt failed.</summary>
    public string? Reason { get; set; }

    public string? Detail { get; set; }

    /// <summary>Failed ones.</summary>
    public int Attempts { get; set; }

    /// <summary>
    /// When it is downloaded next; null: never. What may be an error page of the provider is unreadable, and is
    /// downloaded again some times.
    /// </summary>
    public DateTime? NextAttemptAt { get; set; }

    /// <summary>As it was received.</summary>
    public byte[]? Content { get; set; }

    /// <summary>Bytes of the content.</summary>
    public int? Size { get; set; }

    public byte[]? Sha256 { get; set; }

    /// <summary>Of an invoice file: none, valid, invalid or not_checked.</summary>
    public string? Signature { get; set; }

    public DateTime FoundAt { get; set; }

    public DateTime? ProcessedAt { get; set; }

    /// <summary>Whether a text can be an IdentificativoSdI: 1 to 36 letters and digits.</summary>
    public static bool IsSdiId(string? text) =>
        text is { Length: > 0 and <= MaxSdiId } && text.All(char.IsAsciiLetterOrDigit);
}
